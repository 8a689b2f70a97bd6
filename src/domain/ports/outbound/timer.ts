// One-shot timers of the cold lane.

import { port } from '../port.ts'

export interface Timer {
  /** Calls `callback` once after this time, unless the returned function is called first. */
  start(milliseconds: number, callback: () => void): () => void
}
export const Timer = port<Timer>('Timer')
