// A table in shared memory that one thread writes and any number of threads read without a lock. A keyed hash leads
// from the key to a slot, the slot to a chain of records.
//
// A new record is written completely before the slot leads to it. A removed one is (1) unlinked from its chain, its own
// link left as it is, (2) counted in Removals, (3) free for reuse. A reader compares Removals before and after, and
// retries when they differ. Why that is enough: suppose a record that the reader passed was reused before the second
// comparison. Then it was removed, and counted, before that. If it was counted after the first read of Removals, the
// two values differ. If it was counted before, no chain led to it when the reader started; the reader must have reached
// it through a link stored after the record was complete again, so what it read was correct. Links, values and Removals
// go through Atomics, in one order for all threads. The words of a key do not: where a processor reorders reads, a torn
// mix of two keys could match a third key that happens to equal that mix.

import { halfSipHash } from '../half-siphash.ts'
import type { AccessMemory } from './access-memory.ts'
import { AccessHeader, TableHead, type TablePlan, Tail } from './layout.ts'

export class RecordTable {
  readonly #words: Int32Array
  readonly #plan: TablePlan
  readonly #removalsAt: number
  readonly #slotsAt: number
  readonly #slotShift: number
  readonly #keyWords: number
  readonly #key0: number
  readonly #key1: number

  constructor(memory: AccessMemory, plan: TablePlan) {
    this.#words = memory.words
    this.#plan = plan
    this.#removalsAt = plan.headAt + TableHead.Removals
    this.#slotsAt = plan.slotsAt
    this.#slotShift = 32 - plan.slotsLog2
    this.#keyWords = plan.keyWords
    this.#key0 = memory.words[AccessHeader.Key0]
    this.#key1 = memory.words[AccessHeader.Key1]
  }

  /** Word offset of the slot for the key at `at` of `words`. */
  slotOf(words: Int32Array, at: number): number {
    return this.#slotsAt + (halfSipHash(words, at, this.#keyWords, this.#key0, this.#key1) >>> this.#slotShift)
  }

  /** The value of the key at `at` of `words`, whose slot is `slot`; 0 if it has no record. For any thread. */
  valueOf(slot: number, words: Int32Array, at: number): number {
    const memory = this.#words
    for (;;) {
      const removals = Atomics.load(memory, this.#removalsAt)
      const record = this.#find(slot, words, at)
      const value = record === 0 ? 0 : Atomics.load(memory, record + this.#keyWords + Tail.Value)
      if (Atomics.load(memory, this.#removalsAt) === removals) return value
    }
  }

  /** Reads the slot's word only to bring it into the cache. */
  fetchSlot(slot: number): number {
    return this.#words[slot]
  }

  /** The same for the first record of the slot's chain. */
  fetchRecord(slot: number): number {
    return this.#words[this.#words[slot]]
  }

  /** A word of the table's head. For any thread. */
  head(word: number): number {
    return Atomics.load(this.#words, this.#plan.headAt + word)
  }

  // From here on: only for the writing thread.

  setHead(word: number, value: number): void {
    Atomics.store(this.#words, this.#plan.headAt + word, value)
  }

  /** Address of the record with the key at `at` of `words`; 0 if none. */
  find(words: Int32Array, at: number): number {
    return this.#find(this.slotOf(words, at), words, at)
  }

  /**
   * Adds a record for a key that has none, with a value other than 0; returns 0, having changed nothing, when the table
   * is full.
   */
  add(words: Int32Array, at: number, value: number): number {
    const memory = this.#words
    const tail = this.#keyWords
    const record = this.#take()
    if (record === 0) return 0
    const slot = this.slotOf(words, at)
    for (let i = 0; i < tail; i++) memory[record + i] = words[at + i]
    memory[record + tail + Tail.Stamp] = 0
    Atomics.store(memory, record + tail + Tail.Value, value)
    Atomics.store(memory, record + tail + Tail.Next, memory[slot])
    Atomics.store(memory, slot, record)
    this.setHead(TableHead.Records, this.head(TableHead.Records) + 1)
    return record
  }

  remove(record: number): void {
    const memory = this.#words
    const tail = this.#keyWords
    let link = this.slotOf(memory, record)
    while (memory[link] !== record) link = memory[link] + tail + Tail.Next
    Atomics.store(memory, link, memory[record + tail + Tail.Next])
    this.setHead(TableHead.Removals, (this.head(TableHead.Removals) + 1) | 0)
    Atomics.store(memory, record + tail + Tail.Value, 0)
    memory[record + tail + Tail.Stamp] = this.head(TableHead.FreeRecord)
    this.setHead(TableHead.FreeRecord, record)
    this.setHead(TableHead.Records, this.head(TableHead.Records) - 1)
  }

  value(record: number): number {
    return this.#words[record + this.#keyWords + Tail.Value]
  }

  setValue(record: number, value: number): void {
    Atomics.store(this.#words, record + this.#keyWords + Tail.Value, value)
  }

  stamp(record: number): number {
    return this.#words[record + this.#keyWords + Tail.Stamp]
  }

  setStamp(record: number, stamp: number): void {
    this.#words[record + this.#keyWords + Tail.Stamp] = stamp
  }

  /** Records that may be in use are numbered from 0 to one less than this; the value of unused ones is 0. */
  get touched(): number {
    return this.head(TableHead.Touched)
  }

  /** Address of the record with a number. */
  recordAt(number: number): number {
    return this.#plan.recordsAt + number * this.#plan.recordWords
  }

  #find(slot: number, words: Int32Array, at: number): number {
    const memory = this.#words
    const count = this.#keyWords
    let record = Atomics.load(memory, slot)
    while (record !== 0) {
      let i = 0
      while (i < count && memory[record + i] === words[at + i]) i++
      if (i === count) return record
      record = Atomics.load(memory, record + count + Tail.Next)
    }
    return 0
  }

  #take(): number {
    const free = this.head(TableHead.FreeRecord)
    if (free !== 0) {
      this.setHead(TableHead.FreeRecord, this.stamp(free))
      return free
    }
    const { touched } = this
    if (touched === this.#plan.capacity) return 0
    this.setHead(TableHead.Touched, touched + 1)
    return this.recordAt(touched)
  }
}
