// What counts as one client when connections or failures are counted (protocol rules SEC-23, SEC-32).

import { Family } from '../../domain/announce.ts'
import type { IpAddress } from '../protocol/address-text.ts'

/** What all connections of one client share: the IPv4 address, or the /64 that an IPv6 host is given. */
export function addressPrefix({ family, bytes }: IpAddress): number | string {
  const first = (bytes[0] << 24) | (bytes[1] << 16) | (bytes[2] << 8) | bytes[3]
  if (family === Family.IPv4) return first
  const second = (bytes[4] << 24) | (bytes[5] << 16) | (bytes[6] << 8) | bytes[7]
  return `${first}/${second}`
}
