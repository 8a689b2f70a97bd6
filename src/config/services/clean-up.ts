// Swarms cleaned up by the timetable, as often as the settings want it.

import { Timetable } from '../../adapters/inbound/schedule/timetable.ts'
import { Housekeeping } from '../../domain/ports/inbound/housekeeping.ts'
import type { Lifecycle } from '../process/lifecycle.ts'
import type { Logger } from '../process/logger.ts'
import type { PeerSettings } from '../settings/settings.ts'
import type { Bindings } from '../wiring/bindings.ts'

export function startCleanUp(
  { inactivePeerCleanupIntervalSeconds }: PeerSettings,
  { get }: Bindings,
  { logger, lifecycle }: { readonly logger: Logger; readonly lifecycle: Lifecycle },
): void {
  if (inactivePeerCleanupIntervalSeconds === 0) return
  const timetable = new Timetable(
    get(Housekeeping),
    inactivePeerCleanupIntervalSeconds,
    ({ peersRemoved, torrentsRemoved }, milliseconds) =>
      logger.log('debug', 'TIMETABLE', 'swarms cleaned up', { peersRemoved, torrentsRemoved, milliseconds }),
  )
  timetable.start()
  lifecycle.add('the timetable', () => timetable.stop())
}
