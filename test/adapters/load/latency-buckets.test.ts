import { describe, expect, it } from '@jest/globals'
import { LATENCY_BUCKETS, latencyBucket, latencyOfBucket } from '../../../src/adapters/load/latency-buckets.ts'
import { LATENCY_KINDS } from '../../../src/adapters/load/load-memory.ts'
import { histogramOf, percentilesOf } from '../../../src/adapters/load/percentiles.ts'

describe('latency buckets', () => {
  it('keep every latency to within half a percent', () => {
    for (let latency = 0; latency < 100_000_000; latency = Math.ceil(latency * 1.003) + 1) {
      const bucket = latencyBucket(latency)
      expect(bucket).toBeLessThan(LATENCY_BUCKETS)
      expect(Math.abs(latencyOfBucket(bucket) - latency)).toBeLessThanOrEqual(latency * 0.005)
    }
  })

  it('follow each other without a gap', () => {
    for (let bucket = 1; bucket < LATENCY_BUCKETS; bucket++) {
      expect(latencyOfBucket(bucket)).toBeGreaterThan(latencyOfBucket(bucket - 1))
      expect(latencyBucket(latencyOfBucket(bucket))).toBe(bucket)
    }
  })

  it('keep what is too long in the last one, and what is negative in the first', () => {
    expect(latencyBucket(1e12)).toBe(LATENCY_BUCKETS - 1)
    expect(latencyBucket(-5)).toBe(0)
  })
})

describe('percentiles', () => {
  it('are those of the latencies that were counted', () => {
    const counts = new Int32Array(LATENCY_KINDS.length * LATENCY_BUCKETS)
    const announces = counts.subarray(LATENCY_BUCKETS)
    for (let latency = 1; latency <= 10_000; latency++) announces[latencyBucket(latency)]++
    const { count, p50, p99, p999, max } = percentilesOf(histogramOf(counts, ['announce']))
    expect(count).toBe(10_000)
    for (const [found, right] of [
      [p50, 5000],
      [p99, 9900],
      [p999, 9990],
      [max, 10_000],
    ]) {
      expect(Math.abs((found ?? 0) - (right ?? 0))).toBeLessThanOrEqual((right ?? 0) * 0.006)
    }
    expect(percentilesOf(histogramOf(counts, ['scrape'])).p99).toBeNull()
  })
})
