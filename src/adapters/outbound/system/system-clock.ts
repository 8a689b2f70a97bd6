// The operating system's clock, asked anew each time.

import type { Clock } from '../../../domain/ports/outbound/clock.ts'

export class SystemClock implements Clock {
  nowSeconds(): number {
    return Math.floor(Date.now() / 1000)
  }
}
