// Facts on their way from the threads in which they happen to those who want to know.

import { port } from '../port.ts'

export interface FactCollecting {
  /** Passes on what has happened since the last call; cheap, to be called several times a second. */
  collect(): void
}
export const FactCollecting = port<FactCollecting>('FactCollecting')
