// Stateless connection ids: the time slot of issue and a keyed hash over client address and slot. Bound to the address
// but not to the port, for IPv6 to the /64, because clients use one id from several sockets (protocol rules UDP-07 and
// UDP-08).
//
// | bits | |
// | --- | --- |
// | 63..56 | slot of issue, low byte |
// | 55..0 | SipHash-2-4 of 4 or 6, the address's 4 or first 8 bytes, the slot's 4 bytes |

import { MAGIC_HIGH, MAGIC_LOW } from './layout.ts'
import { SipHash } from './siphash.ts'

const SLOT_SECONDS = 32
/** BEP 15 wants two minutes: four slots, and the one in which the id was issued. */
const MIN_AGE_SLOTS = 4
/** Two hours: no real client uses an id for longer, and the slot's byte must not wrap. */
const MAX_AGE_SLOTS = 225
/** The age modulo 256 of an id issued by a thread whose clock is already in the next slot. */
const NEXT_SLOT = 255
const IPV4_TAG = 4
const IPV6_TAG = 6
const IPV4_MESSAGE_BYTES = 9
const IPV6_MESSAGE_BYTES = 13

/**
 * Issues and verifies ids. Addresses are passed as little-endian words: `first` holds bytes 0 to 3, `second` bytes 4 to
 * 7 of an IPv6 address and is not used for IPv4.
 */
export class ConnectionIds {
  /** The id that `issue` made, as two big-endian halves. */
  high = 0
  low = 0
  readonly #hash: SipHash
  #maxAgeSlots = MIN_AGE_SLOTS
  #slot = 0

  /** `keyBytes`: 16 secret random bytes, the same for all threads. */
  constructor(keyBytes: Uint8Array) {
    this.#hash = new SipHash(keyBytes)
  }

  /** Sets the maximum age, rounded up to slots, of the ids checked from now on; until then it is the minimum. */
  setMaxAge(seconds: number): void {
    const slots = Math.ceil(seconds / SLOT_SECONDS)
    this.#maxAgeSlots = Math.min(Math.max(slots, MIN_AGE_SLOTS), MAX_AGE_SLOTS)
  }

  /** Sets the time, in seconds since 1970, used for issuing and checking ids from now on. */
  setTime(nowSeconds: number): void {
    this.#slot = (nowSeconds / SLOT_SECONDS) | 0
  }

  /** Issues an id for an address: it is in `high` and `low` until the next call. */
  issue(isIPv6: boolean, first: number, second: number): void {
    this.#compute(isIPv6, first, second, this.#slot)
  }

  /** Whether an id was issued to this address no longer ago than the maximum age. */
  isValid(isIPv6: boolean, first: number, second: number, idHigh: number, idLow: number): boolean {
    return this.#isIssued(isIPv6, first, second, idHigh, idLow, this.#maxAgeSlots)
  }

  /** The same for the last two hours: an expired id still tells a client from a forger. */
  wasValid(isIPv6: boolean, first: number, second: number, idHigh: number, idLow: number): boolean {
    return this.#isIssued(isIPv6, first, second, idHigh, idLow, MAX_AGE_SLOTS)
  }

  #isIssued(
    isIPv6: boolean,
    first: number,
    second: number,
    idHigh: number,
    idLow: number,
    maxAgeSlots: number,
  ): boolean {
    const age = (this.#slot - (idHigh >>> 24)) & 0xff
    if (age > maxAgeSlots && age !== NEXT_SLOT) return false
    this.#compute(isIPv6, first, second, age === NEXT_SLOT ? this.#slot + 1 : this.#slot - age)
    // No early exit on the first half: the timing must not reveal how much of a forged id is right.
    return ((this.high ^ idHigh) | (this.low ^ idLow)) === 0
  }

  #compute(isIPv6: boolean, first: number, second: number, slot: number): void {
    // The message has the slot in big-endian order, the hash takes little-endian blocks.
    const slotWord = (slot << 24) | ((slot & 0xff00) << 8) | ((slot >>> 8) & 0xff00) | (slot >>> 24)
    const hash = this.#hash
    if (isIPv6) {
      hash.hash(
        IPV6_TAG | (first << 8),
        (first >>> 24) | (second << 8),
        (second >>> 24) | (slotWord << 8),
        (slotWord >>> 24) | (IPV6_MESSAGE_BYTES << 24),
      )
    } else {
      hash.hash(IPV4_TAG | (first << 8), (first >>> 24) | (slotWord << 8), slotWord >>> 24, IPV4_MESSAGE_BYTES << 24)
    }
    const high = (slot << 24) | (hash.high & 0xffffff)
    const low = hash.low
    // Some clients treat 0 as "not connected", and the magic would be read as a connect.
    const isReserved = (high === 0 && low === 0) || (high === MAGIC_HIGH && low === MAGIC_LOW)
    this.high = high
    this.low = isReserved ? low ^ 1 : low
  }
}
