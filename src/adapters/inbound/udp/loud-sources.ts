// The proven sources that ask a thread for too much: addresses and /64s that are refused for their rate, /24s and /48s
// where the limit of the prefix is what refuses, and, while the receive buffer fills up, whole networks (/16, /32) that
// send more than any real one does. At other times only refusals come here, so that it costs other requests nothing. A
// table of fixed size, in which a source that is noted often displaces those that are not.

import { Family } from '../../../domain/announce.ts'
import { RateLevel } from '../rate-memory.ts'

/** A power of two. */
const LINES = 128
const WAYS = 4
const SLOTS = LINES * WAYS
/** Refusals within a second by which a source is loud. */
export const LOUD = 256
/**
 * Requests within a second, while the receive buffer fills up, by which a network is, and those by which one is that
 * sends a quarter of all. A university has hundreds, an access provider with twenty users behind each address of a /16
 * perhaps ten thousand, over all threads. One address may send 5000 at once, by default, and must not be enough.
 */
export const LOUD_NETWORK = 8192
export const LOUD_QUARTER = 6144
/**
 * Fewer are enough for one that sends a quarter of all if so many came from another /24 or /48 than the one before: no
 * single address does that. Without it a network would be found as late as an address that spends its burst.
 */
export const LOUD_SPREAD = 2048
/** Seconds with less before it no longer is. */
export const LOUD_LASTS_SECONDS = 10
/** One datagram in this many of a loud source still arrives. */
export const SAMPLED_EVERY = 16
/** Loud sources at the same time. */
export const MAX_LOUD = 256

/** How much of an address: all of it or the /64, the /24 or /48, the /16 or /32. The first two are those of rates. */
export const LoudLevel = { ...RateLevel, Network: 2 } as const
export type LoudLevel = (typeof LoudLevel)[keyof typeof LoudLevel]

/** What a loud source is, as kept in `marks`; 0 is an empty slot. */
export function loudMark(isIPv6: boolean, level: LoudLevel): number {
  return 1 + level + (isIPv6 ? LEVELS : 0)
}

const LEVELS = 3
/** By level, as a little-endian machine reads them: of an IPv4 address, and of the second word of an IPv6 one. */
const IPV4_MASKS = Int32Array.of(-1, 0x00ff_ffff, 0x0000_ffff)
const IPV6_MASKS = Int32Array.of(-1, 0x0000_ffff, 0)
const SPREAD = 0x9e37_79b1

export class LoudSources {
  /** Changes when the set of loud sources does. */
  version = 0
  /** Whether the receive buffer fills up: only then a network becomes loud, by what it has sent in this second. */
  isBacklogged = false
  readonly marks = new Uint8Array(SLOTS)
  /** In memory order, as a little-endian machine reads them. */
  readonly firsts = new Int32Array(SLOTS)
  readonly seconds = new Int32Array(SLOTS)
  /** 0 for a source that is not loud, else the quiet seconds that are left to it. */
  readonly loudFor = new Uint8Array(SLOTS)
  readonly #refusals = new Int32Array(SLOTS)
  /** Of networks: the /24 or /48 of the last request, and how often it was another one than before. */
  readonly #parts = new Int32Array(SLOTS)
  readonly #changes = new Int32Array(SLOTS)
  #loud = 0
  #networks = 0
  /** Of networks, noted in this second. */
  #requests = 0

  /** Whether a network is loud: its requests are to be noted, so that it is seen when it no longer is. */
  get hasNetworks(): boolean {
    return this.#networks > 0
  }

  /** Notes a refusal, or a request of a network. `second` is meaningless for IPv4. */
  note(family: Family, level: LoudLevel, first: number, second: number): void {
    const isIPv6 = family === Family.IPv6
    const mark = loudMark(isIPv6, level)
    if (level === LoudLevel.Network) this.#requests++
    const ownFirst = isIPv6 ? first : first & IPV4_MASKS[level]
    const ownSecond = isIPv6 ? second & IPV6_MASKS[level] : 0
    const mixed = Math.imul(ownFirst ^ Math.imul(ownSecond, SPREAD) ^ mark, SPREAD)
    const line = ((mixed >>> 16) & (LINES - 1)) * WAYS
    let least = -1
    for (let slot = line; slot < line + WAYS; slot++) {
      if (this.marks[slot] === mark && this.firsts[slot] === ownFirst && this.seconds[slot] === ownSecond) {
        this.#refusals[slot]++
        if (level === LoudLevel.Network) this.#notePart(slot, isIPv6 ? second & 0xffff : (first >>> 16) & 0xff)
        if (this.#isLoud(slot)) this.#beginIfRoom(slot)
        return
      }
      if (this.loudFor[slot] === 0 && (least < 0 || this.#refusals[slot] < this.#refusals[least])) least = slot
    }
    if (least >= 0) this.#displace(least, mark, ownFirst, ownSecond)
  }

  #isLoud(slot: number): boolean {
    const count = this.#refusals[slot]
    if (!isNetwork(this.marks[slot])) return count >= LOUD
    if (!this.isBacklogged) return false
    const isMuch = count >= LOUD_QUARTER || this.#changes[slot] >= LOUD_SPREAD
    return count >= LOUD_NETWORK || (isMuch && 4 * count >= this.#requests)
  }

  #notePart(slot: number, part: number): void {
    if (this.#parts[slot] === part) return
    this.#parts[slot] = part
    this.#changes[slot]++
  }

  /** Ends what is quiet; to be called about once a second. */
  everySecond(): void {
    this.#requests = 0
    for (let slot = 0; slot < SLOTS; slot++) {
      const isLoud = this.loudFor[slot] !== 0
      // Of a source that is filtered only samples arrive.
      const refusals = this.#refusals[slot] * (isLoud ? SAMPLED_EVERY : 1)
      if (isLoud) this.#keepOrEnd(slot, refusals >= loudFrom(this.marks[slot]))
      this.#refusals[slot] = 0
      this.#changes[slot] = 0
      if (this.loudFor[slot] === 0) this.marks[slot] = 0
    }
  }

  /** A source whose slot has been refused more often takes its weight away instead. */
  #displace(slot: number, mark: number, first: number, second: number): void {
    if (this.#refusals[slot] > 0) {
      this.#refusals[slot]--
      return
    }
    this.marks[slot] = mark
    this.firsts[slot] = first
    this.seconds[slot] = second
    this.#refusals[slot] = 1
    this.#changes[slot] = 0
  }

  #beginIfRoom(slot: number): void {
    if (this.loudFor[slot] !== 0 || this.#loud === MAX_LOUD) return
    this.loudFor[slot] = LOUD_LASTS_SECONDS
    this.#loud++
    if (isNetwork(this.marks[slot])) this.#networks++
    this.version++
  }

  #keepOrEnd(slot: number, isRefused: boolean): void {
    this.loudFor[slot] = isRefused ? LOUD_LASTS_SECONDS : this.loudFor[slot] - 1
    if (this.loudFor[slot] !== 0) return
    this.#loud--
    if (isNetwork(this.marks[slot])) this.#networks--
    this.version++
  }
}

function loudFrom(mark: number): number {
  return isNetwork(mark) ? LOUD_NETWORK : LOUD
}

/** Of each family's marks, the last. */
function isNetwork(mark: number): boolean {
  return mark % LEVELS === 0
}
