// The operating system's clocks, read on each call.

import type { SteadyClock } from '../../../domain/ports/outbound/steady-clock.ts'
import type { WallClock } from '../../../domain/ports/outbound/wall-clock.ts'
import { steadyOffset, type TimeBase } from './time-base.ts'

export class SystemClock implements SteadyClock, WallClock {
  readonly #offset: number

  constructor(base: TimeBase) {
    this.#offset = steadyOffset(base)
  }

  steadySeconds(): number {
    return Math.floor(this.#offset + performance.now() / 1000)
  }

  wallSeconds(): number {
    return Math.floor(Date.now() / 1000)
  }
}
