import { COUNTER_NAMES } from '../../src/adapters/protocol/metrics/counters.ts'
import type { Counters } from '../../src/domain/ports/outbound/counters.ts'

/** Counters of one thread, in an array. */
export class PlainCounters implements Counters {
  readonly #totals = new Array<number>(COUNTER_NAMES.length).fill(0)

  add(counter: number, amount: number): void {
    this.#totals[counter] += amount
  }

  total(counter: number): number {
    return this.#totals[counter]
  }
}
