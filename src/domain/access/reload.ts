// Making a list in memory equal to the one in the store while everybody reads it. Each entry that the store has is put
// once more, which stamps it with the reload's number; what has another number afterwards is in the store no longer and
// goes. Entries that stay are never away, not even for a moment.

import { TableHead } from './layout.ts'
import type { RecordTable } from './record-table.ts'

/** Records that a slice looks at: well below a millisecond. */
const SLICE_RECORDS = 2048
const GENERATION_BITS = 15
const GENERATION_MASK = (1 << GENERATION_BITS) - 1

/** What sets the lists of one table apart. */
export interface ListOfRecords {
  /** 0 or 1. */
  readonly number: number
  /** Bits of the value that say whether a record is on the list. */
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

  /** From here on every record that is put counts as seen. One that was begun before and not ended is forgotten. */
  begin(): void {
    const word = TableHead.Generation + this.#list.number
    this.#table.setHead(word, (this.#generation + 1) & GENERATION_MASK)
    this.#next = 0
  }

  /** Every record that is put on the list has to pass here, reload or not. */
  markSeen(record: number): void {
    const others = this.#table.stamp(record) & ~(GENERATION_MASK << this.#shift)
    this.#table.setStamp(record, others | (this.#generation << this.#shift))
  }

  /** Drops some of what was not seen since `begin`; true when there is nothing left to look at. */
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
