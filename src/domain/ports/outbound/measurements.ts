// What is measured rather than counted: how long things take, how large they are, how a thread is doing. Fixed buckets, no
// allocation: the hot lane may measure.

import { port } from '../port.ts'

const seconds = (...microseconds: readonly number[]): readonly number[] => microseconds.map((value) => value / 1e6)

const GC_BOUNDS = seconds(100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 100_000, 250_000)

/** Upper bounds of the buckets, by histogram; whatever is larger than the last falls into one more. In seconds unless named otherwise. */
export const HISTOGRAM_BOUNDS = {
  /** Handling one datagram: the time of its batch, from taken in to answers ready, shared out evenly. */
  udp_handling: seconds(0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096),
  /** Datagrams in a batch. */
  udp_batch_datagrams: [1, 2, 4, 8, 16, 32, 63, 64],
  /** An HTTP announce, from request read to reply handed over. */
  http_announce: seconds(10, 20, 40, 80, 160, 320, 640, 1280, 5120, 20_480, 81_920),
  /** A request to the management API, from request read to answer sent. */
  rest_request: seconds(
    500,
    1000,
    2500,
    5000,
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1e6,
    2.5e6,
    5e6,
    10e6,
  ),
  /** One statement, as the database driver sees it. */
  store_query: seconds(100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 100_000, 250_000, 1e6, 2.5e6, 10e6),
  /** A pause for young garbage, and one for old. */
  gc_minor: GC_BOUNDS,
  gc_major: GC_BOUNDS,
} as const
export type HistogramName = keyof typeof HISTOGRAM_BOUNDS

export const HISTOGRAM_NAMES = Object.freeze(Object.keys(HISTOGRAM_BOUNDS)) as readonly HistogramName[]

/** Index of a histogram: `Histogram.http_announce`. */
export const Histogram = Object.freeze(
  Object.fromEntries(HISTOGRAM_NAMES.map((name, index) => [name, index])),
) as Readonly<Record<HistogramName, number>>

/** What a thread last said of itself. */
export const GAUGE_NAMES = [
  'heap_used_bytes',
  'heap_total_bytes',
  /** How late the event loop was in the latest few seconds, in seconds; 0 in a UDP thread. */
  'event_loop_delay_mean',
  'event_loop_delay_p99',
  'event_loop_delay_max',
] as const
export type GaugeName = (typeof GAUGE_NAMES)[number]

export const Gauge = Object.freeze(Object.fromEntries(GAUGE_NAMES.map((name, index) => [name, index]))) as Readonly<
  Record<GaugeName, number>
>

export interface HistogramFigures {
  /** One more than there are bounds; each by itself, not added up. */
  readonly counts: readonly number[]
  readonly sum: number
}

export interface ThreadFigures {
  /** `main`, `udp-1`, `http-1`. */
  readonly thread: string
  readonly histograms: Readonly<Record<HistogramName, HistogramFigures>>
  readonly gauges: Readonly<Record<GaugeName, number>>
}

/** The process as the operating system sees it. */
export interface ProcessFigures {
  readonly residentBytes: number
  readonly cpuSeconds: number
  readonly startedAtSeconds: number
}

/** One instance per thread, to which only that thread adds. */
export interface Measurements {
  /** False: nobody wants to know, and clocks need not be read. */
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
