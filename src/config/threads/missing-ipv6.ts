// The built-in listeners ask for both families; a machine may have only one. A document's listeners are taken at their
// word.

import { claimUdpPorts } from '../../adapters/inbound/udp/claim-ports.ts'
import type { Logger } from '../process/logger.ts'
import type { Settings } from '../settings/settings.ts'
import { THREAD_KINDS } from './thread-kinds.ts'

/** The settings without listeners on `::`, after a warning, where there is no IPv6. */
export async function withoutMissingIPv6(settings: Settings, logger: Logger): Promise<Settings> {
  if (await hasIPv6()) return settings
  logger.log('warn', 'CORE', 'this machine has no IPv6: the built-in listeners on [::] are left out')
  const lists = THREAD_KINDS.map(
    ({ listeners }) => [listeners, settings[listeners].filter(({ host }) => host !== '::')] as const,
  )
  return { ...settings, ...Object.fromEntries(lists) }
}

/** Whether a socket can listen on `::` at all. */
async function hasIPv6(): Promise<boolean> {
  try {
    await claimUdpPorts([{ address: '::', port: 0 }])
    return true
  } catch {
    return false
  }
}
