// Bindings of the main thread besides the tracker: administration of lists, keys and bans, queries, statistics,
// download counts.

import type { Service } from '../../adapters/inbound/health/running-tracker.ts'
import { SharedListenerCounters } from '../../adapters/outbound/metrics/shared-listener-counters.ts'
import { SharedMeasurementReader } from '../../adapters/outbound/metrics/shared-measurement-reader.ts'
import type { Database } from '../../adapters/outbound/persistence/open-database.ts'
import { clientName } from '../../adapters/protocol/rest/peer-client.ts'
import { BanKeeper } from '../../application/access/ban-keeper.ts'
import { KeyExpiry } from '../../application/access/key-expiry.ts'
import { KeyRing } from '../../application/access/key-ring.ts'
import {
  BANS_WITHOUT_DATABASE,
  KEYS_WITHOUT_DATABASE,
  LIST_WITHOUT_DATABASE,
} from '../../application/access/no-database.ts'
import { TableRoom } from '../../application/access/table-room.ts'
import { TorrentListKeeper } from '../../application/access/torrent-list-keeper.ts'
import { CensusTaker } from '../../application/census-taker.ts'
import { DownloadKeeper, type StoredDownloads } from '../../application/download-keeper.ts'
import { TorrentCatalogue } from '../../application/torrent-catalogue.ts'
import { type StatisticsDependencies, TrackerStatistics } from '../../application/tracker-statistics.ts'
import { TableHead } from '../../domain/access/layout.ts'
import { Mark } from '../../domain/access/torrent-marks.ts'
import { AttackMode } from '../../domain/attack-mode.ts'
import { BanAdmin } from '../../domain/ports/inbound/ban-admin.ts'
import { DownloadKeeping } from '../../domain/ports/inbound/download-keeping.ts'
import { KeyAdmin } from '../../domain/ports/inbound/key-admin.ts'
import { Statistics } from '../../domain/ports/inbound/statistics.ts'
import { BlocklistAdmin, WhitelistAdmin } from '../../domain/ports/inbound/torrent-list-admin.ts'
import { TorrentQueries } from '../../domain/ports/inbound/torrent-queries.ts'
import { BanStore } from '../../domain/ports/outbound/ban-store.ts'
import { Counters } from '../../domain/ports/outbound/counters.ts'
import { DownloadStore } from '../../domain/ports/outbound/download-store.ts'
import { KeyStore } from '../../domain/ports/outbound/key-store.ts'
import { ListenerCounters } from '../../domain/ports/outbound/listener-counters.ts'
import { MeasurementReader } from '../../domain/ports/outbound/measurements.ts'
import { Pause } from '../../domain/ports/outbound/pause.ts'
import { SecureRandomness } from '../../domain/ports/outbound/randomness.ts'
import { SteadyClock } from '../../domain/ports/outbound/steady-clock.ts'
import { Timer } from '../../domain/ports/outbound/timer.ts'
import { BlocklistStore, WhitelistStore } from '../../domain/ports/outbound/torrent-list-store.ts'
import { WallClock } from '../../domain/ports/outbound/wall-clock.ts'
import { port } from '../../domain/ports/port.ts'
import type { ListenerSettings, Settings } from '../settings/settings.ts'
import type { Bindings, Get } from './bindings.ts'
import { countsRequests } from './counter-rows.ts'
import { MEASUREMENT_LAYOUT } from './metric-layout.ts'
import {
  AccessKeyRing,
  AttackPart,
  BansPart,
  BanTablePart,
  BlocklistPart,
  EventBusPart,
  Expiry,
  FactCollectorPart,
  KeyTablePart,
  MarksPart,
  PacePart,
  SwarmsPart,
  WhitelistPart,
} from './parts.ts'
import type { SharedMemory } from './shared-memory.ts'

const CensusPart = port<CensusTaker>('CensusTaker')
const ListRoomPart = port<TableRoom>('TableRoom')
const DownloadsPart = port<DownloadKeeper>('DownloadKeeper')

