// Histograms and gauges of a thread: garbage collection pauses, heap, and event loop delay.

import { seconds } from './seconds.ts'

const GC_BOUNDS = seconds(100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 100_000, 250_000)

export const THREAD_HISTOGRAMS = {
  /** Garbage collection pauses for young and for old objects. */
  gc_minor: GC_BOUNDS,
  gc_major: GC_BOUNDS,
} as const

export const THREAD_GAUGES = [
  'heap_used_bytes',
  'heap_total_bytes',
  /** Event loop delay over the latest few seconds, in seconds; 0 in a UDP thread. */
  'event_loop_delay_mean',
  'event_loop_delay_p99',
  'event_loop_delay_max',
] as const
