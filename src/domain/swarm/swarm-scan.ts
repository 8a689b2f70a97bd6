// A scan over all torrents, for callers that examine every one: in slices, each under the lock of one shard and short
// enough that a waiting announce waits well under 200 µs.

import { SHARD_WORDS, Shard, Torrent } from './layout.ts'
import { acquire, release } from './lock.ts'
import type { SwarmMemory } from './swarm-memory.ts'

/** Cost units of a slice. A torrent is a cache miss, slots are sequential. */
const SLICE_COST = 1024
const SLOT_COST = 1
const TORRENT_COST = 4

export class SwarmScan {
  readonly #memory: SwarmMemory
  readonly #slots: number
  /** The slot that the next slice begins with. */
  #slot = 0
  #cost = 0

  constructor(memory: SwarmMemory) {
    this.#memory = memory
    this.#slots = 1 << memory.plan.slotsLog2
  }

  /**
   * Calls `visit` for the torrents of the next few slots, each by its words in swarm memory (see `Torrent` in
   * layout.ts). `visit` runs under the shard's lock: it copies what it needs and returns; when it reads more than the
   * torrent, it reports that to `charge`. True when nothing is left; the next slice starts over.
   *
   * A torrent that exists from the first slice to the last is visited once, others once or not at all.
   */
  slice(visit: (words: Int32Array, torrent: number) => void): boolean {
    const { words, plan } = this.#memory
    const shardNumber = this.#slot >> plan.shardShift
    const lock = plan.shardsAt + shardNumber * SHARD_WORDS + Shard.Lock
    const end = (shardNumber + 1) << plan.shardShift
    this.#cost = 0
    acquire(words, lock)
    try {
      for (; this.#slot < end && this.#cost < SLICE_COST; this.#slot++) {
        this.#cost += SLOT_COST
        for (
          let torrent = words[plan.directoryAt + this.#slot];
          torrent !== 0;
          torrent = words[torrent + Torrent.Next]
        ) {
          this.#cost += TORRENT_COST
          visit(words, torrent)
        }
      }
    } finally {
      release(words, lock)
    }
    if (this.#slot < this.#slots) return false
    this.#slot = 0
    return true
  }

  /** Adds to the cost of the slice, so that it ends sooner. */
  charge(cost: number): void {
    this.#cost += cost
  }
}
