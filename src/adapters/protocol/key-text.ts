// A tracker key as clients send it (protocol rules HTTP-07, UDP-28, UDP-29): a path segment, or the parameter
// `passkey`. Anything but 32 letters and digits counts as no key.

import { ACCESS_KEY_BYTES, type Credentials } from '../../domain/access-key.ts'
import { decodeBytes } from './percent-encoding.ts'

/** Name of the parameter. `key` is taken: it means something else in BEP 7. */
export const PASSKEY = new TextEncoder().encode('passkey')

const decoded = new Uint8Array(ACCESS_KEY_BYTES)
/** By character code: 1 for the characters of keys. */
const isKeyCharacter = new Uint8Array(256)
for (let code = 0; code < 128; code++) isKeyCharacter[code] = Number(/[0-9A-Za-z]/.test(String.fromCharCode(code)))

/** Reads the parameter's value in the bytes `from` to `to` of `source`; the last of several counts. */
export function readPasskey(source: Uint8Array, from: number, to: number, credentials: Credentials): void {
  credentials.isPresent = readKey(source, from, to, credentials)
}

/** Reads the path's key segment. It overrides a `passkey`, which must be read first. */
export function readPathKey(source: Uint8Array, from: number, to: number, credentials: Credentials): void {
  if (readKey(source, from, to, credentials)) credentials.isPresent = true
}

function readKey(source: Uint8Array, from: number, to: number, credentials: Credentials): boolean {
  // An escaped key would be longer, and `%` is not a key character.
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
