// Finds where a list of all torrents begins at an offset: a hash close before row number `offset` in ascending order,
// digit by digit. One scan for each 16 bits of the hash counts the rows before. One scan is enough, unless hashes were
// made up to share a prefix.

import type { Cancellation } from '../domain/cancellation.ts'
import { networkWord, sortKeyOf } from '../domain/hash-order.ts'
import { INFO_HASH_WORDS, type InfoHash, infoHashToWords } from '../domain/info-hash.ts'
import { Torrent } from '../domain/swarm/layout.ts'
import type { TorrentScans, TorrentVisit } from './torrent-scans.ts'

/** Maximum number of rows found and discarded, so that the search may be inexact. */
const MAX_SKIPPED = 1000
/** Halfwords of a hash. */
const DIGITS = 2 * INFO_HASH_WORDS

/** A hash before the wanted ones, as sort keys (undefined: none), and how many rows after it to skip. */
export interface ListStart {
  readonly after: Int32Array | undefined
  readonly skip: number
}

/** Undefined when there are no more than `offset` torrents, or when cancelled. */
export async function findListStart(
  scans: TorrentScans,
  offset: number,
  signal: Cancellation,
): Promise<ListStart | undefined> {
  const digits = new Uint16Array(DIGITS)
  let skip = offset
  for (let digit = 0; skip > MAX_SKIPPED && digit < DIGITS; digit++) {
    const counts = new Int32Array(2 ** 16)
    if (!(await scans.scan(countingVisit(digits, digit, counts), signal))) return undefined
    let value = 0
    while (value < counts.length && counts[value] <= skip) skip -= counts[value++]
    if (value === counts.length) return undefined
    digits[digit] = value
  }
  return { after: hashBefore(digits), skip }
}

/** Counts torrents by the value of a digit, among those that match `digits` in all earlier digits. */
function countingVisit(digits: Uint16Array, digit: number, counts: Int32Array): TorrentVisit {
  return (words, torrent) => {
    const hash = torrent + Torrent.InfoHash
    for (let i = 0; i < digit; i++) if (digitOf(words, hash, i) !== digits[i]) return
    counts[digitOf(words, hash, digit)]++
  }
}

/** The hash's 16 bits with that index. */
function digitOf(words: Int32Array, hashAt: number, digit: number): number {
  const word = networkWord(words[hashAt + (digit >> 1)])
  return (digit & 1) === 0 ? word >>> 16 : word & 0xffff
}

/** The hash just before all that begin with `digits` or more; undefined when there is none. */
function hashBefore(digits: Uint16Array): Int32Array | undefined {
  const first = [...digits].reduce((hash, digit) => (hash << 16n) | BigInt(digit), 0n)
  if (first === 0n) return undefined
  const words = new Int32Array(INFO_HASH_WORDS)
  infoHashToWords((first - 1n).toString(16).padStart(40, '0') as InfoHash, words, 0)
  return words.map(sortKeyOf)
}
