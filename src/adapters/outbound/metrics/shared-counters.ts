// Counters in shared memory. A thread has a row of its own for each listener, and one for everything else, padded so
// that no two threads write to the same cache line. It adds to its rows without a lock; a total is a sum of rows.

import type { Counters } from '../../../domain/ports/outbound/counters.ts'

/** Passed to the threads. */
export interface CounterMemory {
  readonly rows: SharedArrayBuffer
  /** Number of counters in a row. */
  readonly counters: number
  /** Number of listeners of all kinds. A thread has a row for each, whether it serves it or not. */
  readonly listeners: number
}

/** A row, and what is counted in it. */
export interface CounterRow {
  readonly thread: number
  /** Number of the listener; undefined: the thread's row for everything else. */
  readonly listener?: number
  /** Counters from this index on stay at 0. */
  readonly end: number
}

/** In doubles. A row is a multiple of 128 bytes: two lines, because processors fetch them in pairs. */
function rowLength(counters: number): number {
  return Math.ceil(counters / 16) * 16
}

/** Where the row of a listener begins; of the row for everything else if it is undefined. In doubles. */
function rowAt({ counters, listeners }: CounterMemory, thread: number, listener = -1): number {
  return (thread * (1 + listeners) + 1 + listener) * rowLength(counters)
}

/** Memory for `counters` counters of `threads` threads and `listeners` listeners. */
export function createCounterMemory(threads: number, listeners: number, counters: number): CounterMemory {
  const doubles = threads * (1 + listeners) * rowLength(counters)
  return { rows: new SharedArrayBuffer(doubles * Float64Array.BYTES_PER_ELEMENT), counters, listeners }
}

export class SharedCounters implements Counters {
  readonly #row: Float64Array
  readonly #all: Float64Array
  readonly #rowLength: number
  readonly #end: number

  /** Only the thread of the row may add to it. */
  constructor(memory: CounterMemory, { thread, listener, end }: CounterRow) {
    this.#end = end
    this.#rowLength = rowLength(memory.counters)
    this.#all = new Float64Array(memory.rows)
    const at = rowAt(memory, thread, listener)
    this.#row = this.#all.subarray(at, at + this.#rowLength)
  }

  add(counter: number, amount: number): void {
    if (counter < this.#end) this.#row[counter] += amount
  }

  total(counter: number): number {
    return sumOf(this.#all, counter, this.#rowLength)
  }
}

/** The sum of all threads for one counter of one listener. */
export function listenerTotal(memory: CounterMemory, listener: number, counter: number): number {
  const threadLength = rowAt(memory, 1)
  return sumOf(new Float64Array(memory.rows), rowAt(memory, 0, listener) + counter, threadLength)
}

/** The sum of every `step`-th double, from `first` on. */
function sumOf(doubles: Float64Array, first: number, step: number): number {
  let sum = 0
  for (let at = first; at < doubles.length; at += step) sum += doubles[at]
  return sum
}
