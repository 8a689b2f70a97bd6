// The layout of the access memory, in one place: which torrents are listed or blocked, which keys are known, and which
// addresses are banned. All addresses are word (4 byte) offsets from its start; 0 is never a valid address and means
// "none".
//
//   header      16 words, see Header
//   heads       16 words for each table (a cache line), see TableHead: torrents, keys, bans
//   torrents    one word per slot: the first record of the slot's chain
//   keys, bans  the same
//   records     of torrents, 8 words each; then of keys, 16 words each, and of bans, 8; see recordWords
//
// There are at least as many slots as records, so chains are short and nothing ever grows or is rebuilt. The operating
// system commits a page when it is first touched, and records are handed out from the front: capacity costs nothing
// until used.

import { ACCESS_KEY_WORDS } from '../access-key.ts'
import { INFO_HASH_WORDS } from '../info-hash.ts'
import { LINE_SKEW } from '../swarm/layout.ts'

/** Words of the header; word 0 is free. No version: memory lives no longer than the program that made it. */
export const AccessHeader = {
  /** Key expiry times count from here, in seconds since 1970: the low word; see epoch.ts. */
  Epoch: 1,
  /** Two secret words that key every hash. */
  Key0: 2,
  Key1: 3,
  /** The maximum number of records. */
  TorrentCapacity: 4,
  KeyCapacity: 5,
  BanCapacity: 7,
  /** The high word of the epoch. */
  EpochHigh: 6,
} as const
const HEADER_WORDS = 16

/** Words of a table's head. */
export const TableHead = {
  /** Incremented after each removal; readers check it. */
  Removals: 0,
  Records: 1,
  /** Records handed out for the first time so far; the rest have never been touched. */
  Touched: 2,
  /** First of the removed records, linked through their Stamp words. */
  FreeRecord: 3,
  /** Records marked for list 0, for list 1. */
  Marked: 4,
  /** Number of the latest reload of list 0, of list 1: 15 bits. */
  Generation: 6,
  /** Bans: the lengths of prefixes in use, as bits: of IPv4 in one word, of IPv6 in the four after it. */
  Lengths: 8,
} as const
const TABLE_HEAD_WORDS = 16

/** Words of a record, counted from the end of its key. */
export const Tail = {
  /** Next record of the same slot. */
  Next: 0,
  /** What is known about the key; 0 only while the record is free. */
  Value: 1,
  /**
   * Writer only. In a record in use: the reload that last saw it, 15 bits for each list. In a free one: the next free
   * record.
   */
  Stamp: 2,
} as const
const TAIL_WORDS = 3

/** Family and length of a prefix, then its four words. */
export const BAN_KEY_WORDS = 5

/** Maximum number of records in each table. */
export interface AccessCapacities {
  /** Whitelist and blocklist together; a torrent on both counts once. */
  readonly torrents: number
  readonly keys: number
  readonly bans: number
}

/** Where a table's parts begin. */
export interface TablePlan {
  readonly headAt: number
  readonly slotsAt: number
  readonly slotsLog2: number
  readonly recordsAt: number
  readonly recordWords: number
  readonly keyWords: number
  readonly capacity: number
}

export interface AccessPlan {
  readonly totalWords: number
  readonly torrents: TablePlan
  readonly keys: TablePlan
  readonly bans: TablePlan
}

/** Never so few that a hash cannot be shortened to a slot number. */
function slotsLog2For(capacity: number): number {
  return Math.max(4, 32 - Math.clz32(capacity - 1))
}

/** A power of two, so that no record spans two cache lines. */
function recordWords(keyWords: number): number {
  return 1 << (32 - Math.clz32(keyWords + TAIL_WORDS - 1))
}

/** Divides the memory for the given capacities, at least 1 each and at most 4 GiB together. */
export function planAccess({ torrents, keys, bans }: AccessCapacities): AccessPlan {
  const torrentSlots = slotsLog2For(torrents)
  const keySlots = slotsLog2For(keys)
  const headsAt = HEADER_WORDS + LINE_SKEW
  const banSlots = slotsLog2For(bans)
  const torrentSlotsAt = headsAt + 3 * TABLE_HEAD_WORDS
  const keySlotsAt = torrentSlotsAt + (1 << torrentSlots)
  const banSlotsAt = keySlotsAt + (1 << keySlots)
  const torrentsAt = banSlotsAt + (1 << banSlots)
  const keysAt = torrentsAt + torrents * recordWords(INFO_HASH_WORDS) + ((torrents & 1) << 3)
  const bansAt = keysAt + keys * recordWords(ACCESS_KEY_WORDS)
  return {
    totalWords: bansAt + bans * recordWords(BAN_KEY_WORDS),
    torrents: {
      headAt: headsAt,
      slotsAt: torrentSlotsAt,
      slotsLog2: torrentSlots,
      recordsAt: torrentsAt,
      recordWords: recordWords(INFO_HASH_WORDS),
      keyWords: INFO_HASH_WORDS,
      capacity: torrents,
    },
    keys: {
      headAt: headsAt + TABLE_HEAD_WORDS,
      slotsAt: keySlotsAt,
      slotsLog2: keySlots,
      recordsAt: keysAt,
      recordWords: recordWords(ACCESS_KEY_WORDS),
      keyWords: ACCESS_KEY_WORDS,
      capacity: keys,
    },
    bans: {
      headAt: headsAt + 2 * TABLE_HEAD_WORDS,
      slotsAt: banSlotsAt,
      slotsLog2: banSlots,
      recordsAt: bansAt,
      recordWords: recordWords(BAN_KEY_WORDS),
      keyWords: BAN_KEY_WORDS,
      capacity: bans,
    },
  }
}
