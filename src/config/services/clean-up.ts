// Cleans up swarms at the configured interval.

import { CleanUpSchedule } from '../../adapters/inbound/schedule/clean-up-schedule.ts'
import { Housekeeping } from '../../domain/ports/inbound/housekeeping.ts'
import type { Lifecycle } from '../process/lifecycle.ts'
import type { Logger } from '../process/logger.ts'
import type { PeerSettings } from '../settings/settings.ts'
import type { Bindings } from '../wiring/bindings.ts'
import { tenths } from './tenths.ts'

export function startCleanUp(
  { inactivePeerCleanupIntervalSeconds }: PeerSettings,
  { get }: Bindings,
  { logger, lifecycle }: { readonly logger: Logger; readonly lifecycle: Lifecycle },
): void {
  if (inactivePeerCleanupIntervalSeconds === 0) return
  const schedule = new CleanUpSchedule(
    get(Housekeeping),
    inactivePeerCleanupIntervalSeconds,
    ({ peersRemoved, torrentsRemoved }, milliseconds) =>
      logger.log('debug', 'TIMETABLE', 'swarms cleaned up', {
        peersRemoved,
        torrentsRemoved,
        milliseconds: tenths(milliseconds),
      }),
  )
  schedule.start()
  lifecycle.add('the clean-up schedule', () => schedule.stop())
}
