// The layout of the swarm memory, in one place. All addresses are word (4 byte) offsets from its start, so the whole
// memory can be copied to a file and back; 0 is never a valid address and means "none".
//
//   header      64 words    see Header
//   shards      16 words each (a cache line, so that neighbours' locks do not share one), see Shard
//   heap        one row per heap and size class, see heap.ts
//   slabs       8 words for each slab: what the heap knows about it
//   directory   one word per slot: the first torrent of the slot's chain
//   holdings    addresses: 4 words each; networks: a table for each Holding
//   arena       slabs of 4096 words: torrents, peers, indexes

import { endpointHalfwords } from '../announce.ts'

/** Words of the header; word 0 is free. No version: memory lives no longer than the program that made it. */
export const Header = {
  /** Stamps count from here, in steady time: the low word; see epoch.ts. */
  Epoch: 1,
  /** Two secret words that key every hash. */
  Key0: 2,
  Key1: 3,
  /** Slabs handed out for the first time so far; the arena beyond has never been touched. */
  SlabsTouched: 4,
  /** First slab in the list of empty slabs (slab number + 1), and its length. */
  FreeSlab: 5,
  FreeSlabCount: 6,
  /** Guards the three words above, and the next one. */
  SlabLock: 7,
  /** Shortest run of adjacent empty slabs that a search missed since a slab was last freed; 0 for none. */
  MissingRun: 8,
  /** The high word of the epoch. */
  EpochHigh: 9,
  /** Entries that one address may have in a list (0: any number), and whether limits apply to private addresses. */
  MaxPeersPerAddress: 10,
  AppliesToPrivate: 11,
  /** Limits of what a source holds in the whole memory: see address-rules.ts. */
  MaxTorrentsPerAddress: 12,
  MaxTorrentsPerNetwork: 13,
  MaxTotalPeersPerAddress: 14,
  MaxTotalPeersPerNetwork: 15,
  NewTorrentRate: 16,
  NewTorrentBurst: 17,
  NewTorrentMultiple: 18,
  /** On their own cache line: contended lock acquisitions, and those that slept. Both may wrap around. */
  LockWaits: 28,
  LockSleeps: 29,
} as const
export const HEADER_WORDS = 64

/** Words of a shard. Counts change only under the shard's lock. */
export const Shard = {
  Lock: 0,
  Torrents: 1,
  /** Peers by family: index with `Family`. */
  Peers: 2,
  Seeders: 4,
  Leechers: 5,
  /** Downloads completed since the memory was made; counts remembered from earlier runs are excluded. */
  Completed: 6,
  /** Where the search for a swarm to evict continues: a slot number within the shard. */
  EvictionHand: 7,
  /** Activity in the shard. These may wrap around: readers use differences. */
  TorrentsAdded: 8,
  /** Peers added, removed or updated, by role: index with `Role`. */
  PeersAdded: 9,
  PeersRemoved: 11,
  PeersUpdated: 13,
  /** Seeders that became leechers. */
  Reverted: 15,
} as const
/** A peer's role, by what it has left to download. */
export const Role = { Seeder: 0, Leecher: 1 } as const
export type Role = (typeof Role)[keyof typeof Role]
export const SHARD_WORDS = 16

/**
 * A torrent: one cache line. It contains its first peer list; further ones (other family, other scope) are linked from
 * it.
 */
export const Torrent = {
  /** 5 words, as on the wire. */
  InfoHash: 0,
  /** Next torrent of the same slot. */
  Next: 5,
  Completed: 6,
  /** Distinct seeders; leechers; and, among the leechers, partial seeds. Clients seen in both families count once. */
  Seeders: 7,
  Leechers: 8,
  PartialSeeds: 9,
  List: 10,
} as const
export const TORRENT_WORDS = 16

/** The words at the start of a slab of torrents: one for each, its maker (see holdings.ts), in order. */
export const MAKER_WORDS = 256

