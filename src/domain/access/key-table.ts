// The keys that a private tracker knows, and how long each is valid.

import type { AccessMemory } from './access-memory.ts'
import { expiryWord, NEVER } from './expiry.ts'
import { TableHead } from './layout.ts'
import { RecordTable } from './record-table.ts'
import { Reload } from './reload.ts'

/** Records examined per slice: well under a millisecond. */
const RECORDS_IN_SLICE = 4096

export class KeyTable {
  readonly table: RecordTable
  readonly #words: Int32Array
  readonly #epoch: number
  readonly #reload: Reload

  constructor(memory: AccessMemory) {
    this.table = new RecordTable(memory, memory.plan.keys)
    this.#words = memory.words
    this.#epoch = memory.epochSeconds
    this.#reload = new Reload(this.table, { number: 0, mask: -1, drop: (record) => this.table.remove(record) })
  }

  /**
   * Whether the key in the first eight of `words` is known and, if `checksExpiration`, not expired: a key is valid
   * through the whole second in which it ends. `slot` is its slot in the table if already known.
   */
  isValid(words: Int32Array, nowSeconds: number, checksExpiration: boolean, slot = 0): boolean {
    const until = this.table.valueOf(slot === 0 ? this.table.slotOf(words, 0) : slot, words, 0)
    if (until === 0) return false
    return !checksExpiration || until === NEVER || until >= nowSeconds - this.#epoch
  }

  get count(): number {
    return this.table.head(TableHead.Records)
  }

  // From here on: only for the writing thread.

  /** Whether the key is known, expired or not. */
  has(words: Int32Array): boolean {
    return this.table.find(words, 0) !== 0
  }

  /**
   * Adds a key, or changes its expiry (seconds since 1970; undefined: never). False, and nothing has changed, when the
   * table is full.
   */
  put(words: Int32Array, validUntilSeconds: number | undefined): boolean {
    const until = expiryWord(validUntilSeconds, this.#epoch)
    const known = this.table.find(words, 0)
    const record = known === 0 ? this.table.add(words, 0, until) : known
    if (record === 0) return false
    if (known !== 0) this.table.setValue(record, until)
    this.#reload.markSeen(record)
    return true
  }

  /** Returns whether the key was known. */
  remove(words: Int32Array): boolean {
    const record = this.table.find(words, 0)
    if (record !== 0) this.table.remove(record)
    return record !== 0
  }

  /** Begins to replace all keys by those put from now on; follow with `put` for each, then `endReload`. */
  beginReload(): void {
    this.#reload.begin()
  }

  /** Removes, a slice at a time, what was not put since `beginReload`; call it until it returns true. */
  endReload(): boolean {
    return this.#reload.endSlice()
  }

  /**
   * Visits the keys that were valid at `sinceSeconds` and are not at `nowSeconds`, in the slice of the table that
   * begins with record number `first` (0 for the first slice). `visit` receives words and the key's offset in them,
   * valid during the call. Returns where the next slice begins; undefined after the last one.
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
}
