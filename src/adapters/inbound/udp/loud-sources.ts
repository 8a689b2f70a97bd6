// The proven sources that a thread refuses most for their rate: addresses and /64s, and the /24s and /48s above them
// where the limit of the prefix is what refuses. Only refusals come here, so that it costs other requests nothing. A
// table of fixed size, in which a source that is refused often displaces those that are not.

import { Family } from '../../../domain/announce.ts'

/** A power of two. */
const LINES = 128
const WAYS = 4
const SLOTS = LINES * WAYS
/** Refusals within a second by which a source is loud. */
export const LOUD = 256
/** Seconds with less before it no longer is. */
export const QUIET_SECONDS = 10
/** One datagram in this many of a loud source still arrives. */
export const SAMPLED_EVERY = 16
/** Loud sources at the same time. */
const MAX_LOUD = 256

/** What a loud source is: 0 for an empty slot. */
export const LoudMark = { IPv4Address: 1, IPv4Prefix: 2, IPv6Address: 3, IPv6Prefix: 4 } as const

const IPV4_PREFIX_MASK = 0x00ff_ffff
const IPV6_PREFIX_MASK = 0x0000_ffff
const SPREAD = 0x9e37_79b1

export class LoudSources {
  /** Changes when the set of loud sources does. */
  version = 0
  readonly marks = new Uint8Array(SLOTS)
  /** In memory order, as a little-endian machine reads them. */
  readonly firsts = new Int32Array(SLOTS)
  readonly seconds = new Int32Array(SLOTS)
  /** 0 for a source that is not loud, else the quiet seconds that are left to it. */
  readonly loudFor = new Uint8Array(SLOTS)
  readonly #refusals = new Int32Array(SLOTS)
  #loud = 0

  /** Notes a refusal. `second` is meaningless for IPv4. */
  note(family: Family, isPrefix: boolean, first: number, second: number): void {
    const isIPv6 = family === Family.IPv6
    const mark = 1 + (isIPv6 ? 2 : 0) + (isPrefix ? 1 : 0)
    const ownFirst = isPrefix && !isIPv6 ? first & IPV4_PREFIX_MASK : first
    const ownSecond = isIPv6 ? (isPrefix ? second & IPV6_PREFIX_MASK : second) : 0
    const mixed = Math.imul(ownFirst ^ Math.imul(ownSecond, SPREAD) ^ mark, SPREAD)
    const line = ((mixed >>> 16) & (LINES - 1)) * WAYS
    let least = -1
    for (let slot = line; slot < line + WAYS; slot++) {
      if (this.marks[slot] === mark && this.firsts[slot] === ownFirst && this.seconds[slot] === ownSecond) {
        if (++this.#refusals[slot] === LOUD) this.#beginIfRoom(slot)
        return
      }
      if (this.loudFor[slot] === 0 && (least < 0 || this.#refusals[slot] < this.#refusals[least])) least = slot
    }
    if (least >= 0) this.#displace(least, mark, ownFirst, ownSecond)
  }

  /** Ends what is quiet; to be called about once a second. */
  everySecond(): void {
    for (let slot = 0; slot < SLOTS; slot++) {
      const isLoud = this.loudFor[slot] !== 0
      // Of a source that is filtered only samples arrive.
      const refusals = this.#refusals[slot] * (isLoud ? SAMPLED_EVERY : 1)
      if (isLoud) this.#keepOrEnd(slot, refusals >= LOUD)
      this.#refusals[slot] = 0
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
  }

  #beginIfRoom(slot: number): void {
    if (this.loudFor[slot] !== 0 || this.#loud === MAX_LOUD) return
    this.loudFor[slot] = QUIET_SECONDS
    this.#loud++
    this.version++
  }

  #keepOrEnd(slot: number, isRefused: boolean): void {
    this.loudFor[slot] = isRefused ? QUIET_SECONDS : this.loudFor[slot] - 1
    if (this.loudFor[slot] !== 0) return
    this.#loud--
    this.version++
  }
}
