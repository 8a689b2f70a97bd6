// Rests for one turn of the event loop.

import { setImmediate } from 'node:timers/promises'
import type { Pause } from '../../../domain/ports/outbound/pause.ts'

export class EventLoopPause implements Pause {
  async rest(): Promise<void> {
    await setImmediate()
  }
}
