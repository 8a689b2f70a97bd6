// Splits a dump of MySQL or MariaDB into tokens while it streams in. Bytes are kept as they are, because dumps have
// binary columns in them; what no token needs is never kept.

export type SqlTokenKind = 'word' | 'string' | 'name' | 'mark'

export interface SqlTokenTarget {
  /**
   * `text` has one character a byte: of a string without quotes and escapes, of a name without backticks; of a long one
   * the beginning. `line` is that of its end.
   */
  readonly token: (kind: SqlTokenKind, text: string, line: number) => void
  /** Whether other tokens than the end of the statement matter now. */
  readonly isListening: boolean
}

/** Info hashes and passkeys are short; descriptions are not, and are not needed. */
const MAX_TOKEN_BYTES = 1024

const State = {
  Between: 0,
  Word: 1,
  Quoted: 2,
  Escaped: 3,
  /** After a quote that ends the string, unless another one follows. */
  Quote: 4,
  Dash: 5,
  Slash: 6,
  LineComment: 7,
  BlockComment: 8,
  BlockStar: 9,
} as const

const NEWLINE = 0x0a
const BACKTICK = 0x60
const SINGLE = 0x27
const DOUBLE = 0x22
const BACKSLASH = 0x5c
const DASH = 0x2d
const HASH = 0x23
const SLASH = 0x2f
const STAR = 0x2a
const SEMICOLON = 0x3b

/** Backslash sequences that stand for another byte; after any other character the backslash is dropped. */
const ESCAPES: Readonly<Record<number, number>> = { 48: 0, 98: 8, 110: 10, 114: 13, 116: 9, 90: 26 }

export class SqlTokens {
  readonly #target: SqlTokenTarget
  readonly #text = Buffer.alloc(MAX_TOKEN_BYTES)
  #length = 0
  #state: number = State.Between
  #quote = 0
  #line = 1

  constructor(target: SqlTokenTarget) {
    this.#target = target
  }

  /** Whether the bytes so far end within a string or a comment. */
  get isOpen(): boolean {
    return this.#state === State.Quoted || this.#state === State.Escaped || this.#state >= State.BlockComment
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]
      this.#take(byte)
      if (byte === NEWLINE) this.#line++
    }
  }

  /** The last token, which may have nothing after it. */
  end(): void {
    this.#take(NEWLINE)
  }

  #take(byte: number): void {
    switch (this.#state) {
      case State.Between:
        this.#begin(byte)
        break
      case State.Word:
        if (isWordByte(byte)) this.#keep(byte)
        else {
          this.#emit('word')
          this.#begin(byte)
        }
        break
      case State.Quoted:
        if (byte === this.#quote) this.#state = State.Quote
        else if (byte === BACKSLASH && this.#quote !== BACKTICK) this.#state = State.Escaped
        else this.#keep(byte)
        break
      case State.Escaped:
        this.#keep(ESCAPES[byte] ?? byte)
        this.#state = State.Quoted
        break
      case State.Quote:
        if (byte === this.#quote) {
          this.#keep(byte)
          this.#state = State.Quoted
        } else {
          this.#emit(this.#quote === BACKTICK ? 'name' : 'string')
          this.#begin(byte)
        }
        break
      default:
        this.#takeComment(byte)
    }
  }

  #takeComment(byte: number): void {
    switch (this.#state) {
      case State.Dash:
        if (byte === DASH) this.#state = State.LineComment
        else {
          this.#state = State.Word
          this.#keep(DASH)
          this.#take(byte)
        }
        break
      case State.Slash:
        this.#state = byte === STAR ? State.BlockComment : State.Between
        break
      case State.LineComment:
        if (byte === NEWLINE) this.#state = State.Between
        break
      case State.BlockComment:
        if (byte === STAR) this.#state = State.BlockStar
        break
      case State.BlockStar:
        if (byte === SLASH) this.#state = State.Between
        else if (byte !== STAR) this.#state = State.BlockComment
        break
    }
  }

  #begin(byte: number): void {
    this.#length = 0
    if (byte <= 0x20) this.#state = State.Between
    else if (byte === SINGLE || byte === DOUBLE || byte === BACKTICK) {
      this.#quote = byte
      this.#state = State.Quoted
    } else if (byte === DASH) this.#state = State.Dash
    else if (byte === HASH) this.#state = State.LineComment
    else if (byte === SLASH) this.#state = State.Slash
    else if (isWordByte(byte)) {
      this.#state = State.Word
      this.#keep(byte)
    } else {
      this.#state = State.Between
      if (byte === SEMICOLON || this.#target.isListening) {
        this.#target.token('mark', String.fromCharCode(byte), this.#line)
      }
    }
  }

  #keep(byte: number): void {
    if (this.#length < MAX_TOKEN_BYTES) this.#text[this.#length++] = byte
  }

  #emit(kind: SqlTokenKind): void {
    this.#state = State.Between
    if (this.#target.isListening) this.#target.token(kind, this.#text.toString('latin1', 0, this.#length), this.#line)
  }
}

/** Letters, digits, `_`, `$`, `.`, `+`, `@`, and all that is not ASCII. */
function isWordByte(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x5f ||
    byte === 0x24 ||
    byte === 0x2e ||
    byte === 0x2b ||
    byte === 0x40 ||
    byte >= 0x80
  )
}
