import type { Pause } from '../../src/domain/ports/outbound/pause.ts'

/** Lets whatever waits for a promise go on, and counts how often it was asked to. */
export class ShortPause implements Pause {
  rests = 0
  /** What others do meanwhile. */
  meanwhile: () => void = () => {}

  async rest(): Promise<void> {
    this.rests++
    this.meanwhile()
  }
}
