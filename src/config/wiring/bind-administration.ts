// What the main thread has besides the tracker: administration of lists and keys, queries, statistics, counts of
// downloads.

import { SharedMeasurementReader } from '../../adapters/outbound/metrics/shared-measurement-reader.ts'
import type { Database } from '../../adapters/outbound/persistence/open-database.ts'
import { clientName } from '../../adapters/protocol/rest/peer-client.ts'
import { KeyExpiry } from '../../application/access/key-expiry.ts'
import { KeyRing } from '../../application/access/key-ring.ts'
import { KEYS_WITHOUT_DATABASE, LIST_WITHOUT_DATABASE } from '../../application/access/no-database.ts'
import { TableRoom } from '../../application/access/table-room.ts'
import { TorrentListKeeper } from '../../application/access/torrent-list-keeper.ts'
import { CensusTaker } from '../../application/census-taker.ts'
import { DownloadKeeper, type StoredDownloads } from '../../application/download-keeper.ts'
import { TorrentCatalogue } from '../../application/torrent-catalogue.ts'
import { TrackerStatistics } from '../../application/tracker-statistics.ts'
import { TableHead } from '../../domain/access/layout.ts'
import { Mark } from '../../domain/access/torrent-marks.ts'
import { DownloadKeeping } from '../../domain/ports/inbound/download-keeping.ts'
import { KeyAdmin } from '../../domain/ports/inbound/key-admin.ts'
import { Statistics } from '../../domain/ports/inbound/statistics.ts'
import { BlocklistAdmin, WhitelistAdmin } from '../../domain/ports/inbound/torrent-list-admin.ts'
import { TorrentQueries } from '../../domain/ports/inbound/torrent-queries.ts'
import { Clock } from '../../domain/ports/outbound/clock.ts'
import { Counters } from '../../domain/ports/outbound/counters.ts'
import { DownloadStore } from '../../domain/ports/outbound/download-store.ts'
import { KeyStore } from '../../domain/ports/outbound/key-store.ts'
import { MeasurementReader } from '../../domain/ports/outbound/measurements.ts'
import { Pause } from '../../domain/ports/outbound/pause.ts'
import { Randomness } from '../../domain/ports/outbound/randomness.ts'
import { BlocklistStore, WhitelistStore } from '../../domain/ports/outbound/torrent-list-store.ts'
import { port } from '../../domain/ports/port.ts'
import type { Settings } from '../settings/settings.ts'
import type { Bindings } from './bindings.ts'
import { MEASUREMENT_LAYOUT } from './metric-layout.ts'
import { AccessKeyRing, Blocklist, Bus, Collector, Expiry, Keys, Marks, Swarms, Whitelist } from './parts.ts'
import type { SharedMemory } from './shared-memory.ts'

const Census = port<CensusTaker>('CensusTaker')
const ListRoom = port<TableRoom>('TableRoom')
const Downloads = port<DownloadKeeper>('DownloadKeeper')

/** Adds to the main thread's bindings what works without a database, and what stands in for the rest. */
export function bindQueries(
  bindings: Bindings,
  memory: SharedMemory,
  settings: Settings,
  threadNames: readonly string[],
): Bindings {
  return bindings
    .bind(WhitelistAdmin, () => LIST_WITHOUT_DATABASE)
    .bind(BlocklistAdmin, () => LIST_WITHOUT_DATABASE)
    .bind(KeyAdmin, () => KEYS_WITHOUT_DATABASE)
    .bind(TorrentQueries, (get) => new TorrentCatalogue(get(Swarms), get(Pause)))
    .bind(MeasurementReader, () => new SharedMeasurementReader(memory.measurements, MEASUREMENT_LAYOUT, threadNames))
    .bind(
      Census,
      (get) =>
        new CensusTaker(
          get(Swarms),
          { clientName, clock: get(Clock), pause: get(Pause) },
          settings.peers.maxPeerTimeoutSeconds,
        ),
    )
    .bind(Statistics, (get) => new TrackerStatistics(get(Swarms), get(Census), undefined))
}

/** Adds the administration of what is in the database. */
export function bindAdministration(bindings: Bindings, database: Database, { limits }: Settings): Bindings {
  return bindings
    .bind(WhitelistStore, () => database.whitelist)
    .bind(BlocklistStore, () => database.blocklist)
    .bind(KeyStore, () => database.keys)
    .bind(DownloadStore, () => database.downloads)
    .bind(ListRoom, (get) => {
      const { table } = get(Marks)
      return new TableRoom(limits.maxListedTorrents, () => table.head(TableHead.Records), 'limits.max_listed_torrents')
    })
    .bind(Whitelist, (get) => {
      const list = { marks: get(Marks), mark: Mark.Listed, room: get(ListRoom) }
      return new TorrentListKeeper(get(WhitelistStore), list, get(Pause))
    })
    .bind(Blocklist, (get) => {
      const list = { marks: get(Marks), mark: Mark.Blocked, room: get(ListRoom) }
      return new TorrentListKeeper(get(BlocklistStore), list, get(Pause))
    })
    .bind(AccessKeyRing, (get) => {
      const table = get(Keys)
      const known = { table, room: new TableRoom(limits.maxKeys, () => table.count, 'limits.max_keys') }
      const dependencies = { clock: get(Clock), randomness: get(Randomness), pause: get(Pause) }
      return new KeyRing(get(KeyStore), known, dependencies)
    })
    .bind(Expiry, (get) => {
      const dependencies = { clock: get(Clock), counters: get(Counters), pause: get(Pause) }
      return new KeyExpiry(get(Bus), get(Keys), get(KeyStore), dependencies)
    })
    .bind(WhitelistAdmin, (get) => get(Whitelist))
    .bind(BlocklistAdmin, (get) => get(Blocklist))
    .bind(KeyAdmin, (get) => get(AccessKeyRing))
}

/** Adds the keeper of completed downloads, once the counts of earlier runs are known. */
export function bindDownloads(bindings: Bindings, stored: StoredDownloads): Bindings {
  return bindings
    .bind(Downloads, (get) => new DownloadKeeper(get(Collector), get(DownloadStore), stored))
    .bind(DownloadKeeping, (get) => get(Downloads))
    .bind(Statistics, (get) => new TrackerStatistics(get(Swarms), get(Census), get(Downloads)))
}
