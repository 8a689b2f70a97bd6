// The query of an announce (BEP 3, 7, 21, 23; protocol rules HTTP-11 to HTTP-28), read into the tracker's request
// record. The info hash and the byte counts are decoded straight into it, as the bytes that will be stored.

import { AnnounceEvent, AnnounceRequest, Family } from '../../../domain/announce.ts'
import { leavesNumwantToTracker } from '../../../domain/wanted-peers.ts'
import type { IpAddress } from '../address-text.ts'
import { PASSKEY, readPasskey } from '../key-text.ts'
import { decodeBytes, hexDigit } from '../percent-encoding.ts'
import { QueryCursor } from '../query-cursor.ts'
import { ascii } from './bencode-writer.ts'
import { copyLargeDecimal, readSmallDecimal } from './decimal.ts'
import { HttpOutcome } from './http-outcome.ts'
import type { IpParameter } from './ip-parameter.ts'

// Byte offsets into the request's words.
const INFO_HASH_AT = 0
const PEER_ID_AT = 20
const DOWNLOADED_AT = 40
const LEFT_AT = 48
const UPLOADED_AT = 56
const ID_BYTES = 20
const MISSING = -2
/** Longer values of scalar parameters are invalid anyway and may be cut. */
const MAX_SCALAR_BYTES = 256

/** 2^63-1, big endian, as two words in machine order: a client that omits `left` is a leecher (HTTP-15). */
const UNKNOWN_LEFT = new Int32Array(Uint8Array.of(0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff).buffer)

const COMPACT = ascii('compact')
const DOWNLOADED = ascii('downloaded')
const EVENT = ascii('event')
const INFO_HASH = ascii('info_hash')
const IP = ascii('ip')
const KEY = ascii('key')
const LEFT = ascii('left')
const NO_PEER_ID = ascii('no_peer_id')
const NUMWANT = ascii('numwant')
const PEER_ID = ascii('peer_id')
const PORT = ascii('port')
const UPLOADED = ascii('uploaded')

const EVENT_NAMES = [ascii('completed'), ascii('started'), ascii('stopped'), ascii('paused')]
const EVENTS = [AnnounceEvent.Completed, AnnounceEvent.Started, AnnounceEvent.Stopped, AnnounceEvent.Paused]

export class AnnounceQuery {
  /** What was read; reused, so valid until the next `read`. */
  readonly request = new AnnounceRequest()
  /** The address of the request's endpoint, which may have been replaced after `read`. */
  readonly listed: IpAddress
  /** BEP 23 form; false only for `compact=0` (HTTP-21). */
  isCompact = true
  readonly #cursor = new QueryCursor()
  readonly #bytes: Uint8Array
  readonly #endpointBytes: Uint8Array
  /** An escaped value, decoded. */
  readonly #scalar = new Uint8Array(MAX_SCALAR_BYTES)
  readonly #defaultPeersPerAnnounce: number
  readonly #maxPeersPerAnnounce: number
  readonly #ipParameter: IpParameter | undefined
  #infoHashes = 0
  #infoHashLength = 0
  #peerIdLength = 0
  #omitsPeerIds = false

