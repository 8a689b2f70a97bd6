// REST v2 in one table: the source of the server's routes and checks, the client's types and the OpenAPI document.

import type { CallOf, ResultOf } from '../operation.ts'
import { access } from './access.ts'
import { bans } from './bans.ts'
import { keys } from './keys.ts'
import { lists } from './lists.ts'
import { reference } from './reference.ts'
import { statistics } from './statistics.ts'
import { torrents } from './torrents.ts'
import { trace } from './trace.ts'

export const V2_ROOT = '/api/v2'

export const V2 = { ...torrents, ...lists, ...keys, ...bans, ...statistics, ...access, ...trace, ...reference }

export type V2 = typeof V2
export type V2Id = keyof V2

export type V2Call<Id extends V2Id> = CallOf<V2[Id]>
export type V2Result<Id extends V2Id> = ResultOf<V2[Id]>
