// Torrust's bans for wrong connection ids, over all threads: an address with more errors than allowed gets no reply
// until all counts are cleared. A wrong id proves no address, so this is for those who ask for it (ADR 57).
//
// Threads write without locks. An entry that changes hands is hidden meanwhile; two threads that do so at once may
// charge an address with one error of another, or count an address twice, so that its ban comes a little later.

import { isPrivateAddress } from '../../../domain/address.ts'
import { Family } from '../../../domain/announce.ts'
import { halfSipHash } from '../../../domain/half-siphash.ts'
import {
  ADDRESS_WORDS,
  ID_ERROR_ENTRY_WORDS,
  ID_ERROR_SET_WORDS,
  ID_ERROR_SETS,
  ID_ERROR_WORDS,
  ID_ERRORS_AT,
  IdErrorEntry,
  IdErrorHead,
} from './id-error-memory.ts'

/** Far above any use, and far below what a word holds. */
const MAX_ERRORS = 0x7fff_0000

export interface IdErrorOptions {
  /** An address with more is banned. */
  readonly maxErrors: number
  readonly resetSeconds: number
  /** Counts private and loopback addresses too. */
  readonly appliesToPrivate: boolean
}

export class IdErrors {
  readonly #isOn: boolean
  readonly #maxErrors: number
  readonly #resetSeconds: number
  readonly #appliesToPrivate: boolean
  readonly #words: Int32Array
  /** The address in question, and its mark. */
  readonly #key = new Int32Array(ADDRESS_WORDS + 1)
  readonly #halfwords = new Uint16Array(this.#key.buffer)
  #setAt = 0
  #period = 1

  /**
   * A view of memory that `createIdErrorMemory` has made, in this or another thread. Without options nothing is
   * counted.
   */
  constructor(memory: SharedArrayBuffer, options: IdErrorOptions | undefined) {
    this.#words = new Int32Array(memory)
    this.#isOn = options !== undefined
    this.#maxErrors = Math.min(options?.maxErrors ?? 0, MAX_ERRORS)
    this.#resetSeconds = options?.resetSeconds ?? 1
    this.#appliesToPrivate = options?.appliesToPrivate ?? false
  }

  /** Sets the time, in steady seconds, of what follows. */
  setTime(nowSeconds: number): void {
    const sinceStart = (nowSeconds - this.#words[IdErrorHead.StartedAt]) | 0
    this.#period = 1 + Math.max(0, Math.floor(sinceStart / this.#resetSeconds))
  }

  /** The address is at `at` of `words` in network bytes: 1 word for IPv4, 4 for IPv6. One load while none is banned. */
  isBanned(family: Family, words: Int32Array, at: number): boolean {
    if (!this.#isOn || Atomics.load(this.#words, IdErrorHead.BannedIn) !== this.#period) return false
    this.#setKey(family, words, at)
    const entry = this.#find()
    return entry !== 0 && this.#words[entry + IdErrorEntry.Errors] > this.#maxErrors
  }

  /** Counts an error of the address. */
  add(family: Family, words: Int32Array, at: number): void {
    if (!this.#isOn) return
    this.#setKey(family, words, at)
    if (!this.#appliesToPrivate && isPrivateAddress(family, this.#halfwords)) return
    const known = this.#find()
    const entry = known === 0 ? this.#take() : known
    if (entry === 0) return
    const errors = Atomics.add(this.#words, entry + IdErrorEntry.Errors, 1) + 1
    if (errors > this.#maxErrors) Atomics.store(this.#words, IdErrorHead.BannedIn, this.#period)
  }

  /**
   * Addresses with at least one error since all were cleared, as far as there is room for them. Reads the whole table.
   */
  addresses(nowSeconds: number): number {
    if (!this.#isOn) return 0
    this.setTime(nowSeconds)
    let addresses = 0
    for (let at = ID_ERRORS_AT; at < ID_ERROR_WORDS; at += ID_ERROR_ENTRY_WORDS) {
      if (this.#isOf(at, this.#period)) addresses++
    }
    return addresses
  }

  #setKey(family: Family, words: Int32Array, at: number): void {
    const key = this.#key
    const isIPv6 = family === Family.IPv6
    key[0] = words[at]
    key[1] = isIPv6 ? words[at + 1] : 0
    key[2] = isIPv6 ? words[at + 2] : 0
    key[3] = isIPv6 ? words[at + 3] : 0
    key[ADDRESS_WORDS] = family + 1
    const hash = halfSipHash(key, 0, ADDRESS_WORDS + 1, this.#words[IdErrorHead.Key0], this.#words[IdErrorHead.Key1])
    this.#setAt = ID_ERRORS_AT + (hash & (ID_ERROR_SETS - 1)) * ID_ERROR_SET_WORDS
  }

  /** The entry of the key; 0 if there is none. */
  #find(): number {
    const end = this.#setAt + ID_ERROR_SET_WORDS
    for (let at = this.#setAt; at < end; at += ID_ERROR_ENTRY_WORDS) {
      if (this.#isOf(at, this.#period) && this.#hasKey(at)) return at
    }
    return 0
  }

  /**
   * A place for the key: one that is free, or that of the address with the fewest errors. A ban never gives way: 0 if
   * the set has nothing else.
   */
  #take(): number {
    const words = this.#words
    const end = this.#setAt + ID_ERROR_SET_WORDS
    let place = 0
    let fewest = this.#maxErrors + 1
    for (let at = this.#setAt; at < end && fewest > 0; at += ID_ERROR_ENTRY_WORDS) {
      const errors = this.#isOf(at, this.#period) ? words[at + IdErrorEntry.Errors] : 0
      if (errors >= fewest) continue
      fewest = errors
      place = at
    }
    if (place === 0) return 0
    Atomics.store(words, place + IdErrorEntry.Period, 0)
    Atomics.store(words, place + IdErrorEntry.Errors, 0)
    for (let i = 0; i <= ADDRESS_WORDS; i++) words[place + i] = this.#key[i]
    Atomics.store(words, place + IdErrorEntry.Period, this.#period)
    return place
  }

  #isOf(at: number, period: number): boolean {
    return Atomics.load(this.#words, at + IdErrorEntry.Period) === period
  }

  #hasKey(at: number): boolean {
    const words = this.#words
    const key = this.#key
    for (let i = 0; i <= ADDRESS_WORDS; i++) if (words[at + i] !== key[i]) return false
    return true
  }
}
