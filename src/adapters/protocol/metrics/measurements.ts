// All histograms and gauges: the combined tables, each name with its index into the rows of shared memory.

import { HTTP_HISTOGRAMS } from './tables/http-table.ts'
import { REST_HISTOGRAMS } from './tables/rest-table.ts'
import { STORE_HISTOGRAMS } from './tables/store-table.ts'
import { THREAD_GAUGES, THREAD_HISTOGRAMS } from './tables/thread-table.ts'
import { UDP_HISTOGRAMS } from './tables/udp-table.ts'

/** Upper bounds of the buckets, by histogram; one more bucket holds everything above the last. */
export const HISTOGRAM_BOUNDS = {
  ...UDP_HISTOGRAMS,
  ...HTTP_HISTOGRAMS,
  ...REST_HISTOGRAMS,
  ...STORE_HISTOGRAMS,
  ...THREAD_HISTOGRAMS,
} as const
export type HistogramName = keyof typeof HISTOGRAM_BOUNDS

export const HISTOGRAM_NAMES = Object.freeze(Object.keys(HISTOGRAM_BOUNDS)) as readonly HistogramName[]

/** Index of a histogram: `Histogram.http_announce`. */
export const Histogram = Object.freeze(
  Object.fromEntries(HISTOGRAM_NAMES.map((name, index) => [name, index])),
) as Readonly<Record<HistogramName, number>>

export const GAUGE_NAMES = THREAD_GAUGES
export type GaugeName = (typeof GAUGE_NAMES)[number]

/** Index of a gauge: `Gauge.heap_used_bytes`. */
export const Gauge = Object.freeze(Object.fromEntries(GAUGE_NAMES.map((name, index) => [name, index]))) as Readonly<
  Record<GaugeName, number>
>
