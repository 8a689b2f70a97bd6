// Which keys a private tracker knows, and until when they are good.

import type { AccessMemory } from './access-memory.ts'
import { AccessHeader, TableHead } from './layout.ts'
import { RecordTable } from './record-table.ts'
import { Reload } from './reload.ts'

/** Records that a slice looks at: well under a millisecond. */
const RECORDS_IN_SLICE = 4096

/**
 * A key's end in one word: seconds from the epoch, which lies near now, so that the year 2038 is a year like any other.
 * What lies further away than a word can say is never, as is no end at all.
 */
const NEVER = 0x7fffffff
const LONG_AGO = -0x80000000
/** Stands for 0, which a value cannot be. Nobody sees the difference: it is a moment before the tracker was started. */
const AT_THE_EPOCH = -1

export class KeyTable {
  readonly table: RecordTable
  readonly #words: Int32Array
  readonly #epoch: number
  readonly #reload: Reload

  constructor(memory: AccessMemory) {
    this.table = new RecordTable(memory, memory.plan.keys)
    this.#words = memory.words
    this.#epoch = memory.words[AccessHeader.Epoch]
    this.#reload = new Reload(this.table, { number: 0, mask: -1, drop: (record) => this.table.remove(record) })
  }

  /**
   * Whether the key in the first eight of `words` is known and, if that is asked for, good: through the whole second in
   * which it ends. `slot` is its slot in the table when that is known already.
   */
  isValid(words: Int32Array, nowSeconds: number, checksExpiration: boolean, slot = 0): boolean {
    const until = this.table.valueOf(slot === 0 ? this.table.slotOf(words, 0) : slot, words, 0)
    if (until === 0) return false
    return !checksExpiration || until === NEVER || until >= nowSeconds - this.#epoch
  }

  get count(): number {
    return this.table.head(TableHead.Records)
  }

  // From here on: for the one thread that writes.

  /**
   * Adds a key, or changes its end (seconds since 1970; undefined: never). False, and nothing has changed, when the
   * table is full.
   */
  put(words: Int32Array, validUntilSeconds: number | undefined): boolean {
    const until = this.#wordOf(validUntilSeconds)
    const known = this.table.find(words, 0)
    const record = known === 0 ? this.table.add(words, 0, until) : known
    if (record === 0) return false
    if (known !== 0) this.table.setValue(record, until)
    this.#reload.markSeen(record)
    return true
  }

  /** Whether there was such a key. */
  remove(words: Int32Array): boolean {
    const record = this.table.find(words, 0)
    if (record !== 0) this.table.remove(record)
    return record !== 0
  }

  /** Begins to make the keys those that are put from now on; to be followed by `put` for each, then `endReload`. */
  beginReload(): void {
    this.#reload.begin()
  }

  /** Removes, a slice at a time, what was not put since `beginReload`; to be called until it returns true. */
  endReload(): boolean {
    return this.#reload.endSlice()
  }

  /**
   * Shows the keys that were good at `sinceSeconds` and are not at `nowSeconds`, of one slice of the table: the one
   * that begins with record number `first`, 0 for the first. `visit` is given words and where the key is in them, good
   * during the call. Returns where the next slice begins; undefined after the last one.
   */
  visitExpired(
    first: number,
    sinceSeconds: number,
    nowSeconds: number,
    visit: (words: Int32Array, at: number) => void,
  ): number | undefined {
    const end = Math.min(first + RECORDS_IN_SLICE, this.table.touched)
    for (let number = first; number < end; number++) {
      const record = this.table.recordAt(number)
      const until = this.table.value(record)
      if (until !== 0 && until >= sinceSeconds - this.#epoch && until < nowSeconds - this.#epoch) {
        visit(this.#words, record)
      }
    }
    return end < this.table.touched ? end : undefined
  }

  #wordOf(validUntilSeconds: number | undefined): number {
    if (validUntilSeconds === undefined) return NEVER
    return Math.min(Math.max(validUntilSeconds - this.#epoch, LONG_AGO), NEVER) || AT_THE_EPOCH
  }
}
