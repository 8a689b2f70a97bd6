// Chance from outside: the domain itself rolls no dice that matter for security.

import { port } from '../port.ts'

/** Bytes that nobody can guess. */
export interface SecureRandomness {
  /** `count` fresh bytes, owned by the caller. */
  bytes(count: number): Uint8Array
}
export const SecureRandomness = port<SecureRandomness>('Randomness')
