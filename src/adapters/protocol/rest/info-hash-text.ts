// Reads info hashes as users write them: hex, base32 (BEP 9), URNs and magnet links, of v1 and v2 torrents (BEP 52).
// Trackers identify a v2 torrent by the first 20 bytes of its hash.

import { type InfoHash, readInfoHash } from '../../../domain/info-hash.ts'

export interface WrittenInfoHash {
  readonly infoHash: InfoHash
  /** The whole hash of a v2 torrent, in 64 lower-case hex digits. */
  readonly truncatedFrom?: string
}

/** Longer texts are rejected. */
export const MAX_INFO_HASH_TEXT_LENGTH = 4096

const SIXTY_FOUR_DIGITS = /^[0-9a-f]{64}$/i
const BASE32 = /^[a-z2-7]{32}$/i
const BTIH = /^urn:btih:(.*)$/i
/** A multihash: sha2-256 (0x12), 32 bytes (0x20). */
const BTMH = /^urn:btmh:1220([0-9a-f]{64})$/i
const MAGNET = /^magnet:\?/i
/** `xt`, or `xt.1` and so on in a link with several. */
const EXACT_TOPIC = /^xt(?:\.\d+)?$/
const BASE32_DIGITS = 'abcdefghijklmnopqrstuvwxyz234567'

/** Undefined for anything else. The first v1 hash of a magnet link counts, or the first v2 hash if there is none. */
export function readInfoHashText(text: string): WrittenInfoHash | undefined {
  if (text.length > MAX_INFO_HASH_TEXT_LENGTH) return undefined
  return MAGNET.test(text) ? readMagnet(text) : (readHex(text) ?? readBase32(text) ?? readUrn(text))
}

/** 40 or 64 hex digits, case-insensitive. */
export function readHex(text: string): WrittenInfoHash | undefined {
  const short = readInfoHash(text)
  if (short !== undefined) return { infoHash: short }
  if (!SIXTY_FOUR_DIGITS.test(text)) return undefined
  const infoHash = readInfoHash(text.slice(0, 40))
  return infoHash && { infoHash, truncatedFrom: text.toLowerCase() }
}

function readBase32(text: string): WrittenInfoHash | undefined {
  if (!BASE32.test(text)) return undefined
  let hex = ''
  // Eight base32 digits are 40 bits, or ten hex digits.
  for (let at = 0; at < 32; at += 8) {
    let value = 0
    for (const digit of text.slice(at, at + 8).toLowerCase()) value = value * 32 + BASE32_DIGITS.indexOf(digit)
    hex += value.toString(16).padStart(10, '0')
  }
  const infoHash = readInfoHash(hex)
  return infoHash && { infoHash }
}

function readUrn(text: string): WrittenInfoHash | undefined {
  return readBtih(text) ?? readBtmh(text)
}

function readBtih(text: string): WrittenInfoHash | undefined {
  const digits = BTIH.exec(text)?.[1]
  if (digits === undefined) return undefined
  const infoHash = readInfoHash(digits)
  return infoHash === undefined ? readBase32(digits) : { infoHash }
}

function readBtmh(text: string): WrittenInfoHash | undefined {
  const digits = BTMH.exec(text)?.[1]
  return digits === undefined ? undefined : readHex(digits)
}

function readMagnet(text: string): WrittenInfoHash | undefined {
  const topics: string[] = []
  for (const [name, value] of new URLSearchParams(text.slice(text.indexOf('?')))) {
    if (EXACT_TOPIC.test(name)) topics.push(value)
  }
  return firstOf(topics, readBtih) ?? firstOf(topics, readBtmh)
}

function firstOf(
  topics: readonly string[],
  read: (topic: string) => WrittenInfoHash | undefined,
): WrittenInfoHash | undefined {
  for (const topic of topics) {
    const written = read(topic)
    if (written !== undefined) return written
  }
  return undefined
}
