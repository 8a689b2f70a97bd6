// Reads and writes IP addresses as text: socket addresses and proxy headers in, the `ip` of a peer out (RFC 4291
// section 2.2, RFC 5952). Allocates nothing: the dgram driver reads an address for every datagram.

import { Family } from '../../domain/announce.ts'
import { hexDigit } from './percent-encoding.ts'

const COLON = 0x3a
const DOT = 0x2e

/** An address in network byte order: the first 4 bytes for IPv4, else 16. */
export class IpAddress {
  family: Family = Family.IPv4
  readonly bytes: Uint8Array = new Uint8Array(16)
}

/**
 * Reads the address between `from` and `to`, without brackets, port or zone. IPv6 addresses that contain an IPv4
 * address (IPv4-mapped, and NAT64's 64:ff9b::/96) become IPv4. Returns false for anything else, and leaves garbage in
 * `address` then.
 */
export function readAddress(text: string, from: number, to: number, address: IpAddress): boolean {
  const bytes = address.bytes
  address.family = Family.IPv4
  if (readIPv4(text, from, to, bytes, 0)) return true
  if (!readIPv6(text, from, to, bytes, 0)) return false
  address.family = Family.IPv6
  unwrapIPv4(address)
  return true
}

/** Makes an IPv6 address that contains an IPv4 address that one. */
export function unwrapIPv4(address: IpAddress): void {
  if (!carriesIPv4(address.bytes)) return
  address.bytes.copyWithin(0, 12, 16)
  address.family = Family.IPv4
}

/** Whether a valid address is IPv6. */
export function isIPv6Text(address: string): boolean {
  return address.includes(':')
}

/**
 * Reads an address as reported by a socket into the 4 or 16 bytes at `at`: a zone (`fe80::1%eth0`) is ignored, and an
 * IPv4-mapped address stays IPv6. Returns false for anything else, and leaves garbage in the bytes then.
 */
export function readSocketAddress(address: string, bytes: Uint8Array, at: number): boolean {
  if (!isIPv6Text(address)) return readIPv4(address, 0, address.length, bytes, at)
  const zoneAt = address.indexOf('%')
  return readIPv6(address, 0, zoneAt < 0 ? address.length : zoneAt, bytes, at)
}

function readIPv4(text: string, from: number, to: number, bytes: Uint8Array, at: number): boolean {
  let value = 0
  let digits = 0
  let parts = 0
  for (let i = from; i <= to; i++) {
    const code = i === to ? DOT : text.charCodeAt(i)
    if (code === DOT) {
      if (digits === 0 || value > 255 || parts === 4) return false
      bytes[at + parts++] = value
      value = 0
      digits = 0
    } else if (code >= 0x30 && code <= 0x39 && digits < 3 && (digits === 0 || value > 0)) {
      value = value * 10 + code - 0x30
      digits++
    } else return false
  }
  return parts === 4
}

function readIPv6(text: string, from: number, to: number, bytes: Uint8Array, start: number): boolean {
  /** Bytes read so far, and how many of them come before the gap. */
  let read = 0
  let gapAt = -1
  let i = from
  if (text.charCodeAt(i) === COLON) {
    if (to - from < 2 || text.charCodeAt(i + 1) !== COLON) return false
    gapAt = 0
    i += 2
  }
  while (i < to) {
    const groupAt = i
    let value = 0
    for (let digit = 0; i < to && i - groupAt < 4; i++) {
      digit = hexDigit(text.charCodeAt(i))
      if (digit < 0) break
      value = (value << 4) | digit
    }
    if (i === groupAt || read > 14) return false
    if (text.charCodeAt(i) === DOT && i < to) {
      if (read > 12 || !readIPv4(text, groupAt, to, bytes, start + read)) return false
      read += 4
      break
    }
    bytes[start + read] = value >> 8
    bytes[start + read + 1] = value
    read += 2
    if (i === to) break
    if (text.charCodeAt(i) !== COLON || ++i === to) return false
    if (text.charCodeAt(i) !== COLON) continue
    if (gapAt >= 0) return false
    gapAt = read
    i++
  }
  if (gapAt < 0) return read === 16
  if (read === 16) return false
  const tailAt = 16 - read + gapAt
  bytes.copyWithin(start + tailAt, start + gapAt, start + read)
  bytes.fill(0, start + gapAt, start + tailAt)
  return true
}

const IPV4_PREFIXES = [
  [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff],
  [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0],
] as const

/** Whether 16 address bytes are an IPv4 address in the form of one of these. */
export function carriesIPv4(bytes: Uint8Array): boolean {
  return IPV4_PREFIXES.some((prefix) => prefix.every((byte, i) => byte === bytes[i]))
}

/** Writes 4 address bytes as text to `out` at `outAt`; returns where it ends. */
export function writeIPv4(bytes: Uint8Array, at: number, out: Uint8Array, outAt: number): number {
  let end = outAt
  for (let i = 0; i < 4; i++) {
    const value = bytes[at + i]
    if (i > 0) out[end++] = DOT
    if (value > 99) out[end++] = 0x30 + ((value / 100) | 0)
    if (value > 9) out[end++] = 0x30 + (((value / 10) | 0) % 10)
    out[end++] = 0x30 + (value % 10)
  }
  return end
}

/** The same for 16 address bytes: lower case, the longest run of two or more zero groups shortened (RFC 5952). */
export function writeIPv6(bytes: Uint8Array, at: number, out: Uint8Array, outAt: number): number {
  let gapAt = -1
  let gapLength = 1
  for (let group = 0, zeros = 0; group < 8; group++) {
    zeros = bytes[at + 2 * group] === 0 && bytes[at + 2 * group + 1] === 0 ? zeros + 1 : 0
    if (zeros > gapLength) {
      gapLength = zeros
      gapAt = group - zeros + 1
    }
  }
  let end = outAt
  for (let group = 0; group < 8; group++) {
    if (group === gapAt) {
      out[end++] = COLON
      if (group + gapLength === 8) out[end++] = COLON
      group += gapLength - 1
      continue
    }
    if (group > 0) out[end++] = COLON
    end = writeGroup((bytes[at + 2 * group] << 8) | bytes[at + 2 * group + 1], out, end)
  }
  return end
}

function writeGroup(value: number, out: Uint8Array, outAt: number): number {
  let end = outAt
  for (let shift = 12; shift >= 0; shift -= 4) {
    const digit = (value >> shift) & 15
    if (end === outAt && digit === 0 && shift > 0) continue
    out[end++] = digit < 10 ? 0x30 + digit : 0x57 + digit
  }
  return end
}
