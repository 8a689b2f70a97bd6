// At start, before anybody is served: what the database holds comes into memory, and the log says how far it is.

import { Restore, type Restored, type RestoreProgress } from '../application/restore.ts'
import { Clock } from '../domain/ports/outbound/clock.ts'
import { DownloadStore } from '../domain/ports/outbound/download-store.ts'
import { Pause } from '../domain/ports/outbound/pause.ts'
import type { Bindings } from './bindings.ts'
import type { Logger } from './logger.ts'
import { Blocklist, Ring, Swarms, Whitelist } from './parts.ts'
import type { Settings } from './settings/settings.ts'

const NAMES: Readonly<Record<RestoreProgress['what'], string>> = {
  whitelist: 'whitelisted torrents',
  blocklist: 'blocked torrents',
  keys: 'keys',
  downloads: 'counts of downloads',
}

/** Rejects when the database fails, or holds more than there is room for. */
export async function restoreState({ get }: Bindings, { access, peers }: Settings, logger: Logger): Promise<Restored> {
  const began = performance.now()
  const outside = { clock: get(Clock), pause: get(Pause) }
  const restore = new Restore(get(Swarms), outside, ({ what, rows, of }) => {
    logger.log('info', 'DATABASE', `loading ${NAMES[what]}: ${rows} of ${of}`)
  })
  const restored = await restore.run({
    whitelist: access.isListed ? get(Whitelist) : undefined,
    blocklist: get(Blocklist),
    keys: access.isPrivate ? get(Ring) : undefined,
    downloads: peers.keepCompletedCounts ? get(DownloadStore) : undefined,
  })
  tell(restored, Math.round(performance.now() - began), logger)
  return restored
}

function tell(restored: Restored, milliseconds: number, logger: Logger): void {
  const { downloads, ...lists } = restored
  const counts = Object.entries({ ...lists, downloads: downloads?.torrents }).flatMap(([what, rows]) =>
    rows === undefined ? [] : [`${rows} ${NAMES[what as keyof typeof NAMES]}`],
  )
  logger.log('info', 'DATABASE', `loaded ${counts.join(', ')} in ${milliseconds} ms`)
  if (downloads !== undefined && downloads.withoutRoom > 0) {
    const sentence = `counts of ${downloads.withoutRoom} torrents found no room: they stay in the database, and begin at zero in memory`
    logger.log('warn', 'DATABASE', `${sentence}; raise memory.swarm_budget`)
  }
}
