// Times batches. The clock is read twice for every fourth batch, never per datagram: the time of a batch is divided
// evenly among its datagrams of all kinds.

import type { Measurements } from '../../../domain/ports/outbound/measurements.ts'
import { Counter } from '../../protocol/metrics/counters.ts'
import { Histogram } from '../../protocol/metrics/measurements.ts'
import { TimedKind, type UdpTally } from './udp-tally.ts'

/** One batch in this many is timed; a power of two. */
const TIMED_EVERY = 4

export class BatchWatch {
  readonly #measurements: Measurements
  readonly #counts: Int32Array
  readonly #nanoseconds: Float64Array
  readonly #nowMs: () => number
  #batches = 0
  /** Milliseconds; 0 for a batch that is not timed. */
  #beganAt = 0
  #connects = 0
  #announces = 0
  #scrapes = 0

  /** `nowMs` returns milliseconds with fractions, from any origin, but never 0. */
  constructor(tally: UdpTally, measurements: Measurements, nowMs = () => performance.now()) {
    this.#measurements = measurements
    this.#counts = tally.counts
    this.#nanoseconds = tally.nanoseconds
    this.#nowMs = nowMs
  }

  /** To be called when the datagrams of a batch have been received. */
  begin(): void {
    this.#beganAt = 0
    if (!this.#measurements.isOn || (this.#batches++ & (TIMED_EVERY - 1)) !== 0) return
    const counts = this.#counts
    this.#connects = counts[Counter.udp4_connects] + counts[Counter.udp6_connects]
    this.#announces = counts[Counter.udp4_announces] + counts[Counter.udp6_announces]
    this.#scrapes = counts[Counter.udp4_scrapes] + counts[Counter.udp6_scrapes]
    this.#beganAt = this.#nowMs()
  }

  /** To be called when the replies to its `datagrams` datagrams are ready. */
  end(datagrams: number): void {
    if (!this.#measurements.isOn) return
    this.#measurements.observe(Histogram.udp_batch_datagrams, datagrams, 1)
    if (this.#beganAt === 0) return
    const seconds = (this.#nowMs() - this.#beganAt) / 1000 / datagrams
    this.#measurements.observe(Histogram.udp_handling, seconds, datagrams)
    const counts = this.#counts
    const connects = counts[Counter.udp4_connects] + counts[Counter.udp6_connects] - this.#connects
    const announces = counts[Counter.udp4_announces] + counts[Counter.udp6_announces] - this.#announces
    const scrapes = counts[Counter.udp4_scrapes] + counts[Counter.udp6_scrapes] - this.#scrapes
    const nanoseconds = Math.round(seconds * 1e9)
    counts[Counter.udp_connects_timed] += connects
    this.#nanoseconds[TimedKind.Connect] += connects * nanoseconds
    counts[Counter.udp_announces_timed] += announces
    this.#nanoseconds[TimedKind.Announce] += announces * nanoseconds
    counts[Counter.udp_scrapes_timed] += scrapes
    this.#nanoseconds[TimedKind.Scrape] += scrapes * nanoseconds
  }
}
