// Long work of the cold lane lets others run now and then.

import { port } from '../port.ts'

export interface Pause {
  /** Resolves after everything that waits for this thread has had a turn. */
  rest(): Promise<void>
}
export const Pause = port<Pause>('Pause')
