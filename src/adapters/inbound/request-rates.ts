// Limits requests by their source, over all threads (protocol rule SEC-03): of an address (IPv4) or a /64 (IPv6), and
// of the /24 or /48 above it. Two cache lines a request.

import { isPrivateAddress } from '../../domain/address.ts'
import { addressHalfwords, Family } from '../../domain/announce.ts'
import { halfSipHash } from '../../domain/half-siphash.ts'
import type { IpAddress } from '../protocol/address-text.ts'
import { AddressWords } from './address-words.ts'
import { RateKind, RateLevel, rateKeyOf, rateTableOf } from './rate-memory.ts'
import { type Rate, RateKey, RateTable, rateTicks } from './rate-table.ts'

export interface RateOptions {
  /** False: everything is allowed. */
  readonly isOn: boolean
  /** Limits private and loopback addresses too. */
  readonly appliesToPrivate: boolean
  readonly rates: Readonly<Record<RateKind, Rate>>
  /** What a prefix is allowed, as a multiple of what an address is. */
  readonly prefixMultiple: number
}

function word(...bytes: readonly number[]): number {
  return new Int32Array(Uint8Array.from(bytes).buffer)[0]
}

/** In memory order: of an IPv4 address for the /24; of the second word of an IPv6 address for the /48. */
const IPV4_PREFIX_MASK = word(0xff, 0xff, 0xff, 0)
const IPV6_PREFIX_MASK = word(0xff, 0xff, 0, 0)

/** Of the burst of connects during an attack: clients send one, floods in the name of their address many. */
const ATTACK_CONNECT_DIVISOR = 4

/** Leaves the upper half of a product, which depends on all bits of its factors. */
const SPREAD_SHIFT = 16

export class RequestRates {
  readonly #options: RateOptions
  readonly #addresses: readonly RateTable[]
  readonly #prefixes: readonly RateTable[]
  readonly #hashKey0: number
  readonly #hashKey1: number
  /** An odd secret, which is what addresses of one prefix are multiplied by. */
  readonly #spread: number
  readonly #key = new RateKey()
  /** The prefix of the request's address. */
  readonly #prefix = new Int32Array(2)
  /** An address that is looked at as a whole. */
  readonly #address = new AddressWords()
  /** Which limit the last refusal was by. */
  refusedLevel: RateLevel = RateLevel.Address
  #nowTicks = 0
  #isUnderAttack = false

  /** A view of memory that `createRateMemory` has made, in this or another thread. */
  constructor(memory: SharedArrayBuffer, options: RateOptions) {
    const kinds = Object.values(RateKind)
    const { rates, prefixMultiple } = options
    this.#options = options
    const [key0, key1] = rateKeyOf(memory)
    this.#hashKey0 = key0
    this.#hashKey1 = key1
    this.#spread = halfSipHash(this.#prefix, 0, 0, key0, key1) | 1
    this.#addresses = kinds.map((kind) => new RateTable(rateTableOf(memory, kind, RateLevel.Address), rates[kind]))
    this.#prefixes = kinds.map(
      (kind) =>
        new RateTable(rateTableOf(memory, kind, RateLevel.Prefix), {
          perSecond: rates[kind].perSecond * prefixMultiple,
          burst: rates[kind].burst * prefixMultiple,
        }),
    )
  }

  /** Sets the time, in steady seconds, at which requests are charged from now on. */
  setTime(nowSeconds: number): void {
    this.#nowTicks = rateTicks(nowSeconds)
  }

  /** Connects, which prove nothing, have a smaller burst during an attack. */
  setAttack(isUnderAttack: boolean): void {
    if (isUnderAttack === this.#isUnderAttack) return
    this.#isUnderAttack = isUnderAttack
    const divisor = isUnderAttack ? ATTACK_CONNECT_DIVISOR : 1
    this.#addresses[RateKind.Connect].divideBurst(divisor)
    this.#prefixes[RateKind.Connect].divideBurst(divisor)
  }

  /**
   * Charges a request to its source, whose address is at `wordAt` of `words` in network bytes: 1 word for IPv4, 4 for
   * IPv6. False if the source, or the prefix above it, is over its rate.
   */
  allows(kind: RateKind, family: Family, words: Int32Array, wordAt: number): boolean {
    if (!this.isLimited(family, words, wordAt)) return true
    const prefix = this.#prefix
    const isIPv6 = family === Family.IPv6
    prefix[0] = words[wordAt]
    prefix[1] = isIPv6 ? words[wordAt + 1] : 0
    const key = this.#key
    key.mark = family + 1
    key.first = prefix[0]
    key.second = prefix[1]
    if (isIPv6) prefix[1] &= IPV6_PREFIX_MASK
    else prefix[0] &= IPV4_PREFIX_MASK
    const prefixHash = halfSipHash(prefix, 0, family + 1, this.#hashKey0, this.#hashKey1)
    // Addresses of one prefix are told apart by a product, which is cheaper than a second hash and as secret.
    const rest = (key.first ^ prefix[0]) | (key.second ^ prefix[1])
    key.hash = prefixHash ^ (Math.imul(rest ^ (rest >>> 16), this.#spread) >>> SPREAD_SHIFT)
    // The address first: what it is refused does not count against its neighbours.
    if (!this.#addresses[kind].charge(key, this.#nowTicks)) {
      this.refusedLevel = RateLevel.Address
      return false
    }
    key.first = prefix[0]
    key.second = prefix[1]
    key.hash = prefixHash
    if (this.#prefixes[kind].charge(key, this.#nowTicks)) return true
    this.refusedLevel = RateLevel.Prefix
    return false
  }

  /** Whether limits apply to the address at `wordAt` of `words`. */
  isLimited(family: Family, words: Int32Array, wordAt: number): boolean {
    if (!this.#options.isOn) return false
    if (this.#options.appliesToPrivate) return true
    const address = this.#address
    const count = addressHalfwords(family) >> 1
    for (let i = 0; i < count; i++) address.words[i] = words[wordAt + i]
    return !isPrivateAddress(family, address.halfwords)
  }

  /** `allows` for an address in bytes. */
  allowsAddress(kind: RateKind, address: IpAddress): boolean {
    this.#address.copy(address)
    return this.allows(kind, address.family, this.#address.words, 0)
  }
}
