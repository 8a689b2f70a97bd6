// Drops the built-in IPv6 listeners on a machine without IPv6. Listeners of a document are never dropped.

import { claimUdpPorts } from '../../adapters/inbound/udp/claim-ports.ts'
import type { Logger } from '../process/logger.ts'
import type { Settings } from '../settings/settings.ts'
import { THREAD_KINDS } from './thread-kinds.ts'

/** The settings, without listeners on `::` and after a warning if the machine has no IPv6. */
export async function withoutMissingIPv6(settings: Settings, logger: Logger): Promise<Settings> {
  if (await hasIPv6()) return settings
  logger.log('warn', 'CORE', 'this machine has no IPv6: the built-in listeners on [::] are skipped')
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