/** What is known of an address or network: its peers, its torrents, and when its debt for new torrents is paid. */
export const Holding = { Peers: 0, Torrents: 1, PaidAt: 2 } as const
export const HOLDINGS = 3
/** An address has 2^2 words, so that it takes one cache line. */
export const HOLDING_SHIFT = 2

/**
 * A peer list: the peers of one family and one scope, dense and in random order, in three runs: first the uploaders
 * (seeders and partial seeds), then the downloaders, last the hidden peers, which are counted but never handed out.
 */
export const List = {
  Next: 0,
  /** Family, scope, and capacity in peers: see list-shape.ts. */
  Shape: 1,
  Uploaders: 2,
  Downloaders: 3,
  Hidden: 4,
  /** With up to 16 peers: their page; with more: the directory of pages. */
  Peers: 5,
} as const
export const LIST_WORDS = 6

/** Directory of a list with more than one page: two hash tables of equal size, then the pages. */
export const Directory = {
  ByEndpoint: 0,
  ByPeerId: 1,
  /** Base 2 logarithm of the slots in each table. */
  SlotsLog2: 2,
  /** Base 2 logarithm of the words of this directory. */
  SizeLog2: 3,
  First: 4,
} as const

/** Peers on a page; lists up to this size have a single page, with a capacity from the ladder. */
export const PAGE_PEERS = 16
export const PAGE_SHIFT = 4
export const CAPACITY_LADDER: readonly number[] = [1, 2, 3, 4, 6, 8, 12, 16]
/** Positions are 16-bit values in the hash tables, counted from 1. */
export const MAX_PEERS_IN_LIST = 65_534

const STEPS_ABOVE = new Uint8Array(PAGE_PEERS)
const STEPS_BELOW = new Uint8Array(PAGE_PEERS + 1)
for (let capacity = 0; capacity <= PAGE_PEERS; capacity++) {
  if (capacity < PAGE_PEERS) STEPS_ABOVE[capacity] = CAPACITY_LADDER.find((step) => step > capacity) ?? PAGE_PEERS
  STEPS_BELOW[capacity] = CAPACITY_LADDER.findLast((step) => step < capacity) ?? 0
}
/** The next larger capacity of a single page; from 0, the smallest. */
export function stepAbove(capacity: number): number {
  return STEPS_ABOVE[capacity]
}

/** The next smaller capacity of a single page; 0 below the smallest. */
export function stepBelow(capacity: number): number {
  return STEPS_BELOW[capacity]
}

/**
 * A peer's record. A page holds its peers' endpoints first (3 or 9 halfwords each, padded to a word), then the records.
 * Words 0 to 10 are as in BEP 15.
 */
export const Peer = {
  Id: 0,
  Downloaded: 5,
  Left: 7,
  Uploaded: 9,
  Key: 11,
  /** When the peer was last seen, and flags: see stamp.ts. */
  Stamp: 12,
} as const
export const PEER_WORDS = 13

/** Words for the endpoints of a page of `capacity` peers. */
export function endpointWords(family: number, capacity: number): number {
  return (endpointHalfwords(family) * capacity + 1) >> 1
}

/** The halfword offset of a word. */
export function halfwordAt(word: number): number {
  return word << 1
}

/** Words of a page of `capacity` peers. */
export function pageWords(family: number, capacity: number): number {
  return endpointWords(family, capacity) + capacity * PEER_WORDS
}

/** Slabs are the heap's unit: 16 KiB. */
export const SLAB_SHIFT = 12
export const SLAB_WORDS = 1 << SLAB_SHIFT
/** Several heaps, so that threads adding peers at the same time seldom contend. */
export const HEAPS = 4

/**
 * A large block from the C library begins 16 bytes into a page. Offsets of 12 words past a multiple of 16 are then
 * aligned to cache lines, and a torrent takes one line instead of two.
 */
export const LINE_SKEW = 12
