// The sizes that the heap hands out, each by its purpose: a block's user knows its class and passes it when freeing the
// block. Powers of two serve directories and hash tables; the rest are pages of peers.

import { CAPACITY_LADDER, MAKER_WORDS, PAGE_PEERS, pageWords, SLAB_WORDS, TORRENT_WORDS } from './layout.ts'

/** Classes 0 to 9: blocks of 8, 16 ... 4096 words; the last class is that of torrents. */
const MIN_POWER = 3
const MAX_POWER = 12
const POWERS = MAX_POWER - MIN_POWER + 1

/** Words of a block, by class. */
export const CLASS_WORDS: readonly number[] = [
  ...Array.from({ length: POWERS }, (_, i) => 1 << (MIN_POWER + i)),
  ...CAPACITY_LADDER.map((capacity) => pageWords(0, capacity)),
  ...CAPACITY_LADDER.map((capacity) => pageWords(1, capacity)),
  TORRENT_WORDS,
]

export const TORRENT_CLASS = CLASS_WORDS.length - 1

/** Where the blocks of a slab begin, by class: in a slab of torrents, behind the words for their makers. */
export const CLASS_START: readonly number[] = CLASS_WORDS.map((_, sizeClass) =>
  sizeClass === TORRENT_CLASS ? MAKER_WORDS : 0,
)

/**
 * Class of a page, by family and capacity: `PAGE_CLASS[family * 17 + capacity]`; -1 for capacities not on the ladder.
 */
const PAGE_CLASS = new Int8Array(2 * (PAGE_PEERS + 1)).fill(-1)
CAPACITY_LADDER.forEach((capacity, step) => {
  PAGE_CLASS[capacity] = POWERS + step
  PAGE_CLASS[PAGE_PEERS + 1 + capacity] = POWERS + CAPACITY_LADDER.length + step
})

/** Class of a page of `capacity` peers (a step of the ladder) of a family. */
export function pageClass(family: number, capacity: number): number {
  return PAGE_CLASS[family * (PAGE_PEERS + 1) + capacity]
}

/** Class of a block of 2^`log2` words, 3 to 12. */
export function powerClass(log2: number): number {
  return log2 - MIN_POWER
}

/** Blocks a slab holds, by class. */
export const CLASS_BLOCKS: readonly number[] = CLASS_WORDS.map((words, sizeClass) =>
  Math.floor((SLAB_WORDS - CLASS_START[sizeClass]) / words),
)

/** By class: the classes of pages that are larger, the smallest first. */
export const LARGER_PAGES: readonly (readonly number[])[] = CLASS_WORDS.map((words) =>
  CLASS_WORDS.map((_, sizeClass) => sizeClass)
    .filter((other) => other >= POWERS && other !== TORRENT_CLASS && CLASS_WORDS[other] > words)
    .toSorted((a, b) => CLASS_WORDS[a] - CLASS_WORDS[b]),
)

/** A heap's row: its lock, then for each class the first slab with room (slab number + 1); whole cache lines. */
export const HEAP_ROW_WORDS = Math.ceil((1 + CLASS_WORDS.length) / 16) * 16
