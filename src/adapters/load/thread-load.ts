// What a thread does for a load, whatever the protocol.

import type { LoadPhase } from './load-memory.ts'

export interface ThreadLoad {
  /** Whether replies arrive while the thread runs on; otherwise only when it returns to the event loop. */
  readonly isSynchronous: boolean
  /** To be called before the first turn of a phase. */
  enter(phase: LoadPhase): void
  /** Whether there is nothing more to do in this phase; loads end when they are told to. */
  readonly isDone: boolean
  /** Receives and sends what can be now, without waiting; returns whether anything moved. */
  turn(): boolean
  /** Waits until there may be something to do. Only if synchronous. */
  rest(): void
  close(): void
}
