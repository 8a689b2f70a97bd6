// What counts as one client, or as one network, when connections or failures are counted (protocol rules SEC-23,
// SEC-32). Prefixes of different lengths may have the same key.

import { Family } from '../../domain/announce.ts'
import type { IpAddress } from '../protocol/address-text.ts'

/** What all connections of one client share: the IPv4 address, or the /64 that an IPv6 host is given. */
export function addressPrefix({ family, bytes }: IpAddress): number | string {
  if (family === Family.IPv4) return word(bytes, 0)
  return `${word(bytes, 0)}/${word(bytes, 4)}`
}

/** What all addresses of a small network share: the /24 of IPv4, or the /56 that an IPv6 household is given. */
export function networkPrefix({ family, bytes }: IpAddress): number | string {
  if (family === Family.IPv4) return word(bytes, 0) & 0xffffff00
  return `${word(bytes, 0)}/${word(bytes, 4) & 0xffffff00}`
}

/** The /48 that an IPv6 site is given. */
export function ipv6SitePrefix({ bytes }: IpAddress): string {
  return `${word(bytes, 0)}/${word(bytes, 4) & 0xffff0000}`
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]
}
