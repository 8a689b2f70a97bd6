// Networks of addresses in CIDR notation: from text, back to text, and against each other.

import { isIPv6 } from 'node:net'
import { readAddress, writeAddress } from '../../adapters/inbound/udp/ip-text.ts'
import type { AddressNetwork } from '../../domain/address-ranges.ts'

/** `text` has a prefix length, and is a network as the schema takes it. Bits beyond the prefix stay as they are written. */
export function readNetwork(text: string): AddressNetwork {
  const [address = '', bits] = text.split('/')
  const bytes = new Uint8Array(isIPv6(address) ? 16 : 4)
  writeAddress(bytes, 0, address)
  return { bytes, prefixBits: Number(bits) }
}

export const writeNetwork = ({ bytes, prefixBits }: AddressNetwork): string => `${readAddress(bytes)}/${prefixBits}`

/** The same without bits beyond the prefix. */
export function maskedNetwork({ bytes, prefixBits }: AddressNetwork): AddressNetwork {
  const masked = bytes.map((byte, index) => {
    const bits = Math.min(Math.max(prefixBits - 8 * index, 0), 8)
    return byte & (0xff00 >> bits)
  })
  return { bytes: masked, prefixBits }
}

/** True when an address is in both. */
export function overlap(one: AddressNetwork, other: AddressNetwork): boolean {
  if (one.bytes.length !== other.bytes.length) return false
  const prefixBits = Math.min(one.prefixBits, other.prefixBits)
  const [a, b] = [one, other].map(({ bytes }) => maskedNetwork({ bytes, prefixBits }).bytes)
  return a?.every((byte, index) => byte === b?.[index]) ?? false
}
