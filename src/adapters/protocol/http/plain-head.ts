// Recognises the plain form of a request: a whole `GET` head that any parser reads alike. It judges nothing else:
// whatever is incomplete, unusual or malformed is not plain, and is left to a full parser (llhttp).

import { ascii } from './bencode-writer.ts'
import type { KnownHeads } from './known-heads.ts'
import { UsualBytes } from './usual-bytes.ts'

const GET = ascii('GET /')
const VERSION = ascii(' HTTP/1.')
const SPACE = 0x20
const CR = 0x0d
const LF = 0x0a
const COLON = 0x3a
const TAB = 0x09

/** Bits of a byte: what it may be part of. */
const IN_TARGET = 1
const IN_NAME = 2
const IN_VALUE = 4

const CLASSES = new Uint8Array(256)
for (let code = 0x21; code <= 0x7e; code++) CLASSES[code] |= IN_TARGET | IN_VALUE
CLASSES[0x23] &= ~IN_TARGET
CLASSES[SPACE] |= IN_VALUE
CLASSES[TAB] |= IN_VALUE
for (const character of "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
  CLASSES[character.charCodeAt(0)] |= IN_NAME
}

const HOST = ascii('host')
const CONNECTION = ascii('connection')
const ACCEPT_ENCODING = ascii('accept-encoding')
const FORWARDED_FOR = ascii('x-forwarded-for')
/** Those that change how the request is read, or whether it is answered. */
const DECISIVE = [
  'te',
  'expect',
  'origin',
  'trailer',
  'upgrade',
  'content-length',
  'sec-fetch-site',
  'http2-settings',
  'proxy-connection',
  'transfer-encoding',
].map(ascii)
const MAX_NAME_BYTES = 32
/** By the length of the name. */
const DECISIVE_BY_LENGTH = Array.from({ length: MAX_NAME_BYTES }, (_, length) =>
  DECISIVE.filter((name) => name.length === length),
)

const CLOSE = ascii('close')
const KEEP_ALIVE = ascii('keep-alive')

/** More headers are not plain. */
const MAX_HEADERS = 64

/** Reused record: what was read last. */
export class PlainHead {
  /** Bounds of the request target. */
  targetAt = 0
  targetEnd = 0
  /** Where the next request begins. */
  end = 0
  isHttp10 = false
  /** Whether the client wants to send another request. */
  isKept = false
  hasAcceptEncoding = false
  /** Bounds of the value of `X-Forwarded-For`; equal without one. */
  forwardedAt = 0
  forwardedEnd = 0
  readonly #usual = new UsualBytes()
  readonly #known: KnownHeads
  #hasHost = false
  #hasConnection = false
  #isClosed = false
  #hasForwarded = false
  #at = 0

  /** `known`: of all heads that are read by turns. */
  constructor(known: KnownHeads) {
    this.#known = known
  }

  /** Whether a plain head begins at `from` and ends before `to`. */
  read(bytes: Uint8Array, from: number, to: number): boolean {
    if (!startsWith(bytes, from, to, GET)) return false
    this.#usual.use(bytes)
    const at = this.#endOf(IN_TARGET, bytes, from + GET.length, to)
    this.targetAt = from + GET.length - 1
    this.targetEnd = at
    if (this.#readKnown(at, to)) return true
    if (!this.#readRest(bytes, at, to)) return false
    // Only what came alone, and is the same for all clients of a kind.
    if (this.end === to && !this.#hasForwarded) this.#remember(at, to)
    return true
  }

  #readKnown(from: number, to: number): boolean {
    const known = this.#known.find(this.#usual.view, from, to)
    if (known === undefined) return false
    this.end = to
    this.isHttp10 = known.isHttp10
    this.isKept = known.isKept
    this.hasAcceptEncoding = known.hasAcceptEncoding
    this.forwardedAt = 0
    this.forwardedEnd = 0
    return true
  }

  #remember(from: number, to: number): void {
    const entry = this.#known.remember(this.#usual.view, from, to)
    if (entry === undefined) return
    entry.isHttp10 = this.isHttp10
    entry.isKept = this.isKept
    entry.hasAcceptEncoding = this.hasAcceptEncoding
  }

  /** What follows the target. */
  #readRest(bytes: Uint8Array, from: number, to: number): boolean {
    let at = from
    if (!startsWith(bytes, at, to, VERSION)) return false
    at += VERSION.length
    if (at + 3 > to || bytes[at + 1] !== CR || bytes[at + 2] !== LF) return false
    if (bytes[at] !== 0x31 && bytes[at] !== 0x30) return false
    this.isHttp10 = bytes[at] === 0x30
    return this.#readHeaders(bytes, at + 3, to)
  }

