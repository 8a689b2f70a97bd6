// Turns what the threads count into a report: looks once a second, for the course over time, and at the end.

import { type LoadCounts, type LoadMemory, sumCounts, sumLatencies } from './load-memory.ts'
import type { LoadPlan } from './load-plan.ts'
import type { FillReport, KindReport, LoadReport, Moment } from './load-report.ts'
import { curveOf, histogramOf, latencyAt, percentilesOf } from './percentiles.ts'

/** A shorter rest of a second says nothing. */
const MIN_MOMENT_SECONDS = 0.1
const REQUEST_KINDS = ['connect', 'announce', 'scrape'] as const

export class Measurement {
  readonly #plan: LoadPlan
  readonly #memory: LoadMemory
  readonly #startedAt = new Date()
  readonly #clock: () => number
  readonly #begun: number
  readonly #moments: Moment[] = []
  #seconds = 0
  #lookedAt = 0
  #counts: LoadCounts
  #latencies: Int32Array
  #requestsInTime = 0
  #repliesInTime = 0

  /** To be made when the measurement begins. The clock counts milliseconds. */
  constructor(plan: LoadPlan, memory: LoadMemory, clock = () => performance.now()) {
    this.#plan = plan
    this.#clock = clock
    this.#begun = clock()
    this.#memory = memory
    this.#counts = sumCounts(memory)
    this.#latencies = sumLatencies(memory)
  }

  /** Notes what has happened since the last look. */
  look(): void {
    const atSeconds = (this.#clock() - this.#begun) / 1000
    const counts = sumCounts(this.#memory)
    const latencies = sumLatencies(this.#memory)
    const elapsed = atSeconds - this.#lookedAt
    const histogram = histogramOf(latencies, REQUEST_KINDS, this.#latencies)
    this.#moments.push({
      atSeconds,
      requestsPerSecond: (requestsOf(counts) - requestsOf(this.#counts)) / elapsed,
      repliesPerSecond: (repliesOf(counts) - repliesOf(this.#counts)) / elapsed,
      p50: latencyAt(histogram, 50),
      p99: latencyAt(histogram, 99),
    })
    this.#lookedAt = atSeconds
    this.#counts = counts
    this.#latencies = latencies
  }

  /** No more requests are sent from now on. */
  end(): void {
    const counts = sumCounts(this.#memory)
    this.#seconds = (this.#clock() - this.#begun) / 1000
    this.#requestsInTime = requestsOf(counts)
    this.#repliesInTime = repliesOf(counts)
    if (this.#seconds - this.#lookedAt >= MIN_MOMENT_SECONDS) this.look()
  }

  /** When nothing is in flight any more: whatever has not been answered is lost. */
  report({
    fill,
    firstFailure,
  }: {
    readonly fill: FillReport | null
    readonly firstFailure: string | undefined
  }): LoadReport {
    const { path: _secret, ...plan } = this.#plan
    const counts = sumCounts(this.#memory)
    const latencies = sumLatencies(this.#memory)
    const requests = requestsOf(counts)
    const replies = repliesOf(counts)
    const all = histogramOf(latencies, REQUEST_KINDS)
    const lost = Math.max(0, requests - replies - counts.failures - counts.malformed)
    const kind = (name: 'connect' | 'announce' | 'scrape'): KindReport => ({
      requests: counts[`${name}s`],
      replies: counts[`${name}Replies`],
      latency: percentilesOf(histogramOf(latencies, [name])),
    })
    return {
      plan,
      startedAt: this.#startedAt.toISOString(),
      seconds: this.#seconds,
      fill,
      requests,
      replies,
      requestsPerSecond: this.#requestsInTime / this.#seconds,
      repliesPerSecond: this.#repliesInTime / this.#seconds,
      failures: counts.failures,
      firstFailure: firstFailure ?? null,
      malformed: counts.malformed,
      lost,
      lostShare: requests === 0 ? 0 : lost / requests,
      unsent: counts.unsent,
      late: counts.late,
      unreachable: counts.unreachable,
      hostileSent: counts.hostileSent,
      kinds: { connect: kind('connect'), announce: kind('announce'), scrape: kind('scrape') },
      latency: percentilesOf(all),
      lateness: percentilesOf(histogramOf(latencies, ['lateness'])),
      latencyCurve: curveOf(all),
      peersPerAnnounce: counts.announceReplies === 0 ? null : counts.peersReceived / counts.announceReplies,
      bytesSent: counts.bytesSent,
      bytesReceived: counts.bytesReceived,
      events: { started: counts.started, completed: counts.completed, stopped: counts.stopped },
      connections: { opened: counts.opened, broken: counts.broken },
      cpuPerThread: counts.cpuMicroseconds / 1_000_000 / this.#seconds / this.#plan.threads,
      moments: this.#moments,
    }
  }
}

function requestsOf(counts: LoadCounts): number {
  return counts.connects + counts.announces + counts.scrapes
}

function repliesOf(counts: LoadCounts): number {
  return counts.connectReplies + counts.announceReplies + counts.scrapeReplies
}
