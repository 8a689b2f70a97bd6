// The machine's date: for what outlives the run or is shown to users, such as the expiry of keys and the time of a
// snapshot. Ages are never computed from it, because it can be set at any moment, by any amount.

import { port } from '../port.ts'

export interface WallClock {
  /** Whole seconds since 1970-01-01T00:00:00Z; lower than before after the clock is set back. */
  wallSeconds(): number
}
export const WallClock = port<WallClock>('WallClock')
