// The counts of one thread between two batches: adding to a plain array is cheaper than calling a port, and each batch
// is reported at once. Counts are small integers; nanoseconds are summed up as doubles, because 32 bits overflow after
// 2.1 s, and on a machine that was suspended a batch lasts hours.

import type { Counters } from '../../../domain/ports/outbound/counters.ts'
import { COUNTER_NAMES, Counter } from '../../protocol/metrics/counters.ts'

/** Indices into `UdpTally.nanoseconds`. */
export const TimedKind = { Connect: 0, Announce: 1, Scrape: 2 } as const

const NANOSECOND_COUNTERS = [
  Counter.udp_connect_nanoseconds,
  Counter.udp_announce_nanoseconds,
  Counter.udp_scrape_nanoseconds,
]

export class UdpTally {
  /** Index: `Counter.udp_…`, except the counters of nanoseconds. */
  readonly counts = new Int32Array(COUNTER_NAMES.length)
  /** Index: `TimedKind`. */
  readonly nanoseconds = new Float64Array(NANOSECOND_COUNTERS.length)
  readonly #counters: Counters

  constructor(counters: Counters) {
    this.#counters = counters
  }

  /** Reports the counts since the last call. */
  flush(): void {
    const counts = this.counts
    for (let counter = 0; counter < counts.length; counter++) {
      if (counts[counter] === 0) continue
      this.#counters.add(counter, counts[counter])
      counts[counter] = 0
    }
    const nanoseconds = this.nanoseconds
    for (let kind = 0; kind < nanoseconds.length; kind++) {
      if (nanoseconds[kind] === 0) continue
      this.#counters.add(NANOSECOND_COUNTERS[kind], nanoseconds[kind])
      nanoseconds[kind] = 0
    }
  }
}
