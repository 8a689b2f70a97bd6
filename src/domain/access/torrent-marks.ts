// Which torrents are on the whitelist and which on the blocklist, in one table, so an announce needs one lookup.

import type { AccessMemory } from './access-memory.ts'
import { TableHead } from './layout.ts'
import { RecordTable } from './record-table.ts'
import { Reload } from './reload.ts'

/** The marks of a torrent, as bits. */
export const Mark = { Listed: 1, Blocked: 2 } as const
export type Mark = (typeof Mark)[keyof typeof Mark]

function listOf(mark: Mark): number {
  return mark - 1
}

export class TorrentMarks {
  readonly table: RecordTable
  /** One per list. */
  readonly #reloads: readonly Reload[]

  constructor(memory: AccessMemory) {
    this.table = new RecordTable(memory, memory.plan.torrents)
    this.#reloads = [Mark.Listed, Mark.Blocked].map(
      (mark) =>
        new Reload(this.table, { number: listOf(mark), mask: mark, drop: (record) => this.#removeMark(record, mark) }),
    )
  }

  /** Marks of the info hash at `at` of `words`; 0 for none. `slot` is its slot in the table if already known. */
  marksOf(words: Int32Array, at: number, slot = 0): number {
    return this.table.valueOf(slot === 0 ? this.table.slotOf(words, at) : slot, words, at)
  }

  /** Number of torrents with the mark. */
  count(mark: Mark): number {
    return this.table.head(TableHead.Marked + mark - 1)
  }

  // From here on: only for the writing thread.

  /** False, and nothing has changed, when the table is full. */
  mark(words: Int32Array, at: number, mark: Mark): boolean {
    const known = this.table.find(words, at)
    const record = known === 0 ? this.table.add(words, at, mark) : known
    if (record === 0) return false
    const marks = known === 0 ? 0 : this.table.value(record)
    if ((marks & mark) === 0) {
      this.table.setValue(record, marks | mark)
      this.#count(mark, 1)
    }
    this.#reloads[listOf(mark)].markSeen(record)
    return true
  }

  /** Returns whether the torrent had the mark. */
  unmark(words: Int32Array, at: number, mark: Mark): boolean {
    const record = this.table.find(words, at)
    if (record === 0 || (this.table.value(record) & mark) === 0) return false
    this.#removeMark(record, mark)
    return true
  }

  /**
   * Begins to replace the mark's torrents by those marked from now on; follow with `mark` for each, then `endReload`.
   */
  beginReload(mark: Mark): void {
    this.#reloads[listOf(mark)].begin()
  }

  /**
   * Unmarks, a slice at a time, what was not marked since `beginReload`; call it until it returns true. Single changes
   * may happen in between, and other work may run between slices.
   */
  endReload(mark: Mark): boolean {
    return this.#reloads[listOf(mark)].endSlice()
  }

  #removeMark(record: number, mark: Mark): void {
    const rest = this.table.value(record) & ~mark
    if (rest === 0) this.table.remove(record)
    else this.table.setValue(record, rest)
    this.#count(mark, -1)
  }

  #count(mark: Mark, by: number): void {
    const word = TableHead.Marked + listOf(mark)
    this.table.setHead(word, this.table.head(word) + by)
  }
}
