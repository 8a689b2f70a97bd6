// What a thread counts, in its row of the shared memory. Only requests that were due while the load is measured count.

import { LATENCY_BUCKETS, latencyBucket } from './latency-buckets.ts'
import { LATENESS, LOAD_COUNTS, type LoadRow } from './load-memory.ts'
import type { OpenSchedule } from './open-schedule.ts'

const { connects, connectReplies, bytesSent, anyReplies, completed, started, stopped, unsent } = LOAD_COUNTS
/** By event of BEP 15; a regular announce is none. */
const EVENT_COUNTS = Int32Array.of(-1, completed, started, stopped)

export class LoadTally {
  readonly counts: Float64Array
  readonly #latencies: Int32Array
  /** Requests that were due before this do not count. */
  #measuredFrom = Number.POSITIVE_INFINITY

  constructor({ counts, latencies }: LoadRow) {
    this.counts = counts
    this.#latencies = latencies
  }

  measureFrom(now: number): void {
    this.#measuredFrom = now
  }

  isMeasured(dueAt: number): boolean {
    return dueAt >= this.#measuredFrom
  }

  /** A request of a kind (connect, announce, scrape) was sent at `now`. */
  sent(kind: number, bytes: number, dueAt: number, now: number): void {
    if (dueAt < this.#measuredFrom) return
    this.counts[connects + kind]++
    this.counts[bytesSent] += bytes
    this.#latencies[LATENESS * LATENCY_BUCKETS + latencyBucket(now - dueAt)]++
  }

  replied(kind: number, dueAt: number, now: number): void {
    this.counts[anyReplies]++
    if (dueAt < this.#measuredFrom) return
    this.counts[connectReplies + kind]++
    this.#latencies[kind * LATENCY_BUCKETS + latencyBucket(now - dueAt)]++
  }

  /** An announce with an event of BEP 15 was sent. */
  event(event: number, dueAt: number): void {
    if (event !== 0 && dueAt >= this.#measuredFrom) this.counts[EVENT_COUNTS[event]]++
  }

  /** The kernel has not taken a request that `sent` has counted at `now`. */
  notSent(kind: number, bytes: number, dueAt: number, now: number): void {
    if (dueAt < this.#measuredFrom) return
    this.counts[connects + kind]--
    this.counts[bytesSent] -= bytes
    this.counts[unsent]++
    this.#latencies[LATENESS * LATENCY_BUCKETS + latencyBucket(now - dueAt)]--
  }

  /** What was due until then cannot be answered in time any more, and is not sent. */
  giveUp(schedule: OpenSchedule, until: number): void {
    this.counts[unsent] += schedule.giveUp(this.#measuredFrom, until)
  }
}
