// Counts over all swarms, summed over the shards without taking a lock.

import { SHARD_WORDS, Shard } from './layout.ts'
import type { SwarmMemory } from './swarm-memory.ts'

/** Current counts; each is exact, but together they may be a few announces apart. */
export interface SwarmTotals {
  readonly torrents: number
  readonly ipv4Peers: number
  readonly ipv6Peers: number
  readonly seeders: number
  readonly leechers: number
  /** Downloads since the memory was made. */
  readonly completed: number
}

export function swarmTotals(memory: SwarmMemory): SwarmTotals {
  const { shards, shardsAt } = memory.plan
  const sum = (word: number): number => {
    let total = 0
    for (let shard = 0; shard < shards; shard++) total += memory.words[shardsAt + shard * SHARD_WORDS + word]
    return total
  }
  return {
    torrents: sum(Shard.Torrents),
    ipv4Peers: sum(Shard.Peers),
    ipv6Peers: sum(Shard.Peers + 1),
    seeders: sum(Shard.Seeders),
    leechers: sum(Shard.Leechers),
    completed: sum(Shard.Completed),
  }
}
