// What is measured rather than counted: how long things take, how large they are, how a thread is doing. Fixed buckets,
// no allocation: the hot lane may measure. Domain and application measure nothing, so the names are in tables of the
// adapters.

import { port } from '../port.ts'

/** What one thread has observed of one thing. */
export interface HistogramFigures {
  /** One for each bound, and one more for what is larger than the last; each by itself, not added up. */
  readonly counts: readonly number[]
  readonly sum: number
}

export interface ThreadFigures {
  /** `main`, `udp-1`, `http-1`. */
  readonly thread: string
  /** By the index that `observe` is called with. */
  readonly histograms: readonly HistogramFigures[]
  /** By the index that `set` is called with: what the thread last said of itself. */
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
  /** False: measurements are turned off, and clocks need not be read. */
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
