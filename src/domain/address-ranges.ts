// Configured ranges of addresses, such as a VPN or a lab: peers in a range see only each other. If there are ranges,
// each announce is looked up, so one look at the first two bytes decides for nearly all addresses outside.

import { addressHalfwords, Family, MAX_SCOPE, Scope } from './announce.ts'

/** A network in CIDR terms. */
export interface AddressNetwork {
  /** Network bytes: 4 or 16. Those beyond the prefix are zero. */
  readonly bytes: Uint8Array
  readonly prefixBits: number
}

/** The network of a length that an address is in: 4 or 16 bytes, those beyond the prefix cleared. */
export function networkOf(address: Uint8Array, prefixBits: number): AddressNetwork {
  const bytes = address.map((byte, at) => byte & (0xff00 >> Math.min(Math.max(prefixBits - 8 * at, 0), 8)))
  return { bytes, prefixBits }
}

/** Each range has its own scope. */
export const MAX_RANGES = MAX_SCOPE - Scope.FirstRange + 1
/** Of all ranges together; the search is linear. */
export const MAX_NETWORKS = 64

const FIRST_HALFWORDS = 65_536

/** The networks of one family. */
class Networks {
  /** A bit per first halfword of an address, as stored in memory: whether some network has such addresses. */
  readonly #candidates = new Int32Array(FIRST_HALFWORDS / 32)
  readonly #halfwords: number
  /** Per network, the halfwords of an address: which bits count, and their values. */
  readonly #masks: Uint16Array
  readonly #values: Uint16Array
  readonly #scopes: Uint8Array

  constructor(halfwords: number, networks: readonly AddressNetwork[], scopes: readonly Scope[]) {
    this.#halfwords = halfwords
    this.#masks = new Uint16Array(networks.length * halfwords)
    this.#values = new Uint16Array(networks.length * halfwords)
    this.#scopes = Uint8Array.from(scopes)
    const maskBytes = new Uint8Array(this.#masks.buffer)
    const valueBytes = new Uint8Array(this.#values.buffer)
    networks.forEach(({ bytes, prefixBits }, index) => {
      const at = index * halfwords * 2
      for (let bit = 0; bit < prefixBits; bit++) maskBytes[at + (bit >> 3)] |= 0x80 >> (bit & 7)
      valueBytes.set(bytes, at)
      this.#markCandidates(this.#masks[index * halfwords], this.#values[index * halfwords])
    })
  }

  scopeOf(endpoint: Uint16Array): Scope {
    const first = endpoint[0]
    if (((this.#candidates[first >> 5] >>> (first & 31)) & 1) === 0) return Scope.Global
    for (let index = 0; index < this.#scopes.length; index++)
      if (this.#contains(index, endpoint)) return this.#scopes[index]
    return Scope.Global
  }

  #contains(index: number, endpoint: Uint16Array): boolean {
    const at = index * this.#halfwords
    for (let i = 0; i < this.#halfwords; i++) {
      if ((endpoint[i] & this.#masks[at + i]) !== this.#values[at + i]) return false
    }
    return true
  }

  #markCandidates(mask: number, value: number): void {
    for (let first = 0; first < FIRST_HALFWORDS; first++) {
      if ((first & mask) === value) this.#candidates[first >> 5] |= 1 << (first & 31)
    }
  }
}

export class AddressRanges {
  readonly #ipv4: Networks
  readonly #ipv6: Networks

  /** The networks of each range: at most `MAX_RANGES` ranges, and no two networks overlap. */
  constructor(ranges: readonly (readonly AddressNetwork[])[]) {
    const all = ranges.flatMap((networks, index) =>
      networks.map((network) => ({ network, scope: Scope.FirstRange + index })),
    )
    const ofFamily = (family: Family): Networks => {
      const halfwords = addressHalfwords(family)
      const own = all.filter(({ network }) => network.bytes.length === 2 * halfwords)
      return new Networks(
        halfwords,
        own.map(({ network }) => network),
        own.map(({ scope }) => scope),
      )
    }
    this.#ipv4 = ofFamily(Family.IPv4)
    this.#ipv6 = ofFamily(Family.IPv6)
  }

  /** The scope of the range that contains the address at the start of `endpoint`, or the global scope. */
  scopeOf(family: Family, endpoint: Uint16Array): Scope {
    return (family === Family.IPv4 ? this.#ipv4 : this.#ipv6).scopeOf(endpoint)
  }
}
