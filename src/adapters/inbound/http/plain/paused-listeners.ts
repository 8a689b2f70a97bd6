// Listeners that are not polled, because nothing can be accepted for now: being told of their connections all the time
// would not help. These wait in the kernel until a connection is closed, or for a second.

import type { PollSet } from '../../../linux/poll-set.ts'
import { Counter } from '../../../protocol/metrics/counters.ts'
import type { PlainListener } from './plain-listener.ts'

export class PausedListeners {
  readonly #polled: PollSet
  readonly #listeners: PlainListener[] = []

  constructor(polled: PollSet) {
    this.#polled = polled
  }

  pause(listener: PlainListener): void {
    listener.counters.add(Counter.http_accept_pauses, 1)
    this.#polled.remove(listener.fd)
    this.#listeners.push(listener)
  }

  resume(): void {
    for (let paused = this.#listeners.pop(); paused !== undefined; paused = this.#listeners.pop()) {
      this.#polled.add(paused.fd)
    }
  }

  /** To be called when their sockets are closed. */
  forget(): void {
    this.#listeners.length = 0
  }
}
