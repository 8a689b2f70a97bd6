// Saves all swarms and loads them again, a slice at a time, so that announces can be served in between.

import type { AnnounceRequest } from '../domain/announce.ts'
import type { PeerPolicy } from '../domain/peer-policy.ts'
import type { SnapshotLoaded, SnapshotRefused, SnapshotSaved, Snapshots } from '../domain/ports/inbound/snapshots.ts'
import type { Clock } from '../domain/ports/outbound/clock.ts'
import type { Pause } from '../domain/ports/outbound/pause.ts'
import type { OpenedSnapshot, SnapshotStore } from '../domain/ports/outbound/snapshot-store.ts'
import { Header } from '../domain/swarm/layout.ts'
import { SNAPSHOT_FORMAT } from '../domain/swarm/snapshot-piece.ts'
import { SwarmLoader } from '../domain/swarm/swarm-loader.ts'
import type { SwarmRegistry } from '../domain/swarm/swarm-registry.ts'
import { SwarmSaver } from '../domain/swarm/swarm-saver.ts'
import type { CleanUpPolicy } from './tracker-housekeeping.ts'

const CHUNK_WORDS = 64 * 1024
/** Allowed difference between two clocks, or of one that was set. */
const CLOCK_TOLERANCE_SECONDS = 300

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
    const { clock, store } = this.#dependencies
    const { memory } = this.#registry
    const saver = new SwarmSaver(this.#registry)
    const header = {
      format: SNAPSHOT_FORMAT,
      writtenAtSeconds: clock.nowSeconds(),
      epochSeconds: memory.words[Header.Epoch],
      budgetBytes: memory.buffer.byteLength,
    }
    const counts = () => ({ torrents: saver.torrents, peers: saver.peers, twins: saver.twins })
    const bytes = await store.save(header, this.#chunks(saver), counts)
    return { torrents: saver.torrents, peers: saver.peers, bytes }
  }

  async load(): Promise<SnapshotLoaded | SnapshotRefused | undefined> {
    const { clock, store } = this.#dependencies
    const nowSeconds = clock.nowSeconds()
    const snapshot = await store.open({
      format: SNAPSHOT_FORMAT,
      oldestSeconds: nowSeconds - this.#cleanUp.peerTimeoutSeconds,
      newestSeconds: nowSeconds + CLOCK_TOLERANCE_SECONDS,
    })
    if (snapshot?.kind !== 'opened') return snapshot
    try {
      return await this.#load(snapshot, nowSeconds)
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

  async #load(snapshot: OpenedSnapshot, nowSeconds: number): Promise<SnapshotLoaded> {
    const { header: facts, counts } = snapshot
    const loader = new SwarmLoader(this.#registry, {
      epochSeconds: facts.epochSeconds,
      nowSeconds,
      cutoffSeconds: nowSeconds - this.#cleanUp.peerTimeoutSeconds,
      dropsEmpty: this.#cleanUp.dropsEmptyTorrents,
      mayFill: facts.budgetBytes <= this.#registry.memory.buffer.byteLength,
      place: (request: AnnounceRequest) => this.#peers.place(request),
    })
    for (const isForTwins of counts.twins === 0 ? [false] : [false, true]) {
      for await (const chunk of snapshot.chunks()) {
        loader.take(chunk, isForTwins)
        while (loader.piece());
        await this.#dependencies.pause.rest()
      }
    }
    const { torrents, peers, expired, outdated, unwanted, withoutRoom } = loader
    const { writtenAtSeconds } = facts
    return { kind: 'loaded', writtenAtSeconds, torrents, peers, expired, outdated, unwanted, withoutRoom }
  }
}

/** The dependencies of snapshots. */
export interface SnapshotDependencies {
  readonly store: SnapshotStore
  readonly clock: Clock
  readonly pause: Pause
}
