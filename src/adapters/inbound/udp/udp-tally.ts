// Counts of one thread between two batches: a plain array is cheaper to add to than a port, and a batch is reported at
// once. Doubles, because nanoseconds are among what is summed up: 32 bits of them are full after 2.1 s, and a machine
// that was suspended makes a batch last hours.

import type { Counters } from '../../../domain/ports/outbound/counters.ts'
import { COUNTER_NAMES } from '../../protocol/metrics/counters.ts'

/** Index: `Counter.udp_…`. */
export class UdpTally {
  readonly counts = new Float64Array(COUNTER_NAMES.length)
  readonly #counters: Counters

  constructor(counters: Counters) {
    this.#counters = counters
  }

  /** Reports what was counted since the last time. */
  flush(): void {
    const counts = this.counts
    for (let counter = 0; counter < counts.length; counter++) {
      if (counts[counter] === 0) continue
      this.#counters.add(counter, counts[counter])
      counts[counter] = 0
    }
  }
}
