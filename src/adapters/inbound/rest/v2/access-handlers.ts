// REST v2: the access mode.

import type { access } from '../../../protocol/rest/v2/access.ts'
import type { RestContext } from '../rest-context.ts'
import type { Handlers } from './mount.ts'

export function accessHandlers({ isListed, isPrivate }: RestContext['access']): Handlers<typeof access> {
  return { getAccess: async () => ({ status: 200, body: { listed: isListed, private: isPrivate } }) }
}
