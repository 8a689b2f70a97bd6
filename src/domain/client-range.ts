// The clients that a trace follows: one address, or the /64 of an IPv6 client, whose address changes within it.

import type { Family } from './announce.ts'

export interface ClientRange {
  /** `192.0.2.1`, `2001:db8::1`, `2001:db8::/64`. */
  readonly text: string
  readonly family: Family
  /** What addresses are compared with, in network bytes: 1 word for IPv4; 2 for a /64, 4 for an IPv6 address. */
  readonly words: Int32Array
}
