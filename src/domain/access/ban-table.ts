// The banned addresses and networks, for any thread to read. A look-up takes one hash for each length of prefix in use;
// without bans it is one word.

import { type AddressNetwork, networkOf } from '../address-ranges.ts'
import { Family } from '../announce.ts'
import type { AccessMemory } from './access-memory.ts'
import { expiryWord, NEVER } from './expiry.ts'
import { BAN_KEY_WORDS, TableHead } from './layout.ts'
import { RecordTable } from './record-table.ts'
import { Reload } from './reload.ts'

const IPV6_LENGTH_WORDS = 4
const ADDRESS_WORDS = 4
/** Records examined per slice: well under a millisecond. */
const RECORDS_IN_SLICE = 4096
/** The family is the lowest bit of a key's first word, above the length of the prefix. */
const FAMILY_SHIFT = 8

/** The words of an address that a prefix of each length covers, in memory order. */
const MASKS = new Int32Array(129 * ADDRESS_WORDS)
const ALL_ONES = new Uint8Array(4 * ADDRESS_WORDS).fill(0xff)
for (let length = 0; length <= 128; length++) {
  new Uint8Array(MASKS.buffer).set(networkOf(ALL_ONES, length).bytes, 4 * ADDRESS_WORDS * length)
}

export class BanTable {
  readonly table: RecordTable
  readonly #words: Int32Array
  readonly #epoch: number
  readonly #reload: Reload
  readonly #lengthsAt: number
  readonly #key = new Int32Array(BAN_KEY_WORDS)
  readonly #given = new Int32Array(ADDRESS_WORDS)
  /** Bans by family and length; only in the thread that writes. */
  readonly #counts = new Int32Array(2 << FAMILY_SHIFT)

  constructor(memory: AccessMemory) {
    this.table = new RecordTable(memory, memory.plan.bans)
    this.#words = memory.words
    this.#epoch = memory.epochSeconds
    this.#lengthsAt = memory.plan.bans.headAt + TableHead.Lengths
    this.#reload = new Reload(this.table, { number: 0, mask: -1, drop: (record) => this.#drop(record) })
  }

