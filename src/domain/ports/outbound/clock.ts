// Time, as far as the tracker needs it.

import { port } from '../port.ts'

/** Never goes backwards by more than the operating system's clock does; cheap enough to read once per request. */
export interface Clock {
  /** Whole seconds since 1970-01-01T00:00:00Z. */
  nowSeconds(): number
}
export const Clock = port<Clock>('Clock')
