// Reads the reply to an announce or a scrape where it lies in memory, without allocation: whether it is complete,
// whether the connection can be kept, and what it says.

import { hexDigit } from '../../protocol/percent-encoding.ts'

/** Bytes of a peer in the compact form, by address family. */
const PEER_BYTES = 6
const PEER6_BYTES = 18
const CR = 13
const LF = 10
const SPACE = 32
const ZERO = 0x30
const CASE = 0x20

const CONTENT_LENGTH = asciiOf('content-length:')
const CONNECTION = asciiOf('connection:')
const TRANSFER_ENCODING = asciiOf('transfer-encoding:')
const CLOSE = asciiOf('close')
const CHUNKED = asciiOf('chunked')
const OK = asciiOf(' 200')
const LAST_CHUNK = asciiOf('0\r\n\r\n')
const FAILURE = asciiOf('14:failure reason')
const COMPLETE = asciiOf('8:completei')
const INCOMPLETE = asciiOf('10:incompletei')
const PEERS = asciiOf('5:peers')
const PEERS6 = asciiOf('6:peers6')
const INTERVAL = asciiOf('8:interval')
const FILES = asciiOf('5:files')
const DICTIONARY = asciiOf('d')

function asciiOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** Reused: the reply that was read last. */
export class LoadedHttpReply {
  isComplete = false
  isOk = false
  keepsConnection = false
  isFailure = false
  /** Whether it is a reply to what was asked. */
  isProper = false
  peers = 0
  /** Seeders and leechers of the torrent. */
  counted = 0
  bodyFrom = 0
  bodyTo = 0
  #isChunked = false

  /** Reads the bytes from 0 up to `to`. `hasEnded`: no more will come. */
  read(bytes: Uint8Array, to: number, hasEnded: boolean): void {
    this.isComplete = false
    const headTo = endOfHead(bytes, to)
    if (headTo < 0) return
    this.bodyFrom = headTo
    this.isOk = has(bytes, 8, to, OK)
    this.keepsConnection = bytes[7] === ZERO + 1
    const length = this.#readHead(bytes, headTo)
    if (length >= 0) this.isComplete = to >= headTo + length
    else if (length === CHUNKED_LENGTH) this.isComplete = has(bytes, to - LAST_CHUNK.length, to, LAST_CHUNK)
    else {
      this.keepsConnection = false
      this.isComplete = hasEnded
    }
    this.bodyTo = length >= 0 ? headTo + length : to
    this.#isChunked = length === CHUNKED_LENGTH
  }

  /** Reads the body of a complete reply, to a scrape or to an announce. */
  readBody(bytes: Uint8Array, isScrape: boolean): void {
    if (this.#isChunked) this.bodyTo = joinChunks(bytes, this.bodyFrom, this.bodyTo)
    const { bodyFrom: from, bodyTo: to } = this
    const isDictionary = has(bytes, from, to, DICTIONARY)
    this.isFailure = isDictionary && find(bytes, from, to, FAILURE) >= 0
    this.peers = 0
    this.counted = 0
    this.isProper = isDictionary && (isScrape ? find(bytes, from, to, FILES) >= 0 : hasAnnounceKey(bytes, from, to))
    if (isScrape || !this.isProper) return
    this.counted = numberAfter(bytes, from, to, COMPLETE) + numberAfter(bytes, from, to, INCOMPLETE)
    this.peers = numberAfter(bytes, from, to, PEERS) / PEER_BYTES + numberAfter(bytes, from, to, PEERS6) / PEER6_BYTES
  }

  /** The length of the body; negative if it is not told. */
  #readHead(bytes: Uint8Array, headTo: number): number {
    let length = UNKNOWN_LENGTH
    for (let at = 0; at < headTo; at++) {
      if (bytes[at] !== LF) continue
      const line = at + 1
      if (hasLower(bytes, line, headTo, CONTENT_LENGTH)) length = numberAt(bytes, line + CONTENT_LENGTH.length, headTo)
      else if (hasLower(bytes, line, headTo, TRANSFER_ENCODING)) {
        if (findLower(bytes, line, headTo, CHUNKED)) length = CHUNKED_LENGTH
      } else if (hasLower(bytes, line, headTo, CONNECTION)) {
        if (findLower(bytes, line, headTo, CLOSE)) this.keepsConnection = false
      }
    }
    return length
  }
}

const UNKNOWN_LENGTH = -1
const CHUNKED_LENGTH = -2

/** Some trackers leave out peers when there are none, but none the interval. */
function hasAnnounceKey(bytes: Uint8Array, from: number, to: number): boolean {
  return find(bytes, from, to, INTERVAL) >= 0 || find(bytes, from, to, PEERS) >= 0 || find(bytes, from, to, PEERS6) >= 0
}

/** Moves the chunks of a body together, from `from` on; returns where they end then. */
function joinChunks(bytes: Uint8Array, from: number, to: number): number {
  let end = from
  for (let at = from; at < to; ) {
    let size = 0
    for (let digit = hexDigit(bytes[at]); digit >= 0 && size < to; digit = hexDigit(bytes[++at]))
      size = size * 16 + digit
    while (at < to && bytes[at] !== LF) at++
    at++
    if (size === 0 || at + size > to) break
    bytes.copyWithin(end, at, at + size)
    end += size
    at += size + 2
  }
  return end
}

/** Where the body begins; -1 if the head has not arrived. */
function endOfHead(bytes: Uint8Array, to: number): number {
  for (let at = 3; at < to; at++) {
    if (bytes[at] === LF && bytes[at - 1] === CR && bytes[at - 2] === LF && bytes[at - 3] === CR) return at + 1
  }
  return -1
}

function has(bytes: Uint8Array, at: number, to: number, word: Uint8Array): boolean {
  if (at < 0 || at + word.length > to) return false
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word[i]) return false
  return true
}

/** `word` is in lower case. */
function hasLower(bytes: Uint8Array, at: number, to: number, word: Uint8Array): boolean {
  if (at + word.length > to) return false
  for (let i = 0; i < word.length; i++) if ((bytes[at + i] | CASE) !== (word[i] | CASE)) return false
  return true
}

/** Whether the line at `from` contains the word. */
function findLower(bytes: Uint8Array, from: number, to: number, word: Uint8Array): boolean {
  for (let at = from; at < to && bytes[at] !== LF; at++) if (hasLower(bytes, at, to, word)) return true
  return false
}

function find(bytes: Uint8Array, from: number, to: number, word: Uint8Array): number {
  for (let at = from; at + word.length <= to; at++) if (bytes[at] === word[0] && has(bytes, at, to, word)) return at
  return -1
}

/** The number behind the first such word; 0 if there is none. */
function numberAfter(bytes: Uint8Array, from: number, to: number, word: Uint8Array): number {
  const at = find(bytes, from, to, word)
  return at < 0 ? 0 : numberAt(bytes, at + word.length, to)
}

function numberAt(bytes: Uint8Array, from: number, to: number): number {
  let at = from
  let number = 0
  while (at < to && bytes[at] === SPACE) at++
  for (; at < to; at++) {
    const digit = bytes[at] - ZERO
    if (digit < 0 || digit > 9 || number > 100_000_000) break
    number = number * 10 + digit
  }
  return number
}
