// What every thread has in common: the tracker over the shared swarms, and what it needs.

import { SharedCounters } from '../adapters/outbound/metrics/shared-counters.ts'
import { FileSnapshotStore } from '../adapters/outbound/snapshot/file-snapshot-store.ts'
import { CryptoRandomness } from '../adapters/outbound/system/crypto-randomness.ts'
import { EventLoopPause } from '../adapters/outbound/system/event-loop-pause.ts'
import { SwarmSnapshots } from '../application/swarm-snapshots.ts'
import { SwarmTracker } from '../application/swarm-tracker.ts'
import { TrackerHousekeeping } from '../application/tracker-housekeeping.ts'
import { PeerPolicy } from '../domain/peer-policy.ts'
import { Housekeeping } from '../domain/ports/inbound/housekeeping.ts'
import { Snapshots } from '../domain/ports/inbound/snapshots.ts'
import { Tracker } from '../domain/ports/inbound/tracker.ts'
import { Clock } from '../domain/ports/outbound/clock.ts'
import { Counters } from '../domain/ports/outbound/counters.ts'
import { Pause } from '../domain/ports/outbound/pause.ts'
import { Randomness } from '../domain/ports/outbound/randomness.ts'
import { SnapshotStore } from '../domain/ports/outbound/snapshot-store.ts'
import { port } from '../domain/ports/port.ts'
import { Dice } from '../domain/swarm/dice.ts'
import { SwarmMemory } from '../domain/swarm/swarm-memory.ts'
import { SwarmRegistry } from '../domain/swarm/swarm-registry.ts'
import { Sweeper } from '../domain/swarm/sweeper.ts'
import { Bindings, type Get } from './bindings.ts'
import type { PortRange, Settings } from './settings/settings.ts'
import type { SharedMemory } from './shared-memory.ts'

/** Parts that are no ports: only this folder asks for them. */
const Swarms = port<SwarmRegistry>('SwarmRegistry')

/** Bindings of one thread; `thread` numbers its row of counters, `clock` is how it tells the time. */
export function bindTracker(settings: Settings, memory: SharedMemory, thread: number, clock: Clock): Bindings {
  const { announce, limits, peers } = settings
  const peerPolicy = () => new PeerPolicy(peers.allowPrivatePeers, portsOf(peers.deniedPorts))
  const cleanUp = { peerTimeoutSeconds: peers.timeoutSeconds, dropsEmptyTorrents: peers.removePeerlessTorrents }
  const seed = (get: Get): number => {
    const { buffer, byteOffset } = get(Randomness).bytes(4)
    return new DataView(buffer, byteOffset).getInt32(0)
  }
  return new Bindings()
    .bind(Clock, () => clock)
    .bind(Randomness, () => new CryptoRandomness())
    .bind(Counters, () => new SharedCounters(memory.counters, thread))
    .bind(Swarms, (get) => new SwarmRegistry(new SwarmMemory(memory.swarms), limits.maxPeersPerTorrent, seed(get)))
    .bind(Tracker, (get) => {
      const policy = peerPolicy()
      const outside = { clock: get(Clock), counters: get(Counters), dice: new Dice(seed(get)) }
      return new SwarmTracker(get(Swarms), policy, announce, outside)
    })
    .bind(Housekeeping, (get) => {
      return new TrackerHousekeeping(new Sweeper(get(Swarms)), cleanUp, get(Clock), get(Counters))
    })
    .bind(Pause, () => new EventLoopPause())
    .bind(SnapshotStore, () => new FileSnapshotStore(settings.snapshot.file))
    .bind(Snapshots, (get) => {
      const outside = { store: get(SnapshotStore), clock: get(Clock), pause: get(Pause) }
      return new SwarmSnapshots(get(Swarms), peerPolicy(), cleanUp, outside)
    })
}

function* portsOf(ranges: readonly PortRange[]): Generator<number> {
  for (const { first, last } of ranges) for (let port = first; port <= last; port++) yield port
}
