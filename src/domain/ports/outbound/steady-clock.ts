// Time that only moves forward, at a constant pace, even when the machine's clock is set: for everything that ages
// within a run, such as peers, connection ids, limits and cached answers.

import { port } from '../port.ts'

/**
 * Never goes back and never jumps; the same in all threads of a process; cheap enough to read once per request. It
 * starts as the date and differs from it once the machine's clock is set, so its values must not leave the process.
 */
export interface SteadyClock {
  /** Whole seconds: the date at the start, since 1970-01-01T00:00:00Z, plus the time passed since the start. */
  steadySeconds(): number
}
export const SteadyClock = port<SteadyClock>('SteadyClock')
