// A clock that only advances on `tick`, so that a whole batch of datagrams is answered at the same time.

import type { Clock } from '../../../domain/ports/outbound/clock.ts'

export class TickingClock implements Clock {
  #seconds = 0

  constructor() {
    this.tick()
  }

  /** Reads the operating system's clock. */
  tick(): void {
    this.#seconds = Math.floor(Date.now() / 1000)
  }

  nowSeconds(): number {
    return this.#seconds
  }
}