  /** Without an `ipParameter`, `ip` is ignored. */
  constructor(defaultPeersPerAnnounce: number, maxPeersPerAnnounce: number, ipParameter?: IpParameter) {
    // The reply has no room for more than the maximum, whatever the default.
    this.#defaultPeersPerAnnounce = Math.min(defaultPeersPerAnnounce, maxPeersPerAnnounce)
    this.#maxPeersPerAnnounce = maxPeersPerAnnounce
    this.#ipParameter = ipParameter
    this.#bytes = new Uint8Array(this.request.words.buffer)
    this.#endpointBytes = new Uint8Array(this.request.endpoint.buffer)
    this.listed = { family: Family.IPv4, bytes: this.#endpointBytes }
  }

  /** Reads the query in the bytes `from` to `to` of `source`; `client` is the address of the announcing client. */
  read(source: Uint8Array, from: number, to: number, client: IpAddress): HttpOutcome {
    this.#reset()
    const cursor = this.#cursor
    cursor.begin(source, from, to)
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
    request.clearPrefetched()
    request.credentials.isPresent = false
    request.event = AnnounceEvent.None
    request.key = 0
    request.port = 0
    request.numwant = -1
    if (this.#ipParameter !== undefined) this.#ipParameter.clear()
    this.isCompact = true
    this.#omitsPeerIds = false
    this.#infoHashes = 0
    this.#peerIdLength = MISSING
    this.#setFigure(DOWNLOADED_AT, 0, 0)
    this.#setFigure(UPLOADED_AT, 0, 0)
    this.#setFigure(LEFT_AT, UNKNOWN_LEFT[0], UNKNOWN_LEFT[1])
  }

  #setFigure(at: number, first: number, second: number): void {
    this.request.words[at >> 2] = first
    this.request.words[(at >> 2) + 1] = second
  }

  #readPair(cursor: QueryCursor): void {
    switch (cursor.nameLength) {
      case 7:
        if (cursor.isNamed(PEER_ID)) {
          this.#peerIdLength = this.#decodeId(cursor, PEER_ID_AT)
          return
        }
        if (!cursor.isNamed(PASSKEY)) break
        readPasskey(cursor.source, cursor.valueAt, cursor.valueEnd, this.request.credentials)
        return
      case 9:
        if (!cursor.isNamed(INFO_HASH)) return
        this.#infoHashLength = this.#decodeId(cursor, INFO_HASH_AT)
        this.#infoHashes++
        return
    }
    if (!cursor.isValueEscaped) {
      this.#readScalar(cursor, cursor.source, cursor.valueAt, cursor.valueEnd)
      return
    }
    const size = this.#scalar.length
    const length = decodeBytes(cursor.source, cursor.valueAt, cursor.valueEnd, this.#scalar, 0, size)
    if (length >= 0) this.#readScalar(cursor, this.#scalar, 0, Math.min(length, size))
  }

  #decodeId(cursor: QueryCursor, at: number): number {
    return decodeBytes(cursor.source, cursor.valueAt, cursor.valueEnd, this.#bytes, at, ID_BYTES)
  }

  #readScalar(cursor: QueryCursor, source: Uint8Array, from: number, to: number): void {
    const request = this.request
    switch (cursor.nameLength) {
      case 2:
        if (this.#ipParameter !== undefined && cursor.isNamed(IP)) this.#ipParameter.read(source, from, to)
        return
      case 3:
        if (cursor.isNamed(KEY)) request.key = readKey(source, from, to)
        return
      case 4:
        if (cursor.isNamed(PORT)) request.port = readPort(source, from, to)
        else if (cursor.isNamed(LEFT)) this.#readLeft(source, from, to)
        return
      case 5:
        if (cursor.isNamed(EVENT)) request.event = readEvent(source, from, to)
        return
      case 7:
        if (cursor.isNamed(NUMWANT)) request.numwant = this.#readNumwant(source, from, to)
        else if (cursor.isNamed(COMPACT)) this.isCompact = !isDigit(source, from, to, 0x30)
        return
      case 8:
        if (cursor.isNamed(UPLOADED)) this.#readFigure(source, from, to, UPLOADED_AT)
        return
      case 10:
        if (cursor.isNamed(DOWNLOADED)) this.#readFigure(source, from, to, DOWNLOADED_AT)
        else if (cursor.isNamed(NO_PEER_ID)) this.#omitsPeerIds = isDigit(source, from, to, 0x31)
    }
  }

  #readLeft(source: Uint8Array, from: number, to: number): void {
    if (copyLargeDecimal(source, from, to, this.#bytes, LEFT_AT)) return
    this.#setFigure(LEFT_AT, UNKNOWN_LEFT[0], UNKNOWN_LEFT[1])
  }

  #readFigure(source: Uint8Array, from: number, to: number, at: number): void {
    if (!copyLargeDecimal(source, from, to, this.#bytes, at)) this.#setFigure(at, 0, 0)
  }

  #readNumwant(source: Uint8Array, from: number, to: number): number {
    return Math.min(readSmallDecimal(source, from, to), this.#maxPeersPerAnnounce)
  }

  #finish(client: IpAddress): void {
    const request = this.request
    const ip = this.#ipParameter
    this.#setEndpoint(client)
    if (ip?.appliesTo(request)) this.#setEndpoint(ip.address)
    if (leavesNumwantToTracker(request)) request.numwant = this.#defaultPeersPerAnnounce
    request.wantsBothFamilies = true
    request.wantsPeerIds = !this.isCompact && !this.#omitsPeerIds
  }

  #setEndpoint({ family, bytes }: IpAddress): void {
    const { request } = this
    const portAt = family === Family.IPv6 ? 16 : 4
    request.family = family
    this.listed.family = family
    for (let i = 0; i < portAt; i++) this.#endpointBytes[i] = bytes[i]
    this.#endpointBytes[portAt] = request.port >> 8
    this.#endpointBytes[portAt + 1] = request.port
  }
}

/** An invalid port is read as 0: only `stopped` may have it, which the tracker decides (HTTP-13). */
function readPort(source: Uint8Array, from: number, to: number): number {
  const port = readSmallDecimal(source, from, to)
  return port < 0 || port > 0xffff ? 0 : port
}

function isDigit(source: Uint8Array, from: number, to: number, digit: number): boolean {
  return to - from === 1 && source[from] === digit
}

function readEvent(source: Uint8Array, from: number, to: number): AnnounceEvent {
  for (let i = 0; i < EVENT_NAMES.length; i++) {
    const name = EVENT_NAMES[i]
    if (name.length === to - from && isSameWord(source, from, name)) return EVENTS[i]
  }
  return AnnounceEvent.None
}

/** `word` is in lower case. */
function isSameWord(source: Uint8Array, from: number, word: Uint8Array): boolean {
  for (let i = 0; i < word.length; i++) if ((source[from + i] | 0x20) !== word[i]) return false
  return true
}

/** Eight hex digits are the number that the client also sends over UDP; any other text is hashed (FNV-1a). */
function readKey(source: Uint8Array, from: number, to: number): number {
  if (from === to) return 0
  let number = 0
  let hash = 0x811c9dc5 | 0
  let isHex = to - from === 8
  for (let i = from; i < to; i++) {
    const code = source[i]
    const digit = isHex ? hexDigit(code) : -1
    if (digit < 0) isHex = false
    else number = (number << 4) | digit
    hash = Math.imul(hash ^ code, 0x01000193)
  }
  return isHex ? number : hash
}
