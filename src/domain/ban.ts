// Addresses that get no answer at all, over any protocol: one address or a network, until a date or for good.

import type { AddressNetwork } from './address-ranges.ts'

export interface BanRange extends AddressNetwork {
  /** Canonical: `192.0.2.1`, `192.0.2.0/24`, `2001:db8::1`, `2001:db8::/48`; the prefix is left out for one address. */
  readonly text: string
}

export interface Ban {
  readonly range: BanRange
  /** For operators; never shown to clients. */
  readonly reason?: string | undefined
  /** Seconds since 1970; undefined: until it is lifted. */
  readonly expiresAtSeconds?: number | undefined
}

export interface StoredBan extends Ban {
  /** Increases with each ban added; marks where the next page continues. */
  readonly position: number
  /** Seconds since 1970. */
  readonly addedAtSeconds: number
}
