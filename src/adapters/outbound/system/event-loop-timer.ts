// Timers of the event loop, which do not keep the process alive.

import type { Timer } from '../../../domain/ports/outbound/timer.ts'

export class EventLoopTimer implements Timer {
  start(milliseconds: number, callback: () => void): () => void {
    const timeout = setTimeout(callback, milliseconds).unref()
    return () => clearTimeout(timeout)
  }
}
