// Saves all swarms and loads them again, a slice at a time, so that announces can be served in between. A snapshot
// outlives the run, so its times are dates, as the clock showed them when the snapshot was written; only the ages that
// peers had then matter.

import type { AnnounceRequest } from '../domain/announce.ts'
import { errorMessage } from '../domain/error-message.ts'
import type { PeerPolicy } from '../domain/peer-policy.ts'
import type { SnapshotLoaded, SnapshotRefused, SnapshotSaved, Snapshots } from '../domain/ports/inbound/snapshots.ts'
import type { Pause } from '../domain/ports/outbound/pause.ts'
import type { OpenedSnapshot, SnapshotStore } from '../domain/ports/outbound/snapshot-store.ts'
import type { SteadyClock } from '../domain/ports/outbound/steady-clock.ts'
import type { WallClock } from '../domain/ports/outbound/wall-clock.ts'
import { SNAPSHOT_FORMAT } from '../domain/swarm/snapshot-piece.ts'
import { SwarmLoader } from '../domain/swarm/swarm-loader.ts'
import type { SwarmRegistry } from '../domain/swarm/swarm-registry.ts'
import { SwarmSaver } from '../domain/swarm/swarm-saver.ts'
import type { CleanUpPolicy } from './tracker-housekeeping.ts'

const CHUNK_WORDS = 64 * 1024

export class SwarmSnapshots implements Snapshots {
  readonly #registry: SwarmRegistry
  readonly #peers: PeerPolicy
  readonly #cleanUp: CleanUpPolicy
  readonly #dependencies: SnapshotDependencies

  constructor(registry: SwarmRegistry, peers: PeerPolicy, cleanUp: CleanUpPolicy, dependencies: SnapshotDependencies) {
    this.#registry = registry
    this.#peers = peers
    this.#cleanUp = cleanUp
    this.#dependencies = dependencies
  }

  async save(): Promise<SnapshotSaved> {
    const { clock, wallClock, store } = this.#dependencies
    const { memory } = this.#registry
    const writtenAtSeconds = wallClock.wallSeconds()
    const saver = new SwarmSaver(this.#registry)
    const header = {
      format: SNAPSHOT_FORMAT,
      writtenAtSeconds,
      epochSeconds: memory.epochSeconds + writtenAtSeconds - clock.steadySeconds(),
      budgetBytes: memory.buffer.byteLength,
    }
    const counts = () => ({ torrents: saver.torrents, peers: saver.peers, twins: saver.twins })
    const bytes = await store.save(header, this.#chunks(saver), counts)
    return { torrents: saver.torrents, peers: saver.peers, bytes }
  }

  async load(): Promise<SnapshotLoaded | SnapshotRefused | undefined> {
    const { wallClock, store } = this.#dependencies
    const nowSeconds = wallClock.wallSeconds()
    const snapshot = await store.open({
      format: SNAPSHOT_FORMAT,
      oldestSeconds: nowSeconds - this.#cleanUp.peerTimeoutSeconds,
    })
    if (snapshot?.kind !== 'opened') return snapshot
    try {
      return await this.#load(snapshot, snapshot.header.writtenAtSeconds - nowSeconds)
    } finally {
      await snapshot.close()
    }
  }

  /** Reuses one buffer for all chunks. */
  async *#chunks(saver: SwarmSaver): AsyncGenerator<Int32Array> {
    const words = new Int32Array(CHUNK_WORDS)
    while (!saver.isDone) {
      saver.copyTo(words)
      while (!saver.isDone && saver.slice()) await this.#dependencies.pause.rest()
      if (saver.copied > 0) yield words.subarray(0, saver.copied)
    }
  }

  /**
   * `aheadSeconds`: how far in the future the snapshot was written, by the present clock. If that is positive, the time
   * since the writing is unknown, and peers keep the ages that they had.
   */
  async #load(snapshot: OpenedSnapshot, aheadSeconds: number): Promise<SnapshotLoaded | SnapshotRefused> {
    const { header: facts, counts } = snapshot
    const nowSeconds = this.#dependencies.clock.steadySeconds()
    const writtenAtSteadySeconds = nowSeconds + Math.min(aheadSeconds, 0)
    const loader = new SwarmLoader(this.#registry, {
      epochSeconds: writtenAtSteadySeconds - (facts.writtenAtSeconds - facts.epochSeconds),
      nowSeconds,
      cutoffSeconds: nowSeconds - this.#cleanUp.peerTimeoutSeconds,
      dropsEmpty: this.#cleanUp.dropsEmptyTorrents,
      mayFill: facts.budgetBytes <= this.#registry.memory.buffer.byteLength,
      place: (request: AnnounceRequest) => this.#peers.place(request),
    })
    let chunks = 0
    let brokenOff: string | undefined
    try {
      for (const isForTwins of counts.twins === 0 ? [false] : [false, true]) {
        for await (const chunk of snapshot.chunks()) {
          chunks++
          loader.take(chunk, isForTwins)
          while (loader.piece());
          await this.#dependencies.pause.rest()
        }
      }
    } catch (error) {
      // The disk failed, or the file was changed after it was verified. What is loaded stays.
      brokenOff = errorMessage(error)
      if (chunks === 0) return { kind: 'refused', reason: brokenOff }
    }
    const { torrents, peers, expired, outdated, unwanted, withoutRoom } = loader
    const { writtenAtSeconds } = facts
    const figures = { torrents, peers, expired, outdated, unwanted, withoutRoom, brokenOff }
    return { kind: 'loaded', writtenAtSeconds, aheadSeconds: Math.max(aheadSeconds, 0), ...figures }
  }
}

/** The dependencies of snapshots. */
export interface SnapshotDependencies {
  readonly store: SnapshotStore
  readonly clock: SteadyClock
  readonly wallClock: WallClock
  readonly pause: Pause
}
