// What is known of one endpoint: its uptime, altogether and of the last 24 hours, and its latencies. It never grows,
// however long the monitor runs.

import { build, type Histogram } from 'hdr-histogram-js'
import type { ProbeEvent, ProbeStatus } from './probe-event.ts'

const HOUR_MS = 3_600_000
const HOURS = 24
/** The histogram counts tenths of a millisecond, up to an hour, with two digits. */
const PER_MS = 10
const MAX_LATENCY = HOUR_MS * PER_MS

export interface Latencies {
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

interface Share {
  probes: number
  answered: number
}

export class EndpointRecord {
  readonly url: string
  readonly address: string | undefined
  /** False for an address that has left DNS. */
  isCurrent = true
  readonly #latencies: Histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: MAX_LATENCY,
    numberOfSignificantValueDigits: 2,
    bitBucketSize: 32,
    useWebAssembly: false,
  })
  readonly #total: Share = { probes: 0, answered: 0 }
  /** By hour of the day, each with the number of its hour since 1970. */
  readonly #hours: (Share & { hour: number })[] = Array.from({ length: HOURS }, () => ({
    hour: -1,
    probes: 0,
    answered: 0,
  }))
  readonly #counts: Record<ProbeStatus, number> = { ok: 0, timeout: 0, error: 0, unknown: 0 }
  #latencySumMs = 0
  #status: ProbeStatus = 'unknown'
  #sinceMs = 0
  #lastAtMs = 0
  #message: string | undefined

  constructor(url: string, address: string | undefined) {
    this.url = url
    this.address = address
  }

  add({ atMs, status, latencyMs, message }: ProbeEvent): void {
    if (status !== this.#status || this.#lastAtMs === 0) this.#sinceMs = atMs
    this.#status = status
    this.#lastAtMs = Math.max(this.#lastAtMs, atMs)
    this.#message = message
    this.#counts[status]++
    if (status === 'unknown') return
    const isAnswered = status === 'ok'
    for (const share of [this.#total, this.#hourOf(atMs)]) {
      share.probes++
      if (isAnswered) share.answered++
    }
    if (!isAnswered || latencyMs === undefined) return
    this.#latencySumMs += latencyMs
    this.#latencies.recordValue(Math.min(MAX_LATENCY, Math.max(1, Math.round(latencyMs * PER_MS))))
  }

  get status(): ProbeStatus {
    return this.#status
  }

  /** When its status was seen first without a change since. */
  get sinceMs(): number {
    return this.#sinceMs
  }

  get lastAtMs(): number {
    return this.#lastAtMs
  }

  get message(): string | undefined {
    return this.#message
  }

  get counts(): Readonly<Record<ProbeStatus, number>> {
    return this.#counts
  }

  get latencySumMs(): number {
    return this.#latencySumMs
  }

  /** From 0 to 1; undefined before the first probe. */
  get uptime(): number | undefined {
    return shareOf([this.#total])
  }

  uptimeOfDay(nowMs: number): number | undefined {
    const first = Math.floor(nowMs / HOUR_MS) - HOURS
    return shareOf(this.#hours.filter(({ hour }) => hour > first))
  }

  /** Milliseconds; undefined before the first answer. */
  get latencies(): Latencies | undefined {
    if (this.#latencies.totalCount === 0) return undefined
    const at = (percentile: number): number => this.#latencies.getValueAtPercentile(percentile) / PER_MS
    return { p50: at(50), p95: at(95), p99: at(99) }
  }

  #hourOf(atMs: number): Share {
    const hour = Math.floor(atMs / HOUR_MS)
    const share = this.#hours[hour % HOURS]
    if (share.hour < hour) Object.assign(share, { hour, probes: 0, answered: 0 })
    // A line of before, out of order: it no longer counts for the day.
    return share.hour === hour ? share : { probes: 0, answered: 0 }
  }
}

function shareOf(shares: readonly Share[]): number | undefined {
  const probes = shares.reduce((sum, share) => sum + share.probes, 0)
  return probes === 0 ? undefined : shares.reduce((sum, share) => sum + share.answered, 0) / probes
}
