import type { Pause } from '../../src/domain/ports/outbound/pause.ts'

/** Lets pending promises continue, and counts its calls. */
export class ShortPause implements Pause {
  rests = 0
  /** Runs during each pause. */
  meanwhile: () => void = () => {}

  async rest(): Promise<void> {
    this.rests++
    this.meanwhile()
  }
}
