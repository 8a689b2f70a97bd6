// Walks a raw query pair by pair, in one pass and without making strings (protocol rules HTTP-01, HTTP-05, HTTP-06): pairs end at
// `&`, names at the first `=`, empty pairs and pairs without `=` are skipped, more than 128 pairs end the walk.

import { MOST_PAIRS } from './http-outcome.ts'
import { decodeText } from './percent-encoding.ts'

const AMPERSAND = 0x26
const EQUALS = 0x3d
const PERCENT = 0x25

/** Reused record; a pair is `name` and the characters `valueAt` to `valueEnd` of `text`, still escaped. */
export class QueryCursor {
  text = ''
  nameAt = 0
  nameEnd = 0
  valueAt = 0
  valueEnd = 0
  /** There is a `%` in the value. */
  isValueEscaped = false
  /** The name, decoded, when there was a `%` in it; otherwise undefined, and `nameAt` says where it stands. */
  decodedName: string | undefined = undefined
  hasTooManyPairs = false
  #at = 0
  #pairs = 0

  begin(text: string, queryAt: number): void {
    this.text = text
    this.hasTooManyPairs = false
    this.#at = queryAt
    this.#pairs = 0
  }

  /** Moves to the next pair; false when there is none, or too many. */
  next(): boolean {
    const text = this.text
    const end = text.length
    let at = this.#at
    while (at < end) {
      const nameAt = at
      let equals = -1
      let hasEscape = false
      let isNameEscaped = false
      for (; at < end; at++) {
        const code = text.charCodeAt(at)
        if (code === AMPERSAND) break
        if (code === PERCENT) hasEscape = true
        else if (code === EQUALS && equals < 0) {
          equals = at
          isNameEscaped = hasEscape
          hasEscape = false
        }
      }
      const pairEnd = at++
      if (pairEnd === nameAt) continue
      if (++this.#pairs > MOST_PAIRS) {
        this.hasTooManyPairs = true
        return false
      }
      if (equals < 0) continue
      this.#at = at
      this.nameAt = nameAt
      this.nameEnd = equals
      this.valueAt = equals + 1
      this.valueEnd = pairEnd
      this.isValueEscaped = hasEscape
      // A name that cannot be decoded is nobody's.
      this.decodedName = isNameEscaped ? (decodeText(text, nameAt, equals) ?? '') : undefined
      return true
    }
    return false
  }

  /** Length of the name, decoded. */
  nameLength(): number {
    return this.decodedName === undefined ? this.nameEnd - this.nameAt : this.decodedName.length
  }

  /** Whether the name is `name`; the caller has compared the length. */
  isNamed(name: string): boolean {
    return this.decodedName === undefined ? this.text.startsWith(name, this.nameAt) : this.decodedName === name
  }
}