/** Adds to the main thread's bindings what works without a database, and stand-ins for the rest. */
export function bindQueries(
  bindings: Bindings,
  memory: SharedMemory,
  settings: Settings,
  threadNames: readonly string[],
): Bindings {
  return bindings
    .bind(AttackPart, () => new AttackMode(memory.attack))
    .bind(WhitelistAdmin, () => LIST_WITHOUT_DATABASE)
    .bind(BlocklistAdmin, () => LIST_WITHOUT_DATABASE)
    .bind(KeyAdmin, () => KEYS_WITHOUT_DATABASE)
    .bind(BanAdmin, () => BANS_WITHOUT_DATABASE)
    .bind(TorrentQueries, (get) => {
      const dependencies = { pause: get(Pause), clock: get(SteadyClock), wallClock: get(WallClock) }
      return new TorrentCatalogue(get(SwarmsPart), dependencies)
    })
    .bind(MeasurementReader, () => new SharedMeasurementReader(memory.measurements, MEASUREMENT_LAYOUT, threadNames))
    .bind(
      CensusPart,
      (get) =>
        new CensusTaker(
          get(SwarmsPart),
          { clientName, clock: get(SteadyClock), pause: get(Pause) },
          settings.peers.maxPeerTimeoutSeconds,
        ),
    )
    .bind(Statistics, (get) => new TrackerStatistics(get(SwarmsPart), statisticsDependencies(get, undefined)))
}

/** Adds the counters by listener. `services` returns the listeners that have started, in the order of `listeners`. */
export function bindListenerCounters(
  bindings: Bindings,
  memory: SharedMemory,
  listeners: readonly ListenerSettings[],
  services: () => readonly Service[],
): Bindings {
  return bindings.bind(ListenerCounters, () => {
    return new SharedListenerCounters(memory.counters, () =>
      services().map(({ scheme, host, port, publicUrl }, number) => ({
        protocol: scheme,
        address: host,
        port,
        publicUrl,
        countsRequests: countsRequests(listeners[number]),
      })),
    )
  })
}

/** Adds the administration of what is in the database. */
export function bindAdministration(bindings: Bindings, database: Database, { limits }: Settings): Bindings {
  return bindings
    .bind(WhitelistStore, () => database.whitelist)
    .bind(BlocklistStore, () => database.blocklist)
    .bind(KeyStore, () => database.keys)
    .bind(BanStore, () => database.bans)
    .bind(DownloadStore, () => database.downloads)
    .bind(ListRoomPart, (get) => {
      const { table } = get(MarksPart)
      return new TableRoom(limits.maxListedTorrents, () => table.head(TableHead.Records), 'limits.max_listed_torrents')
    })
    .bind(WhitelistPart, (get) => {
      const list = { marks: get(MarksPart), mark: Mark.Listed, room: get(ListRoomPart) }
      return new TorrentListKeeper(get(WhitelistStore), list, { pause: get(Pause), timer: get(Timer) })
    })
    .bind(BlocklistPart, (get) => {
      const list = { marks: get(MarksPart), mark: Mark.Blocked, room: get(ListRoomPart) }
      return new TorrentListKeeper(get(BlocklistStore), list, { pause: get(Pause), timer: get(Timer) })
    })
    .bind(AccessKeyRing, (get) => {
      const table = get(KeyTablePart)
      const known = { table, room: new TableRoom(limits.maxKeys, () => table.count, 'limits.max_keys') }
      const dependencies = {
        clock: get(WallClock),
        randomness: get(SecureRandomness),
        pause: get(Pause),
        timer: get(Timer),
      }
      return new KeyRing(get(KeyStore), known, dependencies)
    })
    .bind(BansPart, (get) => {
      const table = get(BanTablePart)
      const known = { table, room: new TableRoom(limits.maxBans, () => table.count, 'limits.max_bans') }
      return new BanKeeper(get(BanStore), known, { clock: get(WallClock), pause: get(Pause), timer: get(Timer) })
    })
    .bind(Expiry, (get) => {
      const dependencies = { clock: get(WallClock), counters: get(Counters), pause: get(Pause) }
      return new KeyExpiry(get(EventBusPart), get(KeyTablePart), get(KeyStore), dependencies)
    })
    .bind(WhitelistAdmin, (get) => get(WhitelistPart))
    .bind(BlocklistAdmin, (get) => get(BlocklistPart))
    .bind(KeyAdmin, (get) => get(AccessKeyRing))
    .bind(BanAdmin, (get) => get(BansPart))
}

/** Adds the keeper of completed downloads, once the counts of earlier runs are known. */
export function bindDownloads(bindings: Bindings, stored: StoredDownloads): Bindings {
  return bindings
    .bind(DownloadsPart, (get) => new DownloadKeeper(get(FactCollectorPart), get(DownloadStore), stored))
    .bind(DownloadKeeping, (get) => get(DownloadsPart))
    .bind(Statistics, (get) => new TrackerStatistics(get(SwarmsPart), statisticsDependencies(get, get(DownloadsPart))))
}

function statisticsDependencies(get: Get, persisted: StatisticsDependencies['persisted']): StatisticsDependencies {
  return { censusTaker: get(CensusPart), pace: get(PacePart), attack: get(AttackPart), persisted }
}
