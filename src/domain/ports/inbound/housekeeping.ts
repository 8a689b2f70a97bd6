// What time asks of the tracker.

import { port } from '../port.ts'

/** What a finished round has done. */
export interface CleanUp {
  readonly peersRemoved: number
  readonly torrentsRemoved: number
}

/** Work that is due from time to time and comes in slices, so that whoever calls can do other things in between. */
export interface Housekeeping {
  /**
   * Does a slice of the clean-up (peers that went silent, torrents without peers), well under a millisecond. Returns
   * what the round has done when this slice was its last one, else undefined. The next call then begins another round.
   */
  cleanUpSlice(): CleanUp | undefined
}
export const Housekeeping = port<Housekeeping>('Housekeeping')
