// Networks of addresses in CIDR notation: read, written and compared.

import { isIPv6 } from 'node:net'
import { readSocketAddress, writeIPv4, writeIPv6 } from '../../adapters/protocol/address-text.ts'
import { type AddressNetwork, networkOf } from '../../domain/address-ranges.ts'

const MAX_ADDRESS_TEXT = 40

/** `text` has a prefix length and has passed the schema. Bits beyond the prefix stay as written. */
export function readNetwork(text: string): AddressNetwork {
  const [address = '', bits] = text.split('/')
  const bytes = new Uint8Array(isIPv6(address) ? 16 : 4)
  readSocketAddress(address, bytes, 0)
  return { bytes, prefixBits: Number(bits) }
}

export function writeNetwork({ bytes, prefixBits }: AddressNetwork): string {
  const text = Buffer.alloc(MAX_ADDRESS_TEXT)
  const end = bytes.length === 4 ? writeIPv4(bytes, 0, text, 0) : writeIPv6(bytes, 0, text, 0)
  return `${text.toString('latin1', 0, end)}/${prefixBits}`
}

/** True when some address is in both. */
export function overlap(one: AddressNetwork, other: AddressNetwork): boolean {
  if (one.bytes.length !== other.bytes.length) return false
  const prefixBits = Math.min(one.prefixBits, other.prefixBits)
  const [a, b] = [one, other].map(({ bytes }) => networkOf(bytes, prefixBits).bytes)
  return a?.every((byte, index) => byte === b?.[index]) ?? false
}
