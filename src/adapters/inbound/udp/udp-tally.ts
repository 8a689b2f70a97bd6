// The counts of one thread between two batches: adding to a plain array is cheaper than calling a port, and each batch
// is reported at once. Doubles, because nanoseconds are summed up too: 32 bits overflow after 2.1 s, and on a machine
// that was suspended a batch lasts hours.

import type { Counters } from '../../../domain/ports/outbound/counters.ts'
import { COUNTER_NAMES } from '../../protocol/metrics/counters.ts'

/** Index: `Counter.udp_…`. */
export class UdpTally {
  readonly counts = new Float64Array(COUNTER_NAMES.length)
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
  }
}
