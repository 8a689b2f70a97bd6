// The part of the tracker that there is only with a database: administration, what was there before, and counts written behind.

import { DownloadSchedule } from '../adapters/inbound/schedule/download-schedule.ts'
import type { RestoredDownloads } from '../application/restore.ts'
import { DownloadKeeping } from '../domain/ports/inbound/download-keeping.ts'
import { Clock } from '../domain/ports/outbound/clock.ts'
import { Counter, Counters } from '../domain/ports/outbound/counters.ts'
import type { DownloadStore } from '../domain/ports/outbound/download-store.ts'
import { Measurements } from '../domain/ports/outbound/measurements.ts'
import { bindAdministration, bindDownloads } from './bind-administration.ts'
import type { Bindings } from './bindings.ts'
import type { Lifecycle } from './lifecycle.ts'
import type { Logger } from './logger.ts'
import { openStore } from './open-store.ts'
import { restoreState } from './restore-state.ts'
import type { DatabaseSettings, Settings } from './settings/settings.ts'

/** Rejects, in words for an operator, when the database cannot be used. */
export async function startStore(
  database: DatabaseSettings,
  settings: Settings,
  bindings: Bindings,
  logger: Logger,
  lifecycle: Lifecycle,
): Promise<void> {
  const outside = {
    clock: bindings.get(Clock),
    counters: bindings.get(Counters),
    measurements: bindings.get(Measurements),
    logger,
  }
  const store = await openStore(database, outside)
  lifecycle.add('the database', () => store.close())
  bindAdministration(bindings, store, settings)
  const { downloads } = await restoreState(bindings, store, settings, logger)
  if (downloads === undefined) return
  keepDownloads(store.downloads, downloads, settings.peers.completedWriteIntervalSeconds, bindings, logger, lifecycle)
}

function keepDownloads(
  store: DownloadStore,
  restored: RestoredDownloads,
  intervalSeconds: number,
  bindings: Bindings,
  logger: Logger,
  lifecycle: Lifecycle,
): void {
  bindDownloads(bindings, store, restored)
  const counters = bindings.get(Counters)
  const schedule = new DownloadSchedule(bindings.get(DownloadKeeping), intervalSeconds, {
    away: (reason) => {
      counters.add(Counter.store_failures, 1)
      const why = reason instanceof Error ? reason.message : String(reason)
      logger.log('error', 'DATABASE', `counts of downloads cannot be written and wait in memory: ${why}`)
    },
    back: (torrents) => logger.log('info', 'DATABASE', `the database is back: counts of ${torrents} torrents written`),
  })
  schedule.start()
  lifecycle.add('the counts of downloads', async (deadlineMs) => {
    const unwritten = await schedule.stop(deadlineMs)
    if (unwritten > 0)
      logger.log('error', 'DATABASE', `counts of ${unwritten} torrents could not be written and are lost`)
  })
}
