// The operating system's clock, read on each call.

import type { Clock } from '../../../domain/ports/outbound/clock.ts'

export class SystemClock implements Clock {
  nowSeconds(): number {
    return Math.floor(Date.now() / 1000)
  }
}
