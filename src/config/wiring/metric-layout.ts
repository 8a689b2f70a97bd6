// The layout of counters and measurements in shared memory, from the tables of their names.

import { MeasurementLayout } from '../../adapters/outbound/metrics/measurement-layout.ts'
import type { VitalIndices } from '../../adapters/outbound/metrics/thread-vitals.ts'
import { COUNTER_NAMES, FIRST_REQUEST_COUNTER } from '../../adapters/protocol/metrics/counters.ts'
import {
  GAUGE_NAMES,
  Gauge,
  HISTOGRAM_BOUNDS,
  HISTOGRAM_NAMES,
  Histogram,
} from '../../adapters/protocol/metrics/measurements.ts'

/** Where a row of counters ends: without `countsRequests`, statistics of requests stay 0. */
export function counterEnd(countsRequests: boolean): number {
  return countsRequests ? COUNTER_NAMES.length : FIRST_REQUEST_COUNTER
}

export const MEASUREMENT_LAYOUT = new MeasurementLayout(
  HISTOGRAM_NAMES.map((name) => HISTOGRAM_BOUNDS[name]),
  GAUGE_NAMES.length,
)

export const VITAL_INDICES: VitalIndices = {
  gcMinor: Histogram.gc_minor,
  gcMajor: Histogram.gc_major,
  heapUsedBytes: Gauge.heap_used_bytes,
  heapTotalBytes: Gauge.heap_total_bytes,
  delayMean: Gauge.event_loop_delay_mean,
  delayP99: Gauge.event_loop_delay_p99,
  delayMax: Gauge.event_loop_delay_max,
}
