// The query of an announce (BEP 3, 7, 21, 23; protocol rules HTTP-11 to HTTP-28), read into the record that the tracker takes. The
// info hash and the figures are decoded right where they are needed, as the bytes that will be stored.

import { AnnounceEvent, AnnounceRequest, Family } from '../../../domain/announce.ts'
import type { IpAddress } from './address-text.ts'
import { copyLargeDecimal, readSmallDecimal } from './decimal.ts'
import { HttpOutcome } from './http-outcome.ts'
import { decodeBytes, decodeText, hexDigit } from './percent-encoding.ts'
import { QueryCursor } from './query-cursor.ts'

// Byte offsets into the request's words.
const INFO_HASH_AT = 0
const PEER_ID_AT = 20
const DOWNLOADED_AT = 40
const LEFT_AT = 48
const UPLOADED_AT = 56
const END = 64
const ID_BYTES = 20
const MISSING = -2

const EVENTS = [
  ['completed', AnnounceEvent.Completed],
  ['started', AnnounceEvent.Started],
  ['stopped', AnnounceEvent.Stopped],
  ['paused', AnnounceEvent.Paused],
] as const

export class AnnounceQuery {
  /** What was read; `words` and `endpoint` are reused, so it is good until the next `read`. */
  readonly request = new AnnounceRequest()
  /** BEP 23 form; false only for `compact=0` (HTTP-21). */
  isCompact = true
  readonly #cursor = new QueryCursor()
  readonly #bytes: Uint8Array
  readonly #endpointBytes: Uint8Array
  readonly #defaultNumwant: number
  readonly #mostNumwant: number
  #infoHashes = 0
  #infoHashLength = 0
  #peerIdLength = 0
  #omitsPeerIds = false

  constructor(defaultNumwant: number, mostNumwant: number) {
    this.#defaultNumwant = defaultNumwant
    this.#mostNumwant = mostNumwant
    this.#bytes = new Uint8Array(this.request.words.buffer)
    this.#endpointBytes = new Uint8Array(this.request.endpoint.buffer)
  }

