// Reads what each listener has counted, from the rows that all threads have for it.

import type { ListenerCounters, ListenerCounts } from '../../../domain/ports/outbound/listener-counters.ts'
import { type CounterMemory, listenerTotal } from './shared-counters.ts'

/** A listener that has started; its number is its place in the list. */
export type StartedListener = Omit<ListenerCounts, 'total'>

export class SharedListenerCounters implements ListenerCounters {
  readonly #memory: CounterMemory
  readonly #started: () => readonly StartedListener[]

  /** `started` returns all listeners in the order of their numbers. */
  constructor(memory: CounterMemory, started: () => readonly StartedListener[]) {
    this.#memory = memory
    this.#started = started
  }

  listeners(): readonly ListenerCounts[] {
    return this.#started().map((listener, number) => ({
      ...listener,
      total: (counter) => listenerTotal(this.#memory, number, counter),
    }))
  }
}
