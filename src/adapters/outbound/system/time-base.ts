// How steady time relates to the date: both are read once, together, when the process starts. Every thread counts from
// that reading, so all threads agree, and setting the clock later changes nothing.

export interface TimeBase {
  /** The date, in seconds since 1970-01-01T00:00:00Z. */
  readonly wallSeconds: number
  /** The system's monotonic clock at the same moment; all threads read the same one. */
  readonly monotonicSeconds: number
}

/** Called once, by the main thread. */
export function readTimeBase(): TimeBase {
  return { wallSeconds: Date.now() / 1000, monotonicSeconds: monotonicSeconds() }
}

/** What to add to `performance.now()` in seconds, which counts from this thread's own start. */
export function steadyOffset(base: TimeBase): number {
  return base.wallSeconds - base.monotonicSeconds + monotonicSeconds() - performance.now() / 1000
}

function monotonicSeconds(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds + nanoseconds / 1e9
}
