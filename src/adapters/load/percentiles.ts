// Percentiles of what threads have counted in buckets, by hdr-histogram-js (its pure JavaScript histogram).

import { build, type Histogram } from 'hdr-histogram-js'
import { LATENCY_BUCKETS, latencyOfBucket } from './latency-buckets.ts'
import { LATENCY_KINDS, type LatencyKind } from './load-memory.ts'
import type { Percentiles } from './load-report.ts'

/** Percentiles of the curve in reports: dense where the tail is. */
const CURVE = [0, 10, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.75, 99.9, 99.95, 99.99, 99.999, 100]

/** `counts`: by kind and bucket, less those of `before`. */
export function histogramOf(counts: Int32Array, kinds: readonly LatencyKind[], before?: Int32Array): Histogram {
  const histogram = build({ bitBucketSize: 64, numberOfSignificantValueDigits: 3, useWebAssembly: false })
  for (const kind of kinds) {
    const from = LATENCY_KINDS.indexOf(kind) * LATENCY_BUCKETS
    for (let bucket = 0; bucket < LATENCY_BUCKETS; bucket++) {
      const count = counts[from + bucket] - (before?.[from + bucket] ?? 0)
      if (count > 0) histogram.recordValueWithCount(latencyOfBucket(bucket), count)
    }
  }
  return histogram
}

export function percentilesOf(histogram: Histogram): Percentiles {
  const at = (percentile: number): number | null => latencyAt(histogram, percentile)
  return {
    count: histogram.totalCount,
    mean: histogram.totalCount === 0 ? null : Math.round(histogram.mean * 10) / 10,
    p50: at(50),
    p90: at(90),
    p99: at(99),
    p999: at(99.9),
    p9999: at(99.99),
    max: at(100),
  }
}

export function latencyAt(histogram: Histogram, percentile: number): number | null {
  return histogram.totalCount === 0 ? null : histogram.getValueAtPercentile(percentile)
}

export function curveOf(histogram: Histogram): readonly (readonly [number, number])[] {
  if (histogram.totalCount === 0) return []
  return CURVE.map((percentile) => [percentile, histogram.getValueAtPercentile(percentile)])
}
