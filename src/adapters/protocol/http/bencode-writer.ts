// Writes bencoding (BEP 3) into one reused buffer: constant parts are prepared words of four bytes, numbers are written
// digit by digit.

/** The bytes of an ASCII text. */
export function ascii(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

/** A byte string, bencoded: `4:spam`. */
export function bencodedText(text: string): string {
  return `${text.length}:${text}`
}

const IS_LITTLE_ENDIAN = new Uint8Array(Int32Array.of(1).buffer)[0] === 1

/** A constant part of replies. */
export class Literal {
  readonly length: number
  /** Filled up with zeros. */
  readonly words: Int32Array

  constructor(text: string) {
    const bytes = new Uint8Array((text.length + 3) & ~3)
    bytes.set(ascii(text))
    this.length = text.length
    this.words = new Int32Array(bytes.buffer)
  }
}

/** Bytes behind a literal that may be overwritten. */
export const LITERAL_SLACK_BYTES = 3

/** The caller ensures that there is room, with `LITERAL_SLACK_BYTES` behind the last literal. */
export class BencodeWriter {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly #view: DataView
  /** Where the next byte goes; the reply is everything before it. */
  at = 0

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  literal({ words, length }: Literal): void {
    const view = this.#view
    const at = this.at
    for (let i = 0; i < words.length; i++) view.setInt32(at + 4 * i, words[i], IS_LITTLE_ENDIAN)
    this.at = at + length
  }

  /** `value`: 0 to 2^31-1. */
  decimal(value: number): void {
    let digits = 1
    for (let rest = value; rest > 9; rest = (rest / 10) | 0) digits++
    let rest = value
    for (let i = this.at + digits - 1; i >= this.at; i--) {
      const tenth = (rest / 10) | 0
      this.bytes[i] = 0x30 + rest - tenth * 10
      rest = tenth
    }
    this.at += digits
  }

  byte(value: number): void {
    this.bytes[this.at++] = value
  }

  /** Copies `count` bytes of `source`; for short pieces from other buffers. */
  copy(source: Uint8Array, from: number, count: number): void {
    for (let i = 0; i < count; i++) this.bytes[this.at + i] = source[from + i]
    this.at += count
  }

  /** Moves `count` bytes from further on in this buffer to the end of the reply. */
  pull(from: number, count: number): void {
    this.bytes.copyWithin(this.at, from, from + count)
    this.at += count
  }
}
