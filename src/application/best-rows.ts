// The first few torrents in some order, picked during a scan over all of them. A torrent that is not picked costs one
// comparison; nothing is allocated during the scan, because swarms are locked meanwhile.

import { sortKeyOf } from '../domain/hash-order.ts'
import { INFO_HASH_WORDS, type InfoHash, infoHashToWords } from '../domain/info-hash.ts'
import type { TorrentRow, TorrentSort } from '../domain/ports/inbound/torrent-queries.ts'
import { Torrent } from '../domain/swarm/layout.ts'
import { compareHashes, unpackRow } from './packed-row.ts'

/** Words of a row: its rank, then a packed row. */
const Row = { Rank: 0, Hash: 1, Seeders: 6, Leechers: 7, Completed: 8 } as const
const ROW_WORDS = 9

export interface Wanted {
  readonly sort: TorrentSort
  /** Hex digits that the hashes begin with. */
  readonly prefix: string
  /** Rows begin after this one, or at the lowest hash. */
  readonly after: TorrentRow | undefined
  readonly limit: number
}

export class BestRows {
  readonly #wanted: Wanted
  readonly #mask = new Int32Array(INFO_HASH_WORDS)
  readonly #prefix = new Int32Array(INFO_HASH_WORDS)
  readonly #after = new Int32Array(ROW_WORDS)
  readonly #candidate = new Int32Array(ROW_WORDS)
  readonly #rows: Int32Array
  /** Row numbers as a heap: the first one is the last in the order. */
  readonly #heap: Int32Array
  #count = 0

  constructor(wanted: Wanted) {
    this.#wanted = wanted
    this.#rows = new Int32Array(wanted.limit * ROW_WORDS)
    this.#heap = new Int32Array(wanted.limit)
    hashToSortKeys(wanted.prefix.padEnd(40, '0'), this.#prefix, 0)
    hashToSortKeys('f'.repeat(wanted.prefix.length).padEnd(40, '0'), this.#mask, 0)
    // Sort keys of words have their first bit flipped.
    for (let i = 0; i < INFO_HASH_WORDS; i++) this.#mask[i] ^= 0x80000000
    if (wanted.after !== undefined) this.#readRow(wanted.after)
  }

  /** Considers a torrent of the scan. */
  readonly consider = (words: Int32Array, torrent: number): void => {
    const shown = this.#candidate
    shown[Row.Seeders] = words[torrent + Torrent.Seeders]
    shown[Row.Leechers] = words[torrent + Torrent.Leechers]
    shown[Row.Completed] = words[torrent + Torrent.Completed]
    shown[Row.Rank] = this.#rankOf(shown)
    for (let i = 0; i < INFO_HASH_WORDS; i++) shown[Row.Hash + i] = sortKeyOf(words[torrent + Torrent.InfoHash + i])
    if (!this.#isWanted()) return
    if (this.#count < this.#wanted.limit) {
      this.#rows.set(shown, this.#count * ROW_WORDS)
      this.#siftUp(this.#count)
      this.#count++
    } else if (compare(shown, 0, this.#rows, this.#heap[0] * ROW_WORDS) < 0) {
      this.#rows.set(shown, this.#heap[0] * ROW_WORDS)
      this.#siftDown()
    }
  }

  /** The rows in order. */
  sorted(): TorrentRow[] {
    const rows = this.#rows
    const numbers = [...this.#heap.subarray(0, this.#count)]
    numbers.sort((a, b) => compare(rows, a * ROW_WORDS, rows, b * ROW_WORDS))
    return numbers.map((number) => unpackRow(rows, number * ROW_WORDS + Row.Hash))
  }

  #readRow({ infoHash, seeders, leechers, completed }: TorrentRow): void {
    const after = this.#after
    hashToSortKeys(infoHash, after, Row.Hash)
    after[Row.Seeders] = seeders
    after[Row.Leechers] = leechers
    after[Row.Completed] = completed
    after[Row.Rank] = this.#rankOf(after)
  }

  /** Decreases as the count that rows are sorted by increases. */
  #rankOf(row: Int32Array): number {
    switch (this.#wanted.sort) {
      case 'info_hash':
        return 0
      case 'seeders':
        return -row[Row.Seeders]
      case 'leechers':
        return -row[Row.Leechers]
      case 'completed':
        return -row[Row.Completed]
    }
  }

  #isWanted(): boolean {
    const shown = this.#candidate
    for (let i = 0; i < INFO_HASH_WORDS; i++) {
      if (((shown[Row.Hash + i] ^ this.#prefix[i]) & this.#mask[i]) !== 0) return false
    }
    return this.#wanted.after === undefined || compare(shown, 0, this.#after, 0) > 0
  }

  #siftUp(last: number): void {
    const heap = this.#heap
    let at = last
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (compare(this.#rows, heap[parent] * ROW_WORDS, this.#rows, last * ROW_WORDS) >= 0) break
      heap[at] = heap[parent]
      at = parent
    }
    heap[at] = last
  }

  #siftDown(): void {
    const heap = this.#heap
    const rows = this.#rows
    const number = heap[0]
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= this.#count) break
      if (child + 1 < this.#count && compare(rows, heap[child + 1] * ROW_WORDS, rows, heap[child] * ROW_WORDS) > 0) {
        child++
      }
      if (compare(rows, number * ROW_WORDS, rows, heap[child] * ROW_WORDS) >= 0) break
      heap[at] = heap[child]
      at = child
    }
    heap[at] = number
  }
}

/** Negative when the row at `a` comes first, 0 when they are equal. */
function compare(rowsA: Int32Array, a: number, rowsB: Int32Array, b: number): number {
  const ranks = rowsA[a + Row.Rank] - rowsB[b + Row.Rank]
  return ranks === 0 ? compareHashes(rowsA, a + Row.Hash, rowsB, b + Row.Hash) : ranks
}

/** `hash` is 40 hex digits. */
function hashToSortKeys(hash: string, sortKeys: Int32Array, at: number): void {
  infoHashToWords(hash as InfoHash, sortKeys, at)
  for (let i = 0; i < INFO_HASH_WORDS; i++) sortKeys[at + i] = sortKeyOf(sortKeys[at + i])
}
