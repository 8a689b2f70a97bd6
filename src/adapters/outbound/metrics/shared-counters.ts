// Counters in shared memory: a row for each thread, padded so that no two threads write to the same cache line. A
// thread adds to its own row without a lock; a total is the sum of the rows.

import type { Counters } from '../../../domain/ports/outbound/counters.ts'

export interface CounterLayout {
  /** Number of counters. */
  readonly count: number
  /** Counters from this index on stay at 0. */
  readonly end: number
}

/** In doubles. A row is a multiple of 128 bytes: two lines, because processors fetch them in pairs. */
function rowLength(counterCount: number): number {
  return Math.ceil(counterCount / 16) * 16
}

/** Memory for `counterCount` counters of `threads` threads. */
export function createCounterMemory(threads: number, counterCount: number): SharedArrayBuffer {
  return new SharedArrayBuffer(threads * rowLength(counterCount) * Float64Array.BYTES_PER_ELEMENT)
}

export class SharedCounters implements Counters {
  readonly #row: Float64Array
  readonly #all: Float64Array
  readonly #rowLength: number
  readonly #end: number

  /** `thread` is the number of the row; only the caller's thread may add to it. */
  constructor(memory: SharedArrayBuffer, thread: number, { count, end }: CounterLayout) {
    this.#end = end
    this.#rowLength = rowLength(count)
    this.#all = new Float64Array(memory)
    this.#row = this.#all.subarray(thread * this.#rowLength, (thread + 1) * this.#rowLength)
  }

  add(counter: number, amount: number): void {
    if (counter < this.#end) this.#row[counter] += amount
  }

  total(counter: number): number {
    let sum = 0
    for (let at = counter; at < this.#all.length; at += this.#rowLength) sum += this.#all[at]
    return sum
  }
}
