// New random keys: every letter and digit equally likely.

import { ACCESS_KEY_BYTES, type AccessKey } from '../../domain/access-key.ts'
import type { SecureRandomness } from '../../domain/ports/outbound/randomness.ts'

const CHARACTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** Bytes from here on are skipped: they would favour the first characters. */
const FIRST_UNFAIR_BYTE = 256 - (256 % CHARACTERS.length)

export function randomKey(randomness: SecureRandomness): AccessKey {
  let key = ''
  while (key.length < ACCESS_KEY_BYTES) {
    for (const byte of randomness.bytes(ACCESS_KEY_BYTES - key.length)) {
      if (byte < FIRST_UNFAIR_BYTE) key += CHARACTERS[byte % CHARACTERS.length]
    }
  }
  return key as AccessKey
}
