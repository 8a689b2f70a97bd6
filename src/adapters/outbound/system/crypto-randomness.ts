// Random bytes from the operating system's generator.

import { randomBytes } from 'node:crypto'
import type { SecureRandomness } from '../../../domain/ports/outbound/randomness.ts'

export class CryptoRandomness implements SecureRandomness {
  bytes(count: number): Uint8Array {
    return randomBytes(count)
  }
}
