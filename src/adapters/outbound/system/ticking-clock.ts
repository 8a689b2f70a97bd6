// A clock that only advances on `tick`, so that a whole batch of datagrams is answered at the same time. The date is
// read only in batches that need it, which are those with keys.

import type { SteadyClock } from '../../../domain/ports/outbound/steady-clock.ts'
import type { WallClock } from '../../../domain/ports/outbound/wall-clock.ts'
import { steadyOffset, type TimeBase } from './time-base.ts'

export class TickingClock implements SteadyClock, WallClock {
  readonly #offset: number
  #steady = 0
  #wall = 0
  #isWallRead = false

  constructor(base: TimeBase) {
    this.#offset = steadyOffset(base)
    this.tick()
  }

  /** Reads the steady clock again. */
  tick(): void {
    this.#steady = Math.floor(this.#offset + performance.now() / 1000)
    this.#isWallRead = false
  }

  steadySeconds(): number {
    return this.#steady
  }

  wallSeconds(): number {
    if (!this.#isWallRead) {
      this.#wall = Math.floor(Date.now() / 1000)
      this.#isWallRead = true
    }
    return this.#wall
  }
}
