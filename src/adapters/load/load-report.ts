// What a load has found, as plain values: what the reports on the terminal, as JSON and as HTML are made of.

import type { LoadPlan } from './load-plan.ts'

/** Microseconds; null if nothing was measured. */
export interface Percentiles {
  readonly count: number
  readonly mean: number | null
  readonly p50: number | null
  readonly p90: number | null
  readonly p99: number | null
  readonly p999: number | null
  readonly p9999: number | null
  readonly max: number | null
}

export interface FillReport {
  readonly seconds: number
  /** As many as there should be. */
  readonly peers: number
  /** Confirmed by a reply, each once. */
  readonly confirmed: number
  /** The sum over all torrents of the most peers that a reply has counted: what the tracker has stored. */
  readonly counted: number
  /** Peers that replies have counted too few, and too many, over all torrents in which they did. */
  readonly missing: number
  readonly surplus: number
  /** Announces that were sent again because no proper reply came. */
  readonly repeated: number
  readonly refused: number
  /** Every peer is stored exactly once, and no other is in these torrents. */
  readonly isComplete: boolean
}

export interface KindReport {
  readonly requests: number
  readonly replies: number
  readonly latency: Percentiles
}

/** One second of the measurement, or what was left of it. */
export interface Moment {
  /** Its end, from the beginning of the measurement. */
  readonly atSeconds: number
  readonly requestsPerSecond: number
  readonly repliesPerSecond: number
  readonly p50: number | null
  readonly p99: number | null
}

export interface LoadReport {
  readonly plan: Omit<LoadPlan, 'path'>
  readonly startedAt: string
  readonly seconds: number
  readonly fill: FillReport | null
  readonly requests: number
  readonly replies: number
  /** While it was measured: without what was sent or answered afterwards. */
  readonly requestsPerSecond: number
  readonly repliesPerSecond: number
  /** Error replies, and what the first of them says. */
  readonly failures: number
  readonly firstFailure: string | null
  readonly malformed: number
  /** No reply in time. */
  readonly lost: number
  /** Share of all requests, from 0 to 1. */
  readonly lostShare: number
  /** Requests that were due and that the tool could not send in time; they are no requests, and not lost. */
  readonly unsent: number
  /** Replies that nothing waited for any more, since the threads started. */
  readonly late: number
  /** How often nothing listened there, since the threads started. */
  readonly unreachable: number
  readonly hostileSent: number
  readonly kinds: Readonly<Record<'connect' | 'announce' | 'scrape', KindReport>>
  readonly latency: Percentiles
  /** Between the moment at which a request was due and the moment it was sent: the share of the tool in latencies. */
  readonly lateness: Percentiles
  readonly latencyCurve: readonly (readonly [percentile: number, microseconds: number])[]
  readonly peersPerAnnounce: number | null
  readonly bytesSent: number
  readonly bytesReceived: number
  readonly events: Readonly<Record<'started' | 'completed' | 'stopped', number>>
  readonly connections: { readonly opened: number; readonly broken: number }
  /** Share of a core that each thread of the tool has used on average. */
  readonly cpuPerThread: number
  readonly moments: readonly Moment[]
}
