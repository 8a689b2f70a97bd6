// Finds the first rows after a given one, in ascending order of hashes, during a scan over all torrents. Rows are only
// appended while swarms are locked. Whenever twice the wanted number has been collected, the larger half is discarded:
// the memory needed depends on the number of wanted rows, not on the number of torrents.

import { sortKeyOf } from '../domain/hash-order.ts'
import { INFO_HASH_WORDS } from '../domain/info-hash.ts'
import { Torrent } from '../domain/swarm/layout.ts'
import { compareHashes, ROW_WORDS, Row } from './packed-row.ts'

/** More than a slice of a scan visits, so that rows are rarely discarded under a lock. */
const ROOM_FOR_A_SLICE = 2048

export class RowCollector {
  readonly #maxRows: number
  readonly #rows: Int32Array
  readonly #spare = new Int32Array(ROW_WORDS)
  readonly #after = new Int32Array(ROW_WORDS)
  readonly #bound = new Int32Array(ROW_WORDS)
  #hasAfter = false
  /** Rows from `#bound` on are not wanted: enough lower ones have been found. */
  #hasBound = false
  #limit = 0
  #count = 0

  /** `maxRows` is the highest limit. The operating system commits memory only as it is used. */
  constructor(maxRows: number) {
    this.#maxRows = maxRows
    this.#rows = new Int32Array((2 * maxRows + ROOM_FOR_A_SLICE) * ROW_WORDS)
  }

  /** Begins to look for the first `limit` rows after the hash with the sort keys `after`; undefined: from the start. */
  begin(after: Int32Array | undefined, limit: number): void {
    if (limit > this.#maxRows) throw new RangeError('the limit is too high')
    this.#hasAfter = after !== undefined
    if (after !== undefined) this.#after.set(after)
    this.#hasBound = false
    this.#limit = limit
    this.#count = 0
  }

  /** Considers a torrent of the scan. */
  readonly consider = (words: Int32Array, torrent: number): void => {
    const rows = this.#rows
    const at = this.#count * ROW_WORDS
    for (let i = 0; i < INFO_HASH_WORDS; i++) rows[at + Row.Hash + i] = sortKeyOf(words[torrent + Torrent.InfoHash + i])
    if (this.#hasAfter && compareHashes(rows, at, this.#after, 0) <= 0) return
    if (this.#hasBound && compareHashes(rows, at, this.#bound, 0) >= 0) return
    rows[at + Row.Seeders] = words[torrent + Torrent.Seeders]
    rows[at + Row.Leechers] = words[torrent + Torrent.Leechers]
    rows[at + Row.Completed] = words[torrent + Torrent.Completed]
    this.#count++
    if ((this.#count + 1) * ROW_WORDS > rows.length) this.#discard()
  }

  /** To be called between slices. */
  discardSurplus(): void {
    if (this.#count >= 2 * this.#limit) this.#discard()
  }

  /** The rows found, at most the limit, in no order; valid until the next `begin`. */
  found(): Int32Array {
    if (this.#count > this.#limit) this.#discard()
    return this.#rows.subarray(0, this.#count * ROW_WORDS)
  }

  /** Moves the lowest rows to the front and forgets the others (quickselect): a scan meets hashes in random order. */
  #discard(): void {
    const limit = this.#limit
    let from = 0
    let to = this.#count - 1
    while (from < to) {
      const middle = this.#partition(from, to)
      if (limit <= middle) to = middle
      else from = middle + 1
    }
    this.#bound.set(this.#rows.subarray(limit * ROW_WORDS, (limit + 1) * ROW_WORDS))
    this.#hasBound = true
    this.#count = limit
  }

  /** Hoare's: afterwards no row up to the returned number is higher than one behind it. */
  #partition(from: number, to: number): number {
    const rows = this.#rows
    const pivot = this.#spare
    const middle = ((from + to) >> 1) * ROW_WORDS
    for (let i = 0; i < INFO_HASH_WORDS; i++) pivot[i] = rows[middle + i]
    let low = from
    let high = to
    for (;;) {
      while (compareHashes(rows, low * ROW_WORDS, pivot, 0) < 0) low++
      while (compareHashes(rows, high * ROW_WORDS, pivot, 0) > 0) high--
      if (low >= high) return high
      this.#swap(low++, high--)
    }
  }

  #swap(one: number, other: number): void {
    const rows = this.#rows
    const a = one * ROW_WORDS
    const b = other * ROW_WORDS
    for (let i = 0; i < ROW_WORDS; i++) {
      const word = rows[a + i]
      rows[a + i] = rows[b + i]
      rows[b + i] = word
    }
  }
}
