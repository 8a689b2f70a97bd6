// Buckets for latencies that threads count in: below 256 µs one a microsecond, above that 128 for each doubling. Adding
// takes a few instructions and no allocation; percentiles are computed later, by hdr-histogram-js.

const SUB_BITS = 8
const HALF = 1 << (SUB_BITS - 1)
const MAX_BITS = 27
const MAX_MICROSECONDS = 2 ** MAX_BITS - 1

export const LATENCY_BUCKETS = HALF * (MAX_BITS - SUB_BITS + 2)

/** The bucket of a latency; what is longer than two minutes is in the last one. */
export function latencyBucket(microseconds: number): number {
  const value = microseconds > MAX_MICROSECONDS ? MAX_MICROSECONDS : microseconds < 0 ? 0 : microseconds | 0
  const shift = 32 - SUB_BITS - Math.clz32(value)
  return shift <= 0 ? value : shift * HALF + (value >>> shift)
}

/** The middle of a bucket, in whole microseconds. */
export function latencyOfBucket(bucket: number): number {
  const shift = (bucket >>> (SUB_BITS - 1)) - 1
  if (shift <= 0) return bucket
  return ((bucket - shift * HALF) << shift) + (1 << (shift - 1))
}
