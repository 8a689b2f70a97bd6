// Secure random bytes from outside: the domain itself generates none that matter for security.

import { port } from '../port.ts'

/** Bytes that cannot be predicted. */
export interface SecureRandomness {
  /** `count` fresh bytes, owned by the caller. */
  bytes(count: number): Uint8Array
}
export const SecureRandomness = port<SecureRandomness>('Randomness')
