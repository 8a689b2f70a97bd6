// Shared memory in which threads pass facts to the main thread: a ring for each thread, with one writer and one reader,
// so that neither ever waits.
//
//   word 0    facts written so far, modulo 2^32: set by the thread, published after the fact itself
//   word 16   facts fetched so far, modulo 2^32: set by the main thread, published when their places are free again
//   word 17   kinds of facts that are wanted, a bit for each: set by the main thread
//   word 32   places of 6 words: kind, then info hash
//
// The two sides write to separate cache lines. The operating system commits a ring's pages when they are first written.

import { INFO_HASH_WORDS } from '../../../domain/info-hash.ts'

export const Ring = { Written: 0, Fetched: 16, Wanted: 17, Places: 32 } as const

/** A power of two, so that counts may wrap around. */
export const RING_PLACES = 32_768
/**
 * Facts about torrents that appear and disappear fill at most this much. The rest is reserved for downloads: as many
 * may complete on one thread between two fetches.
 */
export const SHARED_PLACES = RING_PLACES / 2
export const PLACE_WORDS = 1 + INFO_HASH_WORDS
export const RING_WORDS = Ring.Places + RING_PLACES * PLACE_WORDS

/** Memory for the facts of `threads` threads. */
export function createFactMemory(threads: number): SharedArrayBuffer {
  return new SharedArrayBuffer(threads * RING_WORDS * Int32Array.BYTES_PER_ELEMENT)
}
