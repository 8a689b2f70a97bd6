// A parser for bencoded replies (BEP 3), used by tracker clients. Strict: canonical integers, keys in byte order
// without duplicates, nothing after the end. Byte strings stay bytes; keys are text with one character per byte.

import type { Deviations } from '../deviations.ts'

export type Bencoded = number | Uint8Array | readonly Bencoded[] | ReadonlyMap<string, Bencoded>

const MAX_DEPTH = 8
const INTEGER = 0x69
const LIST = 0x6c
const DICTIONARY = 0x64
const END = 0x65
const COLON = 0x3a
/** A sign and the 16 digits of the largest safe integer; the lenient reader takes any 64 bits. */
const MAX_INTEGER_CHARACTERS = 17
const MAX_LENIENT_INTEGER_CHARACTERS = 24

/**
 * The value in `bytes`; undefined unless they are exactly one well-formed value. With `deviations`, tolerates and notes
 * what trackers get wrong; of a key that occurs twice the last value counts.
 */
export function readBencoded(bytes: Uint8Array, deviations?: Deviations): Bencoded | undefined {
  const reader = new BencodeReader(bytes, deviations)
  const value = reader.value(MAX_DEPTH)
  if (value === undefined || reader.at === bytes.length) return value
  return reader.tolerates('there are bytes after the end') ? value : undefined
}

class BencodeReader {
  readonly #bytes: Uint8Array
  readonly #deviations: Deviations | undefined
  at = 0

  constructor(bytes: Uint8Array, deviations: Deviations | undefined) {
    this.#bytes = bytes
    this.#deviations = deviations
  }

  tolerates(deviation: string): boolean {
    this.#deviations?.note(deviation)
    return this.#deviations !== undefined
  }

  value(depth: number): Bencoded | undefined {
    const code = this.#bytes[this.at]
    if (code === INTEGER) {
      this.at++
      return this.#figure(END)
    }
    if (code !== LIST && code !== DICTIONARY) return this.#byteString()
    if (depth === 0) return undefined
    this.at++
    return code === LIST ? this.#list(depth - 1) : this.#dictionary(depth - 1)
  }

  #list(depth: number): Bencoded | undefined {
    const items: Bencoded[] = []
    while (this.#bytes[this.at] !== END) {
      const item = this.value(depth)
      if (item === undefined) return undefined
      items.push(item)
    }
    this.at++
    return items
  }

  #dictionary(depth: number): Bencoded | undefined {
    const entries = new Map<string, Bencoded>()
    let last: string | undefined
    while (this.#bytes[this.at] !== END) {
      const keyBytes = this.#byteString()
      const value = keyBytes && this.value(depth)
      if (keyBytes === undefined || value === undefined) return undefined
      const key = textOfBytes(keyBytes)
      if (last !== undefined && key <= last && !this.tolerates('keys are not sorted, or occur twice')) return undefined
      entries.set(key, value)
      last = key
    }
    this.at++
    return entries
  }

  #byteString(): Uint8Array | undefined {
    const length = this.#figure(COLON)
    if (length === undefined || length < 0 || length > this.#bytes.length - this.at) return undefined
    this.at += length
    return this.#bytes.subarray(this.at - length, this.at)
  }

  /** Digits up to `end`, which is consumed: no leading zeros, no `-0`, nothing beyond the safe integers. */
  #figure(end: number): number | undefined {
    const endAt = this.#bytes.indexOf(end, this.at)
    const length = endAt - this.at
    const maxLength = this.#deviations === undefined ? MAX_INTEGER_CHARACTERS : MAX_LENIENT_INTEGER_CHARACTERS
    if (endAt < 0 || length > maxLength) return undefined
    const text = textOfBytes(this.#bytes.subarray(this.at, endAt))
    if (!/^-?\d+$/.test(text)) return undefined
    this.at = endAt + 1
    const value = Number(text)
    const isCanonical = /^(0|-?[1-9]\d*)$/.test(text) && Number.isSafeInteger(value)
    return isCanonical || this.tolerates('an integer is not canonical, or too large') ? value : undefined
  }
}

/** One character per byte. `fromCharCode` with all of them as arguments would overflow the stack. */
export function textOfBytes(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}
