// Periodic work of the tracker.

import { port } from '../port.ts'

/** What a finished round has removed. */
export interface CleanUp {
  readonly peersRemoved: number
  readonly torrentsRemoved: number
}

/** Periodic work in slices, so that the caller can do other things in between. */
export interface Housekeeping {
  /**
   * Does a slice of the clean-up (peers that went silent, torrents without peers), well under a millisecond. Returns
   * the round's result when this was its last slice, else undefined. The next call then begins a new round.
   */
  cleanUpSlice(): CleanUp | undefined
}
export const Housekeeping = port<Housekeeping>('Housekeeping')
