// Chance from outside: the domain itself rolls no dice that matter for security.

import { port } from '../port.ts'

/** Bytes that nobody can guess. */
export interface Randomness {
  /** `count` fresh bytes, owned by the caller. */
  bytes(count: number): Uint8Array
}
export const Randomness = port<Randomness>('Randomness')
