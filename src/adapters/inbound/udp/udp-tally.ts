// The counts of one batch: adding to a plain array is cheaper than calling a port, and each batch is reported at once,
// to the counters of the listener that received it. Counts are small integers; nanoseconds are summed up as doubles,
// because 32 bits overflow after 2.1 s, and on a machine that was suspended a batch lasts hours.

import type { Counters } from '../../../domain/ports/outbound/counters.ts'
import { COUNTER_NAMES, Counter } from '../../protocol/metrics/counters.ts'
import { UDP_COUNTERS, UDP_REQUEST_COUNTERS } from '../../protocol/metrics/tables/udp-table.ts'

/** Indices into `UdpTally.nanoseconds`. */
export const TimedKind = { Connect: 0, Announce: 1, Scrape: 2 } as const

const NANOSECOND_COUNTERS = [
  Counter.udp_connect_nanoseconds,
  Counter.udp_announce_nanoseconds,
  Counter.udp_scrape_nanoseconds,
]

/** Each table is contiguous, so only these indices need to be looked at. */
const ALWAYS_FROM = Counter[UDP_COUNTERS[0]]
const ALWAYS_END = ALWAYS_FROM + UDP_COUNTERS.length
const REQUESTS_FROM = Counter[UDP_REQUEST_COUNTERS[0]]
const REQUESTS_END = REQUESTS_FROM + UDP_REQUEST_COUNTERS.length

export class UdpTally {
  /** Index: `Counter.udp_…`, except the counters of nanoseconds. */
  readonly counts = new Int32Array(COUNTER_NAMES.length)
  /** Index: `TimedKind`. */
  readonly nanoseconds = new Float64Array(NANOSECOND_COUNTERS.length)
  /** Datagrams that are no requests by their first 16 bytes, whatever they are counted as. */
  junk = 0

  /** Reports the counts since the last call. */
  flush(counters: Counters): void {
    this.#flushCounts(counters, ALWAYS_FROM, ALWAYS_END)
    this.#flushCounts(counters, REQUESTS_FROM, REQUESTS_END)
    this.junk = 0
    const nanoseconds = this.nanoseconds
    for (let kind = 0; kind < nanoseconds.length; kind++) {
      if (nanoseconds[kind] === 0) continue
      counters.add(NANOSECOND_COUNTERS[kind], nanoseconds[kind])
      nanoseconds[kind] = 0
    }
  }

  #flushCounts(counters: Counters, from: number, end: number): void {
    const counts = this.counts
    for (let counter = from; counter < end; counter++) {
      if (counts[counter] === 0) continue
      counters.add(counter, counts[counter])
      counts[counter] = 0
    }
  }
}
