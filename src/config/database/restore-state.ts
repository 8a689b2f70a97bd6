// At start, before any client is answered: loads what the database holds into memory, and logs the progress.

import { Restore, type Restored, type RestoreProgress } from '../../application/restore.ts'
import { pluralize } from '../../domain/pluralize.ts'
import { DownloadStore } from '../../domain/ports/outbound/download-store.ts'
import { Pause } from '../../domain/ports/outbound/pause.ts'
import { SteadyClock } from '../../domain/ports/outbound/steady-clock.ts'
import type { Logger } from '../process/logger.ts'
import type { AccessSettings, Settings } from '../settings/settings.ts'
import type { Bindings, Get } from '../wiring/bindings.ts'
import { AccessKeyRing, BansPart, BlocklistPart, SwarmsPart, WhitelistPart } from '../wiring/parts.ts'

const NAMES: Readonly<Record<RestoreProgress['what'], string>> = {
  whitelist: 'whitelisted torrents',
  blocklist: 'blocked torrents',
  keys: 'keys',
  bans: 'bans',
  downloads: 'download counts',
}

/** Rejects if the database fails, or holds more than there is room for. */
export async function restoreState({ get }: Bindings, { access, peers }: Settings, logger: Logger): Promise<void> {
  const began = performance.now()
  const dependencies = { clock: get(SteadyClock), pause: get(Pause) }
  const restore = new Restore(get(SwarmsPart), dependencies, ({ what, rows, of }) => {
    logger.log('info', 'DATABASE', `loading ${NAMES[what]}: ${rows} of ${of}`)
  })
  const restored = await restore.run({
    ...listsOf(get, access),
    downloads: peers.keepCompletedCounts ? get(DownloadStore) : undefined,
  })
  report(restored, Math.round(performance.now() - began), logger)
}

/** Reloads lists and keys, without a gap for clients that announce meanwhile. */
export async function reloadLists({ get }: Bindings, { access }: Settings): Promise<void> {
  for (const list of Object.values(listsOf(get, access))) await list?.reload()
}

/** The lists, keys and bans that the configured modes use. */
function listsOf(get: Get, { isListed, isPrivate }: AccessSettings) {
  return {
    whitelist: isListed ? get(WhitelistPart) : undefined,
    blocklist: get(BlocklistPart),
    keys: isPrivate ? get(AccessKeyRing) : undefined,
    bans: get(BansPart),
  }
}

function report(restored: Restored, milliseconds: number, logger: Logger): void {
  const { downloads, ...lists } = restored
  const counts = Object.entries({ ...lists, downloads: downloads?.torrents }).flatMap(([what, rows]) =>
    rows === undefined ? [] : [`${rows} ${NAMES[what as keyof typeof NAMES]}`],
  )
  logger.log('info', 'DATABASE', `loaded ${counts.join(', ')} in ${milliseconds} ms`)
  if (downloads !== undefined && downloads.withoutRoom > 0) {
    const sentence = `download counts of ${pluralize(downloads.withoutRoom, 'torrent')} do not fit in memory: they stay in the database but start at zero`
    logger.log('warn', 'DATABASE', `${sentence}; raise memory.swarm_budget`)
  }
}
