import type { Clock } from '../../src/domain/ports/outbound/clock.ts'

/** A clock that shows what it was set to. */
export class StoppedClock implements Clock {
  seconds: number

  constructor(seconds: number) {
    this.seconds = seconds
  }

  nowSeconds(): number {
    return this.seconds
  }
}
