// Bindings of every thread: the tracker over the shared swarms, and its dependencies.

import { type IdErrorOptions, IdErrors } from '../../adapters/inbound/udp/id-errors.ts'
import { SharedFacts } from '../../adapters/outbound/facts/shared-facts.ts'
import { SharedMeasurements } from '../../adapters/outbound/metrics/shared-measurements.ts'
import { ThreadVitals } from '../../adapters/outbound/metrics/thread-vitals.ts'
import { FileSnapshotStore } from '../../adapters/outbound/snapshot/file-snapshot-store.ts'
import { CryptoRandomness } from '../../adapters/outbound/system/crypto-randomness.ts'
import { EventLoopPause } from '../../adapters/outbound/system/event-loop-pause.ts'
import { EventLoopTimer } from '../../adapters/outbound/system/event-loop-timer.ts'
import { BannedAddresses } from '../../application/access/banned-addresses.ts'
import { SwarmSnapshots } from '../../application/swarm-snapshots.ts'
import { SwarmTracker } from '../../application/swarm-tracker.ts'
import { TorrentFacts } from '../../application/torrent-facts.ts'
import { TrackerHousekeeping } from '../../application/tracker-housekeeping.ts'
import { AccessMemory } from '../../domain/access/access-memory.ts'
import { Admission } from '../../domain/access/admission.ts'
import { BanTable } from '../../domain/access/ban-table.ts'
import { KeyTable } from '../../domain/access/key-table.ts'
import { TorrentMarks } from '../../domain/access/torrent-marks.ts'
import { AnnouncePace } from '../../domain/pacing/announce-pace.ts'
import { PeerPolicy } from '../../domain/peer-policy.ts'
import { Bans } from '../../domain/ports/inbound/bans.ts'
import { Housekeeping } from '../../domain/ports/inbound/housekeeping.ts'
import { Snapshots } from '../../domain/ports/inbound/snapshots.ts'
import { Tracker } from '../../domain/ports/inbound/tracker.ts'
import { Counters } from '../../domain/ports/outbound/counters.ts'
import { Facts } from '../../domain/ports/outbound/facts.ts'
import { Measurements } from '../../domain/ports/outbound/measurements.ts'
import { Pause } from '../../domain/ports/outbound/pause.ts'
import { SecureRandomness } from '../../domain/ports/outbound/randomness.ts'
import { SnapshotStore } from '../../domain/ports/outbound/snapshot-store.ts'
import { SteadyClock } from '../../domain/ports/outbound/steady-clock.ts'
import { Timer } from '../../domain/ports/outbound/timer.ts'
import { WallClock } from '../../domain/ports/outbound/wall-clock.ts'
import { Random } from '../../domain/swarm/random.ts'
import { SwarmMemory } from '../../domain/swarm/swarm-memory.ts'
import { SwarmRegistry } from '../../domain/swarm/swarm-registry.ts'
import { Sweeper } from '../../domain/swarm/sweeper.ts'
import { addressRanges } from '../settings/build-network.ts'
import type { PortRange } from '../settings/schema-types.ts'
import type { Settings } from '../settings/settings.ts'
import { Bindings, type Get } from './bindings.ts'
import { threadCounters } from './counter-rows.ts'
import { MEASUREMENT_LAYOUT, VITAL_INDICES } from './metric-layout.ts'
import { BanTablePart, IdErrorsPart, KeyTablePart, MarksPart, PacePart, SwarmsPart, VitalsPart } from './parts.ts'
import type { SharedMemory } from './shared-memory.ts'

/** Where a thread reads the time: ages come from the steady clock, dates from the wall clock. */
type Clocks = SteadyClock & WallClock

