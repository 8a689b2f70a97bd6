// Lets long work of the cold lane give way to other work now and then.

import { port } from '../port.ts'

export interface Pause {
  /** Resolves after everything waiting for this thread has had a turn. */
  rest(): Promise<void>
}
export const Pause = port<Pause>('Pause')
