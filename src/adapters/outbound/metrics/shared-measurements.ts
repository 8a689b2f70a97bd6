// Histograms and gauges in shared memory: a row for each thread, padded like those of the counters and written by that thread alone.

import {
  GAUGE_NAMES,
  type GaugeName,
  HISTOGRAM_BOUNDS,
  HISTOGRAM_NAMES,
  type HistogramFigures,
  type HistogramName,
  type Measurements,
  type ThreadFigures,
} from '../../../domain/ports/outbound/measurements.ts'

/** A histogram is its sum, then a count for each bucket; the gauges come after the last. */
const BOUNDS: readonly (readonly number[])[] = HISTOGRAM_NAMES.map((name) => HISTOGRAM_BOUNDS[name])
const STARTS: readonly number[] = BOUNDS.map((_, index) =>
  BOUNDS.slice(0, index).reduce((words, bounds) => words + bounds.length + 2, 0),
)
const GAUGES_AT = BOUNDS.reduce((words, bounds) => words + bounds.length + 2, 0)
const ROW_DOUBLES = Math.ceil((GAUGES_AT + GAUGE_NAMES.length) / 16) * 16

/** Memory for what `threads` threads measure. */
export const createMeasurementMemory = (threads: number): SharedArrayBuffer =>
  new SharedArrayBuffer(threads * ROW_DOUBLES * Float64Array.BYTES_PER_ELEMENT)

const rowOf = (memory: SharedArrayBuffer, thread: number): Float64Array =>
  new Float64Array(memory, thread * ROW_DOUBLES * Float64Array.BYTES_PER_ELEMENT, ROW_DOUBLES)

export class SharedMeasurements implements Measurements {
  readonly isOn: boolean
  readonly #row: Float64Array

  /** `thread` is the number of the row that the caller's thread, and no other, writes to. */
  constructor(memory: SharedArrayBuffer, thread: number, isOn: boolean) {
    this.isOn = isOn
    this.#row = rowOf(memory, thread)
  }

  observe(histogram: number, value: number, times: number): void {
    if (!this.isOn) return
    const row = this.#row
    const bounds = BOUNDS[histogram]
    const at = STARTS[histogram]
    let bucket = 0
    while (bucket < bounds.length && value > bounds[bucket]) bucket++
    row[at] += value * times
    row[at + 1 + bucket] += times
  }

  set(gauge: number, value: number): void {
    this.#row[GAUGES_AT + gauge] = value
  }
}

/** What the thread with that number has measured so far. */
export function readThread(memory: SharedArrayBuffer, number: number, thread: string): ThreadFigures {
  const row = rowOf(memory, number)
  const histograms = HISTOGRAM_NAMES.map((name, index): [HistogramName, HistogramFigures] => {
    const at = STARTS[index]
    return [name, { sum: row[at], counts: [...row.subarray(at + 1, at + 2 + BOUNDS[index].length)] }]
  })
  const gauges = GAUGE_NAMES.map((name, index): [GaugeName, number] => [name, row[GAUGES_AT + index]])
  return {
    thread,
    histograms: Object.fromEntries(histograms) as Record<HistogramName, HistogramFigures>,
    gauges: Object.fromEntries(gauges) as Record<GaugeName, number>,
  }
}
