// Turns tracing on and off for the listeners of all threads. Main thread only.

import type { ClientRange } from '../../client-range.ts'
import { port } from '../port.ts'

export interface TraceSwitch {
  /** Traces these clients instead of any others; returns the number that the trace's requests carry. */
  turnOn(clients: ClientRange, maxLines: number): number
  turnOff(): void
  /** Requests of the last trace that were too many for a second. */
  droppedLines(): number
}
export const TraceSwitch = port<TraceSwitch>('TraceSwitch')
