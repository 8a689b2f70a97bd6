// Activity of all swarms, summed over the shards' counters. Those are 32-bit words that wrap around; the sums do not,
// provided they are read before a shard counts to four thousand million.

import { SHARD_WORDS, Shard } from './layout.ts'
import { acquire, release } from './lock.ts'
import type { SwarmMemory } from './swarm-memory.ts'

interface ByRole {
  readonly seeders: number
  readonly leechers: number
}

/** Since the memory was made. */
export interface ActivityCounts {
  readonly torrentsAdded: number
  readonly torrentsRemoved: number
  readonly peersAdded: ByRole
  readonly peersRemoved: ByRole
  readonly peersUpdated: ByRole
  /** Seeders that became leechers. */
  readonly seedersReverted: number
}

/** The counters are contiguous, to the end of the shard's words. */
const FIRST = Shard.TorrentsAdded
const COUNTERS = SHARD_WORDS - FIRST

export class SwarmActivity {
  readonly #memory: SwarmMemory
  /** The values last read, shard by shard. */
  readonly #last: Int32Array
  readonly #sums = new Float64Array(COUNTERS)

  constructor(memory: SwarmMemory) {
    this.#memory = memory
    this.#last = new Int32Array(memory.plan.shards * COUNTERS)
  }

  read(): ActivityCounts {
    const { words, plan } = this.#memory
    let torrents = 0
    for (let shard = 0; shard < plan.shards; shard++) {
      const at = plan.shardsAt + shard * SHARD_WORDS
      // Under the lock, because removed torrents are computed from two words that change together.
      acquire(words, at + Shard.Lock)
      torrents += words[at + Shard.Torrents]
      for (let counter = 0; counter < COUNTERS; counter++) this.#note(shard, counter, words[at + FIRST + counter])
      release(words, at + Shard.Lock)
    }
    const sum = (word: number): number => this.#sums[word - FIRST]
    const byRole = (word: number): ByRole => ({ seeders: sum(word), leechers: sum(word + 1) })
    return {
      torrentsAdded: sum(Shard.TorrentsAdded),
      torrentsRemoved: sum(Shard.TorrentsAdded) - torrents,
      peersAdded: byRole(Shard.PeersAdded),
      peersRemoved: byRole(Shard.PeersRemoved),
      peersUpdated: byRole(Shard.PeersUpdated),
      seedersReverted: sum(Shard.Reverted),
    }
  }

  #note(shard: number, counter: number, value: number): void {
    const at = shard * COUNTERS + counter
    this.#sums[counter] += (value - this.#last[at]) >>> 0
    this.#last[at] = value
  }
}
