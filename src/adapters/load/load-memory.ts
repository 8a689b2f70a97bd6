// The memory that the threads of a load share with the one that started them: what to do, how far they are, and what
// they have counted. Every thread writes to its own row only.

import { LATENCY_BUCKETS } from './latency-buckets.ts'

/** What threads do; they go through these in order. `Load` is not counted yet. */
export const LoadPhase = { Connect: 0, Fill: 1, Load: 2, Measure: 3, Drain: 4, Stop: 5 } as const
export type LoadPhase = (typeof LoadPhase)[keyof typeof LoadPhase]

/** What is counted of requests that were due while it was measured; the last ones count from the start. */
const COUNT_NAMES = [
  'connects',
  'announces',
  'scrapes',
  'connectReplies',
  'announceReplies',
  'scrapeReplies',
  'failures',
  'malformed',
  'unsent',
  'peersReceived',
  'bytesSent',
  'bytesReceived',
  'started',
  'completed',
  'stopped',
  'hostileSent',
  'opened',
  'broken',
  'late',
  'unreachable',
  'anyReplies',
  'filled',
  'fillRepeats',
  'fillRefused',
  'cpuMicroseconds',
] as const
export type LoadCount = (typeof COUNT_NAMES)[number]
export const LOAD_COUNTS = Object.fromEntries(COUNT_NAMES.map((name, index) => [name, index])) as Readonly<
  Record<LoadCount, number>
>

/** Latencies by kind of request, and how late requests were sent. */
export const LATENCY_KINDS = ['connect', 'announce', 'scrape', 'lateness'] as const
export type LatencyKind = (typeof LATENCY_KINDS)[number]
export const LATENESS = 3

/** Sent to each thread. */
export interface LoadMemory {
  readonly phase: Int32Array<SharedArrayBuffer>
  /** By thread: the phase that it has completed. */
  readonly completed: Int32Array<SharedArrayBuffer>
  /** By thread and count. */
  readonly counts: Float64Array<SharedArrayBuffer>
  /** By thread, kind and bucket. */
  readonly latencies: Int32Array<SharedArrayBuffer>
}

const ROW_LATENCIES = LATENCY_KINDS.length * LATENCY_BUCKETS
/** Two cache lines and more between the rows of threads. */
const ROW_COUNTS = COUNT_NAMES.length + 16

export function createLoadMemory(threads: number): LoadMemory {
  return {
    phase: new Int32Array(new SharedArrayBuffer(4)),
    completed: new Int32Array(new SharedArrayBuffer(4 * threads)),
    counts: new Float64Array(new SharedArrayBuffer(8 * threads * ROW_COUNTS)),
    latencies: new Int32Array(new SharedArrayBuffer(4 * threads * ROW_LATENCIES)),
  }
}

/** The rows of one thread, as views. */
export interface LoadRow {
  readonly counts: Float64Array
  readonly latencies: Int32Array
}

export function rowOf({ counts, latencies }: LoadMemory, thread: number): LoadRow {
  return {
    counts: counts.subarray(thread * ROW_COUNTS, thread * ROW_COUNTS + COUNT_NAMES.length),
    latencies: latencies.subarray(thread * ROW_LATENCIES, (thread + 1) * ROW_LATENCIES),
  }
}

export type LoadCounts = Readonly<Record<LoadCount, number>>

/** The counts of all threads together, at this moment. */
export function sumCounts(memory: LoadMemory): LoadCounts {
  const rows = memory.completed.length
  const sumOf = (index: number): number => {
    let sum = 0
    for (let thread = 0; thread < rows; thread++) sum += memory.counts[thread * ROW_COUNTS + index]
    return sum
  }
  return Object.fromEntries(COUNT_NAMES.map((name, index) => [name, sumOf(index)])) as LoadCounts
}

/** The latencies of all threads, by kind and bucket. */
export function sumLatencies(memory: LoadMemory): Int32Array {
  const sum = new Int32Array(ROW_LATENCIES)
  for (let at = 0; at < memory.latencies.length; at++) sum[at % ROW_LATENCIES] += memory.latencies[at]
  return sum
}
