// Counters in shared memory: a row for each thread, padded so that no two threads write to one cache line. A thread adds to its own
// row without any lock; whoever asks for a total adds up the rows.

import { COUNTER_NAMES, type Counters, FIRST_OTHER_COUNTER } from '../../../domain/ports/outbound/counters.ts'

/** A row is a multiple of 128 bytes: two lines, because processors fetch them in pairs. */
const ROW_DOUBLES = Math.ceil(COUNTER_NAMES.length / 16) * 16

/** Memory for the counters of `threads` threads. */
export const createCounterMemory = (threads: number): SharedArrayBuffer =>
  new SharedArrayBuffer(threads * ROW_DOUBLES * Float64Array.BYTES_PER_ELEMENT)

export class SharedCounters implements Counters {
  readonly #row: Float64Array
  readonly #all: Float64Array
  /** Counters below are left alone. */
  readonly #from: number

  /**
   * `thread` is the number of the row that the caller's thread, and no other, adds to. Without `countsRequests`, statistics of requests
   * stay 0.
   */
  constructor(memory: SharedArrayBuffer, thread: number, countsRequests = true) {
    this.#from = countsRequests ? 0 : FIRST_OTHER_COUNTER
    this.#all = new Float64Array(memory)
    this.#row = this.#all.subarray(thread * ROW_DOUBLES, (thread + 1) * ROW_DOUBLES)
  }

  add(counter: number, amount: number): void {
    if (counter >= this.#from) this.#row[counter] += amount
  }

  total(counter: number): number {
    let sum = 0
    for (let at = counter; at < this.#all.length; at += ROW_DOUBLES) sum += this.#all[at]
    return sum
  }
}