/** Bindings of one thread; `thread` numbers its rows of counters. */
export function bindTracker(settings: Settings, memory: SharedMemory, thread: number, clock: Clocks): Bindings {
  const { access, announce, limits, network, peers } = settings
  const accessMemory = new AccessMemory(memory.access)
  const peerPolicy = () => new PeerPolicy(peers.allowPrivatePeers, portsOf(peers.deniedPorts), addressRanges(network))
  const cleanUp = {
    peerTimeoutSeconds: peers.maxPeerTimeoutSeconds,
    // A torrent with a count that is persisted stays: replies take the count from here.
    dropsEmptyTorrents: peers.removePeerlessTorrents && !peers.keepCompletedCounts,
  }
  const seed = (get: Get): number => {
    const { buffer, byteOffset } = get(SecureRandomness).bytes(4)
    return new DataView(buffer, byteOffset).getInt32(0)
  }
  return new Bindings()
    .bind(SteadyClock, () => clock)
    .bind(WallClock, () => clock)
    .bind(SecureRandomness, () => new CryptoRandomness())
    .bind(Counters, () => threadCounters(settings, memory, thread))
    .bind(Measurements, () => {
      const row = MEASUREMENT_LAYOUT.rowOf(memory.measurements, thread)
      return new SharedMeasurements(row, MEASUREMENT_LAYOUT, settings.trackerUsageStatistics)
    })
    .bind(VitalsPart, (get) => new ThreadVitals(get(Measurements), VITAL_INDICES))
    .bind(SwarmsPart, (get) => {
      const torrentFacts = new TorrentFacts(get(Facts))
      return new SwarmRegistry(new SwarmMemory(memory.swarms), limits.maxPeersPerTorrent, seed(get), torrentFacts)
    })
    .bind(PacePart, () => new AnnouncePace(announce, memory.pace))
    .bind(MarksPart, () => new TorrentMarks(accessMemory))
    .bind(BanTablePart, () => new BanTable(accessMemory))
    .bind(Bans, (get) => new BannedAddresses(get(BanTablePart), get(WallClock)))
    .bind(IdErrorsPart, () => new IdErrors(memory.idErrors, idErrorOptions(settings)))
    .bind(KeyTablePart, () => new KeyTable(accessMemory))
    .bind(Facts, (get) => new SharedFacts(memory.facts, thread, get(Counters)))
    .bind(Tracker, (get) => {
      const modes = {
        isPrivate: access.isPrivate,
        isListed: access.isListed,
        checksExpiration: access.checkKeysExpiration,
      }
      const admission = new Admission(get(MarksPart), get(KeyTablePart), modes)
      const dependencies = {
        clock: get(SteadyClock),
        wallClock: get(WallClock),
        counters: get(Counters),
        facts: get(Facts),
        random: new Random(seed(get)),
      }
      return new SwarmTracker(get(SwarmsPart), admission, peerPolicy(), get(PacePart), dependencies)
    })
    .bind(
      Housekeeping,
      (get) => new TrackerHousekeeping(new Sweeper(get(SwarmsPart)), cleanUp, get(SteadyClock), get(Counters)),
    )
    .bind(Pause, () => new EventLoopPause())
    .bind(Timer, () => new EventLoopTimer())
    .bind(SnapshotStore, () => new FileSnapshotStore(settings.snapshot.file))
    .bind(Snapshots, (get) => {
      const dependencies = {
        store: get(SnapshotStore),
        clock: get(SteadyClock),
        wallClock: get(WallClock),
        pause: get(Pause),
      }
      return new SwarmSnapshots(get(SwarmsPart), peerPolicy(), cleanUp, dependencies)
    })
}

function idErrorOptions({ udp: { bans }, limits: { appliesToPrivate } }: Settings): IdErrorOptions | undefined {
  if (bans === undefined) return undefined
  return { maxErrors: bans.maxConnectionIdErrorsPerIp, resetSeconds: bans.ipBansResetIntervalInSecs, appliesToPrivate }
}

function* portsOf(ranges: readonly PortRange[]): Generator<number> {
  for (const { first, last } of ranges) for (let port = first; port <= last; port++) yield port
}
