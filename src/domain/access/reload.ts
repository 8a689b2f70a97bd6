// Makes a list in memory equal to the one in the store while other threads read it. Each entry of the store is put
// again, which stamps it with the reload's number; entries with another number afterwards are no longer in the store
// and are removed. Entries that stay are never missing, not even for a moment.

import { TableHead } from './layout.ts'
import type { RecordTable } from './record-table.ts'

/** Records examined per slice: well below a millisecond. */
const SLICE_RECORDS = 2048
const GENERATION_BITS = 15
const GENERATION_MASK = (1 << GENERATION_BITS) - 1

/** What distinguishes the lists of one table. */
export interface ListOfRecords {
  /** 0 or 1. */
  readonly number: number
  /** Bits of the value that mark a record as on the list. */
  readonly mask: number
  /** Takes a record off the list. */
  readonly drop: (record: number) => void
}

export class Reload {
  readonly #table: RecordTable
  readonly #list: ListOfRecords
  readonly #shift: number
  #next = 0

  constructor(table: RecordTable, list: ListOfRecords) {
    this.#table = table
    this.#list = list
    this.#shift = list.number * GENERATION_BITS
  }

  /** From now on every record that is put counts as seen. An earlier reload that was not ended is abandoned. */
  begin(): void {
    const word = TableHead.Generation + this.#list.number
    this.#table.setHead(word, (this.#generation + 1) & GENERATION_MASK)
    this.#next = 0
  }

  /** Must be called for every record put on the list, reload or not. */
  markSeen(record: number): void {
    const others = this.#table.stamp(record) & ~(GENERATION_MASK << this.#shift)
    this.#table.setStamp(record, others | (this.#generation << this.#shift))
  }

  /** Drops some of the records not seen since `begin`; true when none are left to examine. */
  endSlice(): boolean {
    const table = this.#table
    const { mask, drop } = this.#list
    const end = Math.min(this.#next + SLICE_RECORDS, table.touched)
    for (; this.#next < end; this.#next++) {
      const record = table.recordAt(this.#next)
      if ((table.value(record) & mask) !== 0 && !this.#hasSeen(record)) drop(record)
    }
    return this.#next >= table.touched
  }

  #hasSeen(record: number): boolean {
    return ((this.#table.stamp(record) >>> this.#shift) & GENERATION_MASK) === this.#generation
  }

  get #generation(): number {
    return this.#table.head(TableHead.Generation + this.#list.number)
  }
}
