// Version 2 of the PROXY protocol. All numbers are in network byte order.
//
// | offset | size | field |
// | --- | --- | --- |
// | 0 | 12 | signature |
// | 12 | 1 | version (high half, always 2) and command |
// | 13 | 1 | address family (high half) and transport |
// | 14 | 2 | length of what follows |
// | 16 | 4 or 16 | source address |
// | | 4 or 16 | destination address |
// | | 2 and 2 | source port, destination port |
// | | | further fields (TLVs) |

import { Family } from '../../../domain/announce.ts'
import { IpAddress, unwrapIPv4 } from '../address-text.ts'
import type { ConnectionEnd, ProxiedConnection, ProxyHeaderReading } from './proxied-connection.ts'

export const BINARY_SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')

/** Longer ones are malformed. Senders stay below 536 bytes, unless they add names of certificates. */
const MAX_BINARY_BYTES = 4096

const COMMAND_AT = 12
const FAMILY_AT = 13
const LENGTH_AT = 14
const ADDRESSES_AT = 16

const LOCAL = 0x20
const PROXY = 0x21

const TCP_OVER_IPV4 = 0x11
const TCP_OVER_IPV6 = 0x21
const MAX_FAMILY = 3
const MAX_TRANSPORT = 2
/** By address family: addresses and ports; Unix domain sockets have paths. */
const BLOCK_BYTES = [0, 12, 36, 216] as const

/** `bytes` begin with the signature, as far as there are any. */
export function readBinaryHeader(bytes: Buffer): ProxyHeaderReading {
  if (bytes.length > COMMAND_AT && bytes[COMMAND_AT] !== LOCAL && bytes[COMMAND_AT] !== PROXY) return 'malformed'
  if (bytes.length < ADDRESSES_AT) return 'incomplete'
  const blockBytes = bytes.readUInt16BE(LENGTH_AT)
  const length = ADDRESSES_AT + blockBytes
  if (length > MAX_BINARY_BYTES) return 'malformed'
  const isLocal = bytes[COMMAND_AT] === LOCAL
  const family = bytes[FAMILY_AT]
  if (!isLocal && !isBlockLongEnough(family, blockBytes)) return 'malformed'
  if (bytes.length < length) return 'incomplete'
  return { length, source: isLocal ? undefined : readSource(bytes, family) }
}

/** Undefined: the connection is the proxy's own, such as a health check. */
export function writeBinaryHeader(connection: ProxiedConnection | undefined): Buffer {
  if (connection === undefined) return Buffer.from([...BINARY_SIGNATURE, LOCAL, 0, 0, 0])
  const { source, destination } = connection
  const isIPv4 = source.address.family === Family.IPv4
  const addressBytes = isIPv4 ? 4 : 16
  const block = Buffer.alloc(2 * addressBytes + 4)
  block.set(source.address.bytes.subarray(0, addressBytes), 0)
  block.set(destination.address.bytes.subarray(0, addressBytes), addressBytes)
  block.writeUInt16BE(source.port, 2 * addressBytes)
  block.writeUInt16BE(destination.port, 2 * addressBytes + 2)
  return Buffer.from([...BINARY_SIGNATURE, PROXY, isIPv4 ? TCP_OVER_IPV4 : TCP_OVER_IPV6, 0, block.length, ...block])
}

/** Also false for families and transports that the specification does not know. */
function isBlockLongEnough(family: number, blockBytes: number): boolean {
  const [addressFamily, transport] = [family >> 4, family & 15]
  return addressFamily <= MAX_FAMILY && transport <= MAX_TRANSPORT && blockBytes >= BLOCK_BYTES[addressFamily]
}

function readSource(bytes: Buffer, family: number): ConnectionEnd | undefined {
  if (family !== TCP_OVER_IPV4 && family !== TCP_OVER_IPV6) return undefined
  const addressBytes = family === TCP_OVER_IPV4 ? 4 : 16
  const address = new IpAddress()
  address.family = family === TCP_OVER_IPV4 ? Family.IPv4 : Family.IPv6
  address.bytes.set(bytes.subarray(ADDRESSES_AT, ADDRESSES_AT + addressBytes))
  if (address.family === Family.IPv6) unwrapIPv4(address)
  return { address, port: bytes.readUInt16BE(ADDRESSES_AT + 2 * addressBytes) }
}
