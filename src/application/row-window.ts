// Rows of consecutive hashes in compact form, handed out in ascending order. They are sorted only as far as they are
// handed out, so that no step takes long.

import type { TorrentRow } from '../domain/ports/inbound/torrent-queries.ts'
import { compareHashes, ROW_WORDS, unpackRow } from './packed-row.ts'

export class RowWindow {
  readonly #rows: Int32Array
  /** Offsets of rows as a heap: the first is the lowest. */
  readonly #heap: Int32Array
  readonly #last = new Int32Array(ROW_WORDS)
  #hasLast = false
  #count = 0

  constructor(maxRows: number) {
    this.#rows = new Int32Array(maxRows * ROW_WORDS)
    this.#heap = new Int32Array(maxRows)
  }

  get isEmpty(): boolean {
    return this.#count === 0
  }

  /** The hash of the row handed out last, as sort keys; undefined before the first. */
  get last(): Int32Array | undefined {
    return this.#hasLast ? this.#last : undefined
  }

  /** Copies rows, at most as many as fit, in any order; returns their number. */
  fill(rows: Int32Array): number {
    this.#rows.set(rows)
    this.#count = rows.length / ROW_WORDS
    for (let i = 0; i < this.#count; i++) this.#heap[i] = i * ROW_WORDS
    for (let i = (this.#count >> 1) - 1; i >= 0; i--) this.#siftDown(i)
    return this.#count
  }

  /** Hands out the next rows, at most `limit`. */
  take(limit: number): TorrentRow[] {
    const rows: TorrentRow[] = []
    while (rows.length < limit && this.#count > 0) {
      const at = this.#heap[0]
      rows.push(unpackRow(this.#rows, at))
      this.#last.set(this.#rows.subarray(at, at + ROW_WORDS))
      this.#hasLast = true
      this.#heap[0] = this.#heap[--this.#count]
      this.#siftDown(0)
    }
    return rows
  }

  #siftDown(from: number): void {
    const heap = this.#heap
    const rows = this.#rows
    const moved = heap[from]
    let at = from
    for (;;) {
      let child = 2 * at + 1
      if (child >= this.#count) break
      if (child + 1 < this.#count && compareHashes(rows, heap[child + 1], rows, heap[child]) < 0) child++
      if (compareHashes(rows, moved, rows, heap[child]) <= 0) break
      heap[at] = heap[child]
      at = child
    }
    heap[at] = moved
  }
}
