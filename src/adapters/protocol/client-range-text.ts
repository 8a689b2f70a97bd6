// Reads the clients that a trace is to follow: an IPv4 or IPv6 address, or an IPv6 /64.

import { Family } from '../../domain/announce.ts'
import type { ClientRange } from '../../domain/client-range.ts'
import { IpAddress, readAddress, writeIPv4, writeIPv6 } from './address-text.ts'

const MAX_TEXT_BYTES = 40
const PREFIX = '/64'
const PREFIX_BYTES = 8

/** Undefined for anything else. An IPv6 address that contains an IPv4 address is that one, as it is for listeners. */
export function readClientRange(text: string): ClientRange | undefined {
  const isPrefix = text.endsWith(PREFIX)
  const address = new IpAddress()
  if (!readAddress(text, 0, text.length - (isPrefix ? PREFIX.length : 0), address)) return undefined
  const { family, bytes } = address
  if (family === Family.IPv4) {
    return isPrefix ? undefined : { text: writeAddress(address), family, words: wordsOf(bytes, 4) }
  }
  if (!isPrefix) return { text: writeAddress(address), family, words: wordsOf(bytes, 16) }
  bytes.fill(0, PREFIX_BYTES)
  return { text: `${writeAddress(address)}${PREFIX}`, family, words: wordsOf(bytes, PREFIX_BYTES) }
}

export function writeAddress({ family, bytes }: IpAddress): string {
  const text = new Uint8Array(MAX_TEXT_BYTES)
  const end = family === Family.IPv4 ? writeIPv4(bytes, 0, text, 0) : writeIPv6(bytes, 0, text, 0)
  return new TextDecoder('latin1').decode(text.subarray(0, end))
}

function wordsOf(bytes: Uint8Array, count: number): Int32Array {
  return new Int32Array(bytes.slice(0, count).buffer)
}