  /** Whether there are any for addresses of the family: a first, cheap answer. */
  hasAny(family: Family): boolean {
    const at = this.#lengthsAt
    if (family === Family.IPv4) return Atomics.load(this.#words, at) !== 0
    for (let word = 1; word <= IPV6_LENGTH_WORDS; word++) if (Atomics.load(this.#words, at + word) !== 0) return true
    return false
  }

  /**
   * When the ban that covers an address ends, in seconds since 1970; `Infinity` for one without end, 0 for none. If
   * there are several, the last end. The address is at `at` of `words` in network bytes: 1 word for IPv4, 4 for IPv6.
   */
  bannedUntil(family: Family, words: Int32Array, at: number): number {
    const first = family === Family.IPv4 ? 0 : 1
    const last = family === Family.IPv4 ? 0 : IPV6_LENGTH_WORDS
    let until = 0
    for (let word = first; word <= last; word++) {
      let lengths = Atomics.load(this.#words, this.#lengthsAt + word)
      while (lengths !== 0) {
        const bit = 31 - Math.clz32(lengths)
        lengths &= ~(1 << bit)
        const length = (word === 0 ? 0 : (word - 1) * 32) + bit + 1
        this.#setKey(family, length, words, at)
        const value = this.table.valueOf(this.table.slotOf(this.#key, 0), this.#key, 0)
        if (value === NEVER) return Number.POSITIVE_INFINITY
        if (value !== 0) until = Math.max(until, value + this.#epoch)
      }
    }
    return until
  }

  get count(): number {
    return this.table.head(TableHead.Records)
  }

  // From here on: only for the writing thread.

  /** The lengths of prefixes in use that an address of the family may have, ascending. */
  lengths(family: Family): readonly number[] {
    const lengths: number[] = []
    for (let length = 1; length <= 128; length++) if (this.#counts[keyMark(family, length)] > 0) lengths.push(length)
    return lengths
  }

  has(network: AddressNetwork): boolean {
    this.#setNetwork(network)
    return this.table.find(this.#key, 0) !== 0
  }

  /**
   * Bans a network, or changes when that ends (seconds since 1970; undefined: never). False, and nothing has changed,
   * when the table is full.
   */
  put(network: AddressNetwork, untilSeconds: number | undefined): boolean {
    this.#setNetwork(network)
    const until = expiryWord(untilSeconds, this.#epoch)
    const known = this.table.find(this.#key, 0)
    const record = known === 0 ? this.table.add(this.#key, 0, until) : known
    if (record === 0) return false
    if (known === 0) this.#count(this.#key[0], 1)
    else this.table.setValue(record, until)
    this.#reload.markSeen(record)
    return true
  }

  /** Returns whether the network was banned. */
  remove(network: AddressNetwork): boolean {
    this.#setNetwork(network)
    const record = this.table.find(this.#key, 0)
    if (record !== 0) this.#drop(record)
    return record !== 0
  }

  /** Begins to replace all bans by those put from now on; follow with `put` for each, then `endReload`. */
  beginReload(): void {
    this.#reload.begin()
  }

  /** Removes, a slice at a time, what was not put since `beginReload`; call it until it returns true. */
  endReload(): boolean {
    return this.#reload.endSlice()
  }

  /**
   * Removes the bans that have ended, in the slice of the table that begins with record number `first` (0 for the first
   * slice). Returns where the next slice begins; undefined after the last one.
   */
  removeExpired(first: number, nowSeconds: number): number | undefined {
    const end = Math.min(first + RECORDS_IN_SLICE, this.table.touched)
    for (let number = first; number < end; number++) {
      const record = this.table.recordAt(number)
      const until = this.table.value(record)
      if (until !== 0 && until !== NEVER && until < nowSeconds - this.#epoch) this.#drop(record)
    }
    return end < this.table.touched ? end : undefined
  }

  #drop(record: number): void {
    const mark = this.#words[record]
    this.table.remove(record)
    this.#count(mark, -1)
  }

  /** A length is marked as long as there are bans of it: before the first one, and until the last one has gone. */
  #count(mark: number, by: number): void {
    this.#counts[mark] += by
    const count = this.#counts[mark]
    const length = mark & ((1 << FAMILY_SHIFT) - 1)
    const word = this.#lengthsAt + (mark >> FAMILY_SHIFT === Family.IPv4 ? 0 : 1 + ((length - 1) >> 5))
    const bit = 1 << ((length - 1) & 31)
    const lengths = Atomics.load(this.#words, word)
    if (count === 0) Atomics.store(this.#words, word, lengths & ~bit)
    else if (count === by) Atomics.store(this.#words, word, lengths | bit)
  }

  #setNetwork({ bytes, prefixBits }: AddressNetwork): void {
    const isIPv4 = bytes.length === 4
    new Uint8Array(this.#given.buffer).set(bytes)
    this.#setKey(isIPv4 ? Family.IPv4 : Family.IPv6, prefixBits, this.#given, 0)
  }

  #setKey(family: Family, length: number, words: Int32Array, at: number): void {
    const key = this.#key
    const maskAt = length * ADDRESS_WORDS
    key[0] = keyMark(family, length)
    key[1] = words[at] & MASKS[maskAt]
    const isIPv6 = family === Family.IPv6
    key[2] = isIPv6 ? words[at + 1] & MASKS[maskAt + 1] : 0
    key[3] = isIPv6 ? words[at + 2] & MASKS[maskAt + 2] : 0
    key[4] = isIPv6 ? words[at + 3] & MASKS[maskAt + 3] : 0
  }
}

function keyMark(family: Family, length: number): number {
  return (family << FAMILY_SHIFT) | length
}
