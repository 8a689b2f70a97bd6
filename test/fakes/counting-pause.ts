import type { Pause } from '../../src/domain/ports/outbound/pause.ts'

/** Lets all other work have a turn, and counts how often. */
export class CountingPause implements Pause {
  rests = 0

  rest(): Promise<void> {
    this.rests++
    return new Promise((resolve) => {
      setImmediate(resolve)
    })
  }
}
