// A tracker key as a client shows it (protocol rules HTTP-07, UDP-28, UDP-29): a path segment, or the parameter
// `passkey`. What has not the form of a key, 32 letters and digits, counts as none.

import { ACCESS_KEY_BYTES, type Credentials } from '../../domain/access-key.ts'
import { decodeBytes } from './percent-encoding.ts'

/** Name of the parameter. `key` is taken: BEP 7 means something else by it. */
export const PASSKEY = new TextEncoder().encode('passkey')

const decoded = new Uint8Array(ACCESS_KEY_BYTES)
/** By character code: 1 for those that keys are made of. */
const isKeyCharacter = new Uint8Array(256)
for (let code = 0; code < 128; code++) isKeyCharacter[code] = Number(/[0-9A-Za-z]/.test(String.fromCharCode(code)))

/** The parameter's value in the bytes `from` to `to` of `source`; of several the last one counts. */
export function readPasskey(source: Uint8Array, from: number, to: number, credentials: Credentials): void {
  credentials.isPresent = readKey(source, from, to, credentials)
}

/** The path's key segment. It counts before a `passkey`, which is to be read first. */
export function readPathKey(source: Uint8Array, from: number, to: number, credentials: Credentials): void {
  if (readKey(source, from, to, credentials)) credentials.isPresent = true
}

function readKey(source: Uint8Array, from: number, to: number, credentials: Credentials): boolean {
  // An escape would be longer, and is no letter.
  if (to - from === ACCESS_KEY_BYTES) return copyKey(source, from, credentials.bytes)
  if (decodeBytes(source, from, to, decoded, 0, ACCESS_KEY_BYTES) !== ACCESS_KEY_BYTES) return false
  return copyKey(decoded, 0, credentials.bytes)
}

function copyKey(source: Uint8Array, from: number, key: Uint8Array): boolean {
  let areGood = 1
  for (let i = 0; i < ACCESS_KEY_BYTES; i++) areGood &= isKeyCharacter[source[from + i]]
  if (areGood === 0) return false
  for (let i = 0; i < ACCESS_KEY_BYTES; i++) key[i] = source[from + i]
  return true
}
