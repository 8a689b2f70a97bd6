// Keys that expire: nobody does anything when it happens, so somebody has to look.

import { port } from '../port.ts'

export interface KeyWatching {
  /** Tells as an event each key that has expired since the last call, if somebody listens; not to be called twice at once. */
  look(): Promise<void>
}
export const KeyWatching = port<KeyWatching>('KeyWatching')
