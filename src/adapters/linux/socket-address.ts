// Socket addresses in the Linux layout, which all UDP drivers use in memory.

import { networkInterfaces } from 'node:os'
import { isIPv6Text, readSocketAddress } from '../protocol/address-text.ts'

/** Enough for an address of either family. */
export const SOURCE_BYTES = 32

/**
 * A source address (`sockaddr_in`, `sockaddr_in6`):
 *
 * | offset | bytes | |
 * | --- | --- | --- |
 * | 0 | 2 | family, host order |
 * | 2 | 2 | port, network order |
 * | 4 | 4 | IPv4 address; for IPv6 the flow label |
 * | 8 | 16 | IPv6 address |
 * | 24 | 4 | IPv6 scope |
 */
export const SOURCE_PORT_AT = 2
export const SOURCE_IPV4_AT = 4
export const SOURCE_IPV6_AT = 8
export const AF_INET = 2
export const AF_INET6 = 10
const SCOPE_AT = 24

/** sockaddr_in (16 bytes) or sockaddr_in6 (28) of an address that is valid. */
export function socketAddress(address: string, port: number): Uint8Array {
  const isIPv6 = isIPv6Text(address)
  const bytes = new Uint8Array(isIPv6 ? 28 : 16)
  const wire = new DataView(bytes.buffer)
  wire.setUint16(0, isIPv6 ? AF_INET6 : AF_INET, true)
  wire.setUint16(SOURCE_PORT_AT, port)
  readSocketAddress(address, bytes, isIPv6 ? SOURCE_IPV6_AT : SOURCE_IPV4_AT)
  if (isIPv6) wire.setUint32(SCOPE_AT, scopeOf(address), true)
  return bytes
}

/** A link-local address names its interface: `fe80::1%eth0`. */
function scopeOf(address: string): number {
  const [, zone = ''] = address.split('%', 2)
  const entry = networkInterfaces()[zone]?.find(({ family }) => family === 'IPv6')
  return entry?.family === 'IPv6' ? entry.scopeid : Number.parseInt(zone, 10) || 0
}
