// How the swarm memory is divided, for a given budget; what the parts contain is in layout.ts. Nothing here ever grows,
// so nothing has to be rebuilt while other threads wait.

import {
  HEADER_WORDS,
  HEAPS,
  HOLDING_SHIFT,
  HOLDINGS,
  LINE_SKEW,
  SHARD_WORDS,
  SLAB_SHIFT,
  SLAB_WORDS,
} from './layout.ts'

/** Networks are told apart by 16 bits of a holder. */
const MAX_NETWORKS_LOG2 = 16
/** Base 2 logarithm of the words of a torrent. */
const TORRENT_SHIFT = 4
/** Base 2 logarithm of the words of a row of the slab table. */
const SLAB_ROW_SHIFT = 3

/** Where the parts begin for a given budget. */
export interface Plan {
  readonly totalWords: number
  readonly shards: number
  readonly shardsAt: number
  readonly heapAt: number
  readonly slabTableAt: number
  readonly slabs: number
  readonly directoryAt: number
  readonly slotsLog2: number
  /** Slots of one shard, as a power of two; a shard owns adjacent slots. */
  readonly shardShift: number
  /** Counters of addresses, then of networks, and the base 2 logarithms of their numbers. */
  readonly holdingsAt: number
  readonly addressesLog2: number
  readonly networksLog2: number
  readonly arenaAt: number
}

/** The row of the slab table for the slab of a block. */
export function slabRowAt(plan: Plan, block: number): number {
  return plan.slabTableAt + (((block - plan.arenaAt) >> SLAB_SHIFT) << SLAB_ROW_SHIFT)
}

/** The word that says who made a torrent, in its slab. */
export function makerAt(plan: Plan, torrent: number): number {
  const slab = plan.arenaAt + (((torrent - plan.arenaAt) >> SLAB_SHIFT) << SLAB_SHIFT)
  return slab + ((torrent - slab) >> TORRENT_SHIFT)
}

function powerOfTwoBelow(n: number): number {
  return 31 - Math.clz32(n)
}

function roundUp(n: number, unit: number): number {
  return Math.ceil(n / unit) * unit
}

/** Smallest and largest budget, in bytes. Above 4 GiB, offsets of 2 bytes would no longer be small integers. */
export const MIN_BUDGET_BYTES = 16 * 2 ** 20
export const MAX_BUDGET_BYTES = 4 * 2 ** 30

/**
 * Divides `budgetBytes`: a slot for every 512 bytes, a shard for every 512 KiB (64 to 4096 of them), a counter of an
 * address for every 4 KiB, one of a network for every KiB up to 65,536, the rest for the arena.
 */
export function planLayout(budgetBytes: number, heapRowWords: number): Plan {
  const totalWords = Math.floor(budgetBytes / 4)
  const shardsLog2 = Math.min(12, Math.max(6, powerOfTwoBelow(budgetBytes / 2 ** 19)))
  const slotsLog2 = powerOfTwoBelow(budgetBytes / 512)
  const slabs = Math.floor(totalWords / SLAB_WORDS)
  const shardsAt = HEADER_WORDS + LINE_SKEW
  const heapAt = shardsAt + (SHARD_WORDS << shardsLog2)
  const slabTableAt = heapAt + HEAPS * heapRowWords
  const directoryAt = roundUp(slabTableAt + slabs * 8, SHARD_WORDS) + LINE_SKEW
  const addressesLog2 = powerOfTwoBelow(budgetBytes / 4096)
  const networksLog2 = Math.min(powerOfTwoBelow(budgetBytes / 1024), MAX_NETWORKS_LOG2)
  const holdingsAt = directoryAt + (1 << slotsLog2)
  const holdingsWords = (1 << (addressesLog2 + HOLDING_SHIFT)) + (HOLDINGS << networksLog2)
  const arenaAt = roundUp(holdingsAt + holdingsWords, SLAB_WORDS) + LINE_SKEW
  return {
    totalWords,
    shards: 1 << shardsLog2,
    shardsAt,
    heapAt,
    slabTableAt,
    slabs: Math.floor((totalWords - arenaAt) / SLAB_WORDS),
    directoryAt,
    slotsLog2,
    shardShift: slotsLog2 - shardsLog2,
    holdingsAt,
    addressesLog2,
    networksLog2,
    arenaAt,
  }
}
