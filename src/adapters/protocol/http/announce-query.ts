// The query of an announce (BEP 3, 7, 21, 23; protocol rules HTTP-11 to HTTP-28), read into the tracker's request
// record. The info hash and the byte counts are decoded straight into it, as the bytes that will be stored.

import { AnnounceEvent, AnnounceRequest, Family } from '../../../domain/announce.ts'
import { leavesNumwantToTracker } from '../../../domain/wanted-peers.ts'
import type { IpAddress } from '../address-text.ts'
import { readPasskey } from '../key-text.ts'
import { decodeBytes } from '../percent-encoding.ts'
import { QueryCursor } from '../query-cursor.ts'
import { Parameter, parameterOf, UsualNames } from './announce-parameters.ts'
import { isDigit, readClientKey, readEvent, readPort } from './announce-values.ts'
import { copyLargeDecimal, readSmallDecimal } from './decimal.ts'
import { HttpOutcome } from './http-outcome.ts'
import { ID_BYTES, IdValue } from './id-value.ts'
import type { IpParameter } from './ip-parameter.ts'

// Byte offsets into the request's words.
const INFO_HASH_AT = 0
const PEER_ID_AT = 20
const DOWNLOADED_AT = 40
const LEFT_AT = 48
const UPLOADED_AT = 56
const MISSING = -2
/** Longer values of scalar parameters are invalid anyway and may be cut. */
const MAX_SCALAR_BYTES = 256

/** 2^63-1, big endian, as two words in machine order: a client that omits `left` is a leecher (HTTP-15). */
const UNKNOWN_LEFT = new Int32Array(Uint8Array.of(0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff).buffer)

const AMPERSAND = 0x26
const PERCENT = 0x25

export class AnnounceQuery {
  /** What was read; reused, so valid until the next `read`. */
  readonly request = new AnnounceRequest()
  /** The address of the request's endpoint, which may have been replaced after `read`. */
  readonly listed: IpAddress
  /** BEP 23 form; false only for `compact=0` (HTTP-21). */
  isCompact = true
  readonly #cursor = new QueryCursor()
  readonly #names = new UsualNames()
  readonly #id = new IdValue()
  #source: Uint8Array = new Uint8Array(0)
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
    this.#source = source
    this.#names.use(source)
    cursor.begin(source, from, to)
    this.#readPairs(cursor, to)
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

  /** Pairs whose names have the usual form take a short cut, with the same result. */
  #readPairs(cursor: QueryCursor, to: number): void {
    for (;;) {
      const valueAt = this.#names.valueAt(cursor.at, to)
      if (valueAt !== 0) {
        if (!cursor.count()) return
        cursor.at = this.#readUsual(this.#names.parameter, valueAt, to) + 1
      } else if (cursor.next()) this.#readPair(cursor)
      else return
    }
  }

  /** Returns the end of the value. */
  #readUsual(parameter: Parameter, from: number, to: number): number {
    const source = this.#source
    const id = this.#id
    if (parameter === Parameter.InfoHash) {
      id.read(source, from, to, this.#bytes, INFO_HASH_AT)
      this.#infoHashLength = id.length
      this.#infoHashes++
      return id.end
    }
    if (parameter === Parameter.PeerId) {
      id.read(source, from, to, this.#bytes, PEER_ID_AT)
      this.#peerIdLength = id.length
      return id.end
    }
    let isEscaped = false
    let at = from
    for (; at < to; at++) {
      const code = source[at]
      if (code === AMPERSAND) break
      if (code === PERCENT) isEscaped = true
    }
    if (isEscaped) this.#readEscaped(parameter, from, at)
    else this.#readScalar(parameter, source, from, at)
    return at
  }

  #readPair(cursor: QueryCursor): void {
    const parameter = parameterOf(cursor)
    const { source, valueAt, valueEnd } = cursor
    switch (parameter) {
      case Parameter.Other:
        return
      case Parameter.InfoHash:
        this.#infoHashes++
        this.#infoHashLength = decodeBytes(source, valueAt, valueEnd, this.#bytes, INFO_HASH_AT, ID_BYTES)
        return
      case Parameter.PeerId:
        this.#peerIdLength = decodeBytes(source, valueAt, valueEnd, this.#bytes, PEER_ID_AT, ID_BYTES)
        return
      case Parameter.Passkey:
        readPasskey(source, valueAt, valueEnd, this.request.credentials)
        return
    }
    if (cursor.isValueEscaped) this.#readEscaped(parameter, valueAt, valueEnd)
    else this.#readScalar(parameter, source, valueAt, valueEnd)
  }

  #readEscaped(parameter: Parameter, from: number, to: number): void {
    const size = this.#scalar.length
    const length = decodeBytes(this.#source, from, to, this.#scalar, 0, size)
    if (length >= 0) this.#readScalar(parameter, this.#scalar, 0, Math.min(length, size))
  }

  #readScalar(parameter: Parameter, source: Uint8Array, from: number, to: number): void {
    const request = this.request
    switch (parameter) {
      case Parameter.Ip:
        if (this.#ipParameter !== undefined) this.#ipParameter.read(source, from, to)
        return
      case Parameter.Key:
        request.key = readClientKey(source, from, to)
        return
      case Parameter.Port:
        request.port = readPort(source, from, to)
        return
      case Parameter.Left:
        this.#readLeft(source, from, to)
        return
      case Parameter.Event:
        request.event = readEvent(source, from, to)
        return
      case Parameter.Numwant:
        request.numwant = this.#readNumwant(source, from, to)
        return
      case Parameter.Compact:
        this.isCompact = !isDigit(source, from, to, 0x30)
        return
      case Parameter.Uploaded:
        this.#readFigure(source, from, to, UPLOADED_AT)
        return
      case Parameter.Downloaded:
        this.#readFigure(source, from, to, DOWNLOADED_AT)
        return
      case Parameter.NoPeerId:
        this.#omitsPeerIds = isDigit(source, from, to, 0x31)
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
