// Reads info hashes as users write them: hex, base32 (BEP 9), URNs and magnet links, of v1 and v2 torrents (BEP 52).
// Trackers identify a v2 torrent by the first 20 bytes of its hash.

import { type InfoHash, readInfoHash } from '../../../domain/info-hash.ts'

export interface WrittenInfoHash {
  readonly infoHash: InfoHash
  /** The whole hash of a v2 torrent, in 64 lower-case hex digits. */
  readonly truncatedFrom?: string
}

/** Longer texts are rejected, unless they are magnet links: those of torrents with many trackers are longer. */
export const MAX_INFO_HASH_TEXT_LENGTH = 4096
/** What Linux accepts as one argument. */
export const MAX_MAGNET_LENGTH = 128 * 1024

const SIXTY_FOUR_DIGITS = /^[0-9a-f]{64}$/i
const BASE32 = /^[a-z2-7]{32}$/i
const BTIH = /^urn:btih:(.*)$/i
/** A multihash: sha2-256 (0x12), 32 bytes (0x20). */
const BTMH = /^urn:btmh:1220([0-9a-f]{64})$/i
const MAGNET = /^magnet:\?/i
/** `xt`, or `xt.1` and so on in a link with several. */
const EXACT_TOPIC = /^xt(?:\.\d+)?$/
const BASE32_DIGITS = 'abcdefghijklmnopqrstuvwxyz234567'

/** Undefined for anything else. Of the magnet link of a hybrid torrent the v1 hash. */
export function readInfoHashText(text: string): WrittenInfoHash | undefined {
  return readInfoHashes(text)[0]
}

/** None for anything else; for the magnet link of a hybrid torrent, which has two swarms, the v1 and the v2 hash. */
export function readInfoHashes(text: string): readonly WrittenInfoHash[] {
  if (MAGNET.test(text)) return text.length > MAX_MAGNET_LENGTH ? [] : readMagnet(text)
  if (text.length > MAX_INFO_HASH_TEXT_LENGTH) return []
  const written = readHex(text) ?? readBase32(text) ?? readBtih(text) ?? readBtmh(text)
  return written === undefined ? [] : [written]
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

/** Its first v1 hash and its first v2 hash. */
function readMagnet(text: string): readonly WrittenInfoHash[] {
  const topics: string[] = []
  for (const [name, value] of new URLSearchParams(text.slice(text.indexOf('?')))) {
    if (EXACT_TOPIC.test(name)) topics.push(value)
  }
  const v1 = topics.flatMap((topic) => readBtih(topic) ?? [])
  const v2 = topics.flatMap((topic) => readBtmh(topic) ?? [])
  return [...v1.slice(0, 1), ...v2.slice(0, 1)]
}