  /** Reads the query that begins at `queryAt` of the raw target `text`; the announcing client is at `client`. */
  read(text: string, queryAt: number, client: IpAddress): HttpOutcome {
    this.#reset()
    const cursor = this.#cursor
    cursor.begin(text, queryAt)
    while (cursor.next()) this.#readPair(cursor)
    if (cursor.hasTooManyPairs) return HttpOutcome.TooManyParameters
    if (this.#infoHashes === 0) return HttpOutcome.MissingInfoHash
    if (this.#infoHashes > 1) return HttpOutcome.MultipleInfoHashes
    if (this.#infoHashLength !== ID_BYTES) return HttpOutcome.InvalidInfoHash
    if (this.#peerIdLength === MISSING) return HttpOutcome.MissingPeerId
    if (this.#peerIdLength !== ID_BYTES) return HttpOutcome.InvalidPeerId
    this.#finish(client)
    return HttpOutcome.Read
  }

  #reset(): void {
    const request = this.request
    request.event = AnnounceEvent.None
    request.key = 0
    request.port = 0
    request.numwant = this.#defaultNumwant
    this.isCompact = true
    this.#omitsPeerIds = false
    this.#infoHashes = 0
    this.#peerIdLength = MISSING
    this.#bytes.fill(0, DOWNLOADED_AT, END)
    // Who does not say what is left is a leecher (HTTP-15).
    this.#bytes.fill(0xff, LEFT_AT, UPLOADED_AT)
    this.#bytes[LEFT_AT] = 0x7f
  }

  #readPair(cursor: QueryCursor): void {
    switch (cursor.nameLength()) {
      case 7:
        if (!cursor.isNamed('peer_id')) break
        this.#peerIdLength = this.#decodeId(cursor, PEER_ID_AT)
        return
      case 9:
        if (!cursor.isNamed('info_hash')) return
        this.#infoHashLength = this.#decodeId(cursor, INFO_HASH_AT)
        this.#infoHashes++
        return
    }
    if (!cursor.isValueEscaped) {
      this.#readScalar(cursor, cursor.text, cursor.valueAt, cursor.valueEnd)
      return
    }
    const value = decodeText(cursor.text, cursor.valueAt, cursor.valueEnd)
    if (value !== undefined) this.#readScalar(cursor, value, 0, value.length)
  }

  #decodeId(cursor: QueryCursor, at: number): number {
    return decodeBytes(cursor.text, cursor.valueAt, cursor.valueEnd, this.#bytes, at, ID_BYTES)
  }

  #readScalar(cursor: QueryCursor, text: string, from: number, to: number): void {
    const request = this.request
    switch (cursor.nameLength()) {
      case 3:
        if (cursor.isNamed('key')) request.key = readKey(text, from, to)
        return
      case 4:
        if (cursor.isNamed('port')) request.port = readPort(text, from, to)
        else if (cursor.isNamed('left')) this.#readLeft(text, from, to)
        return
      case 5:
        if (cursor.isNamed('event')) request.event = readEvent(text, from, to)
        return
      case 7:
        if (cursor.isNamed('numwant')) request.numwant = this.#readNumwant(text, from, to)
        else if (cursor.isNamed('compact')) this.isCompact = !isDigit(text, from, to, 0x30)
        return
      case 8:
        if (cursor.isNamed('uploaded')) this.#readFigure(text, from, to, UPLOADED_AT)
        return
      case 10:
        if (cursor.isNamed('downloaded')) this.#readFigure(text, from, to, DOWNLOADED_AT)
        else if (cursor.isNamed('no_peer_id')) this.#omitsPeerIds = isDigit(text, from, to, 0x31)
    }
  }

  #readLeft(text: string, from: number, to: number): void {
    if (copyLargeDecimal(text, from, to, this.#bytes, LEFT_AT)) return
    this.#bytes.fill(0xff, LEFT_AT, UPLOADED_AT)
    this.#bytes[LEFT_AT] = 0x7f
  }

  #readFigure(text: string, from: number, to: number, at: number): void {
    if (!copyLargeDecimal(text, from, to, this.#bytes, at)) this.#bytes.fill(0, at, at + 8)
  }

  #readNumwant(text: string, from: number, to: number): number {
    const numwant = readSmallDecimal(text, from, to)
    if (numwant < 0) return this.#defaultNumwant
    return Math.min(numwant, this.#mostNumwant)
  }

  #finish(client: IpAddress): void {
    const request = this.request
    const isIPv6 = client.family === Family.IPv6
    const portAt = isIPv6 ? 16 : 4
    request.family = client.family
    request.wantsBothFamilies = true
    request.wantsPeerIds = !this.isCompact && !this.#omitsPeerIds
    for (let i = 0; i < portAt; i++) this.#endpointBytes[i] = client.bytes[i] as number
    this.#endpointBytes[portAt] = request.port >> 8
    this.#endpointBytes[portAt + 1] = request.port
  }
}

/** A port that is none reads as 0: only a `stopped` may carry it, which the tracker decides (HTTP-13). */
function readPort(text: string, from: number, to: number): number {
  const port = readSmallDecimal(text, from, to)
  return port < 0 || port > 0xffff ? 0 : port
}

function isDigit(text: string, from: number, to: number, digit: number): boolean {
  return to - from === 1 && text.charCodeAt(from) === digit
}

function readEvent(text: string, from: number, to: number): AnnounceEvent {
  for (let i = 0; i < EVENTS.length; i++) {
    const name = EVENTS[i]?.[0] ?? ''
    if (name.length === to - from && isSameWord(text, from, name)) return EVENTS[i]?.[1] ?? AnnounceEvent.None
  }
  return AnnounceEvent.None
}

function isSameWord(text: string, from: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if ((text.charCodeAt(from + i) | 0x20) !== word.charCodeAt(i)) return false
  return true
}

/** Eight hex digits are the number that the same client sends over UDP; any other text is hashed (FNV-1a) to one. */
function readKey(text: string, from: number, to: number): number {
  if (from === to) return 0
  let number = 0
  let hash = 0x811c9dc5 | 0
  let isHex = to - from === 8
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i)
    const digit = isHex ? hexDigit(code) : -1
    if (digit < 0) isHex = false
    else number = (number << 4) | digit
    hash = Math.imul(hash ^ code, 0x01000193)
  }
  return isHex ? number : hash
}
