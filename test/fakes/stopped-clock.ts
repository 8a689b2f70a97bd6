import type { SteadyClock } from '../../src/domain/ports/outbound/steady-clock.ts'
import type { WallClock } from '../../src/domain/ports/outbound/wall-clock.ts'

/** A clock that returns what it is set to. `seconds` moves time; `stepSeconds` moves only the date, as on a machine. */
export class StoppedClock implements SteadyClock, WallClock {
  seconds: number
  stepSeconds = 0

  constructor(seconds: number) {
    this.seconds = seconds
  }

  steadySeconds(): number {
    return this.seconds
  }

  wallSeconds(): number {
    return this.seconds + this.stepSeconds
  }
}
