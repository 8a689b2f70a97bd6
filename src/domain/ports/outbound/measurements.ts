// What is measured rather than counted: durations, sizes, the state of a thread. Fixed buckets, no allocation: the hot
// lane may measure. Domain and application measure nothing, so the names are in the adapters' tables.

import { port } from '../port.ts'

/** What one thread has observed for one histogram. */
export interface HistogramFigures {
  /** One per bound, and one more for values above the last bound; not cumulative. */
  readonly counts: readonly number[]
  readonly sum: number
}

export interface ThreadFigures {
  /** `main`, `udp-1`, `http-1`. */
  readonly thread: string
  /** By the index that `observe` is called with. */
  readonly histograms: readonly HistogramFigures[]
  /** By the index that `set` is called with: the thread's latest values. */
  readonly gauges: readonly number[]
}

/** The process as the operating system sees it. */
export interface ProcessFigures {
  readonly residentBytes: number
  readonly cpuSeconds: number
  readonly startedAtSeconds: number
}

/** One instance per thread, to which only that thread adds. */
export interface Measurements {
  /** False: measurements are off, and clocks need not be read. */
  readonly isOn: boolean
  /** Notes `times` observations of one value. */
  observe(histogram: number, value: number, times: number): void
  set(gauge: number, value: number): void
}
export const Measurements = port<Measurements>('Measurements')

/** What all threads have measured. */
export interface MeasurementReader {
  threads(): readonly ThreadFigures[]
  process(): ProcessFigures
}
export const MeasurementReader = port<MeasurementReader>('MeasurementReader')