  /** Index of the first byte from `from` on that is not of a class, a target's or a value's; at most `to`. */
  #endOf(byteClass: number, bytes: Uint8Array, from: number, to: number): number {
    let at = from
    while (at < to && (at & 3) !== 0 && (CLASSES[bytes[at]] & byteClass) !== 0) at++
    if ((at & 3) === 0) at = byteClass === IN_TARGET ? this.#usual.passTarget(at, to) : this.#usual.passValue(at, to)
    while (at < to && (CLASSES[bytes[at]] & byteClass) !== 0) at++
    return at
  }

  #readHeaders(bytes: Uint8Array, from: number, to: number): boolean {
    this.#hasHost = false
    this.#hasConnection = false
    this.#isClosed = this.isHttp10
    this.#hasForwarded = false
    this.hasAcceptEncoding = false
    this.forwardedAt = 0
    this.forwardedEnd = 0
    this.#at = from
    for (let headers = 0; headers < MAX_HEADERS; headers++) {
      const at = this.#at
      if (at + 2 > to) return false
      if (bytes[at] === CR) {
        this.end = at + 2
        this.isKept = !this.#isClosed
        return bytes[at + 1] === LF && (this.#hasHost || this.isHttp10)
      }
      if (!this.#readHeader(bytes, at, to)) return false
    }
    return false
  }

  #readHeader(bytes: Uint8Array, nameAt: number, to: number): boolean {
    let at = nameAt
    while (at < to && (CLASSES[bytes[at]] & IN_NAME) !== 0) at++
    const nameLength = at - nameAt
    if (nameLength === 0 || at === to || bytes[at] !== COLON) return false
    at++
    while (at < to && (bytes[at] === SPACE || bytes[at] === TAB)) at++
    const valueAt = at
    at = this.#endOf(IN_VALUE, bytes, valueAt, to)
    if (at + 2 > to || bytes[at] !== CR || bytes[at + 1] !== LF) return false
    this.#at = at + 2
    let valueEnd = at
    while (valueEnd > valueAt && (bytes[valueEnd - 1] === SPACE || bytes[valueEnd - 1] === TAB)) valueEnd--
    return this.#take(bytes, nameAt, nameLength, valueAt, valueEnd)
  }

  #take(bytes: Uint8Array, nameAt: number, nameLength: number, valueAt: number, valueEnd: number): boolean {
    if (nameLength >= MAX_NAME_BYTES) return true
    const decisive = DECISIVE_BY_LENGTH[nameLength]
    for (let i = 0; i < decisive.length; i++) if (isWord(bytes, nameAt, decisive[i])) return false
    switch (nameLength) {
      case HOST.length:
        if (isWord(bytes, nameAt, HOST)) this.#hasHost = true
        return true
      case CONNECTION.length:
        return !isWord(bytes, nameAt, CONNECTION) || this.#takeConnection(bytes, valueAt, valueEnd)
      case FORWARDED_FOR.length: // and of accept-encoding
        if (isWord(bytes, nameAt, ACCEPT_ENCODING)) this.hasAcceptEncoding = true
        else if (isWord(bytes, nameAt, FORWARDED_FOR)) return this.#takeForwarded(valueAt, valueEnd)
        return true
    }
    return true
  }

  /** Anything but one of the two usual words is not plain. */
  #takeConnection(bytes: Uint8Array, from: number, to: number): boolean {
    if (this.#hasConnection) return false
    this.#hasConnection = true
    const isClose = to - from === CLOSE.length && isWord(bytes, from, CLOSE)
    const isKeepAlive = to - from === KEEP_ALIVE.length && isWord(bytes, from, KEEP_ALIVE)
    this.#isClosed = isClose
    return isClose || isKeepAlive
  }

  #takeForwarded(from: number, to: number): boolean {
    if (this.#hasForwarded) return false
    this.#hasForwarded = true
    this.forwardedAt = from
    this.forwardedEnd = to
    return true
  }
}

function startsWith(bytes: Uint8Array, at: number, to: number, word: Uint8Array): boolean {
  if (to - at < word.length) return false
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word[i]) return false
  return true
}

/** Ignoring the case of letters; `word` is in lower case. The caller has compared the length. */
function isWord(bytes: Uint8Array, at: number, word: Uint8Array): boolean {
  for (let i = 0; i < word.length; i++) if (lowerCase(bytes[at + i]) !== word[i]) return false
  return true
}

function lowerCase(code: number): number {
  return code >= 0x41 && code <= 0x5a ? code | 0x20 : code
}
