// REST v2 as an app: the handlers for every operation of the contract.

import type { Hono } from 'hono'
import { V2 } from '../../../protocol/rest/v2/contract.ts'
import type { RestContext, RestEnv } from '../rest-context.ts'
import { accessHandlers } from './access-handlers.ts'
import { banHandlers } from './ban-handlers.ts'
import { keyHandlers } from './key-handlers.ts'
import { listHandlers } from './list-handlers.ts'
import { mountContract } from './mount.ts'
import { referenceHandlers } from './reference-handlers.ts'
import { statisticsHandlers } from './statistics-handlers.ts'
import { torrentHandlers } from './torrent-handlers.ts'
import { traceHandlers } from './trace-handlers.ts'

export function createV2App(context: RestContext): Hono<RestEnv> {
  const { ports, clientName, version } = context
  const handlers = {
    ...torrentHandlers(ports.torrents, clientName),
    ...listHandlers(context),
    ...keyHandlers(context),
    ...banHandlers(context),
    ...statisticsHandlers(context),
    ...accessHandlers(context.access),
    ...traceHandlers(ports.traces),
    ...referenceHandlers(version),
  }
  return mountContract(V2, handlers, context)
}
