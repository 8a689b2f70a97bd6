// A tracker key as a client shows it (protocol rules HTTP-07, UDP-28, UDP-29): a path segment, or the parameter `passkey`. What has
// not the form of a key, 32 letters and digits, counts as none.

import { ACCESS_KEY_BYTES, type Credentials } from '../../domain/access-key.ts'
import { decodeBytes } from './percent-encoding.ts'

/** Name of the parameter. `key` is taken: BEP 7 means something else by it. */
export const PASSKEY = new TextEncoder().encode('passkey')

const decoded = new Uint8Array(ACCESS_KEY_BYTES)

/** The parameter's value in the bytes `from` to `to` of `source`; of several the last one counts. */
export function readPasskey(source: Uint8Array, from: number, to: number, credentials: Credentials): void {
  credentials.isPresent = readKey(source, from, to, credentials)
}

/** The path's key segment. It counts before a `passkey`, which is to be read first. */
export function readPathKey(source: Uint8Array, from: number, to: number, credentials: Credentials): void {
  if (readKey(source, from, to, credentials)) credentials.isPresent = true
}

function readKey(source: Uint8Array, from: number, to: number, credentials: Credentials): boolean {
  if (decodeBytes(source, from, to, decoded, 0, ACCESS_KEY_BYTES) !== ACCESS_KEY_BYTES) return false
  for (let i = 0; i < ACCESS_KEY_BYTES; i++) if (!isLetterOrDigit(decoded[i])) return false
  for (let i = 0; i < ACCESS_KEY_BYTES; i++) credentials.bytes[i] = decoded[i]
  return true
}

function isLetterOrDigit(code: number): boolean {
  const letter = code | 0x20
  return (code >= 0x30 && code <= 0x39) || (letter >= 0x61 && letter <= 0x7a)
}
