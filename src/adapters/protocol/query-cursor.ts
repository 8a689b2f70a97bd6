// Iterates over a raw query pair by pair, in one pass and in place (protocol rules HTTP-01, HTTP-05, HTTP-06, UDP-29):
// pairs end at `&`, names at the first `=`, empty pairs and pairs without `=` are skipped, and more than 128 pairs end
// the iteration.

import { decodeBytes } from './percent-encoding.ts'

/** The most pairs read in one query (HTTP-05). */
const MAX_PAIRS = 128

const AMPERSAND = 0x26
const EQUALS = 0x3d
const PERCENT = 0x25
/** No known name is longer; a longer name matches none. */
const MAX_NAME_BYTES = 16

/** Reused record: the current pair. */
export class QueryCursor {
  /** The query's bytes, one per character. */
  source: Uint8Array = new Uint8Array(0)
  /** Bounds of the value in `source`, still escaped. */
  valueAt = 0
  valueEnd = 0
  /** The value contains a `%`. */
  isValueEscaped = false
  nameLength = 0
  hasTooManyPairs = false
  #names: Uint8Array = this.source
  #nameAt = 0
  readonly #decodedName = new Uint8Array(MAX_NAME_BYTES)
  /** Where the next pair begins. */
  at = 0
  #end = 0
  #pairs = 0

  begin(source: Uint8Array, from: number, to: number): void {
    this.source = source
    this.hasTooManyPairs = false
    this.at = from
    this.#end = to
    this.#pairs = 0
  }

  /** Moves to the next pair; false if there is none, or too many. */
  next(): boolean {
    const source = this.source
    const end = this.#end
    let at = this.at
    while (at < end) {
      const pairAt = at
      let hasEscape = false
      let code = 0
      for (; at < end; at++) {
        code = source[at]
        if (code === EQUALS || code === AMPERSAND) break
        if (code === PERCENT) hasEscape = true
      }
      if (at === end || code === AMPERSAND) {
        if (at > pairAt && !this.count()) return false
        at++
        continue
      }
      if (!this.count()) return false
      this.#takeName(pairAt, at, hasEscape)
      this.valueAt = ++at
      hasEscape = false
      for (; at < end; at++) {
        code = source[at]
        if (code === AMPERSAND) break
        if (code === PERCENT) hasEscape = true
      }
      this.isValueEscaped = hasEscape
      this.valueEnd = at
      this.at = at + 1
      return true
    }
    this.at = end
    return false
  }

  /** Whether the name is `name`, given as bytes; the caller has compared the length. */
  isNamed(name: Uint8Array): boolean {
    const names = this.#names
    const at = this.#nameAt
    for (let i = 0; i < name.length; i++) if (names[at + i] !== name[i]) return false
    return true
  }

  /** Counts a pair, also one that the caller reads itself; false if it is one too many. */
  count(): boolean {
    this.hasTooManyPairs = ++this.#pairs > MAX_PAIRS
    return !this.hasTooManyPairs
  }

  #takeName(from: number, to: number, hasEscape: boolean): void {
    if (hasEscape) {
      this.#names = this.#decodedName
      this.#nameAt = 0
      // A name that cannot be decoded gets a length that no known name has.
      this.nameLength = decodeBytes(this.source, from, to, this.#decodedName, 0, MAX_NAME_BYTES)
    } else {
      this.#names = this.source
      this.#nameAt = from
      this.nameLength = to - from
    }
  }
}
