// Reads the addresses of a ban: an IPv4 or IPv6 address, or a network in CIDR terms.

import { networkOf } from '../../domain/address-ranges.ts'
import { Family } from '../../domain/announce.ts'
import type { BanRange } from '../../domain/ban.ts'
import { IpAddress, readAddress } from './address-text.ts'
import { writeAddress } from './client-range-text.ts'

/** The widest networks: a ban of a wider one is a mistake. */
const WIDEST_PREFIX = { [Family.IPv4]: 8, [Family.IPv6]: 16 } as const

/** Either the range, or what is wrong with the text and what to write instead. */
export type BanRangeReading = { readonly range: BanRange } | { readonly problem: string }

const PREFIX = /^\d{1,3}$/

/** An IPv6 address that contains an IPv4 address is that one, as it is for listeners. */
export function readBanRange(text: string): BanRangeReading {
  const slash = text.indexOf('/')
  const end = slash < 0 ? text.length : slash
  const address = new IpAddress()
  if (!readAddress(text, 0, end, address)) return { problem: 'must be an IP address or a network such as 192.0.2.0/24' }
  const { family } = address
  const size = family === Family.IPv4 ? 4 : 16
  const bits = prefixBits(text, slash, end, family)
  if (bits === undefined) return { problem: `the part after the slash must be a number from 0 to ${size * 8}` }
  const widest = WIDEST_PREFIX[family]
  if (bits < widest) return { problem: `the network is too wide: /${widest} at most` }
  const given = address.bytes.slice(0, size)
  const network = networkOf(given, bits)
  address.bytes.set(network.bytes)
  const range = { text: textOf(address, bits, size), ...network }
  if (network.bytes.some((byte, at) => byte !== given[at])) {
    return { problem: `the address has bits beyond its prefix: write ${range.text} for the network` }
  }
  return { range }
}

/** Undefined if it is not one. A prefix of an IPv6 network that contains IPv4 addresses counts from its 96th bit. */
function prefixBits(text: string, slash: number, end: number, family: Family): number | undefined {
  const size = family === Family.IPv4 ? 32 : 128
  if (slash < 0) return size
  const digits = text.slice(slash + 1)
  if (!PREFIX.test(digits)) return undefined
  const isCarried = family === Family.IPv4 && text.slice(0, end).includes(':')
  const bits = Number(digits) - (isCarried ? 96 : 0)
  return bits >= 0 && bits <= size ? bits : undefined
}

function textOf(address: IpAddress, bits: number, size: number): string {
  const text = writeAddress(address)
  return bits === size * 8 ? text : `${text}/${bits}`
}
