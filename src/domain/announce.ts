// The announce, as the hot lane carries it: one request record and one reply record per thread, reused for every
// announce. Whatever ends up in memory or in a reply stays in wire form (BEP 15 order, network bytes); nothing is
// copied until it reaches its final place.

import { Credentials } from './access-key.ts'

/** Address family of a peer. The values are those of the Int32 fields that hold them. */
export const Family = { IPv4: 0, IPv6: 1 } as const
export type Family = (typeof Family)[keyof typeof Family]

/**
 * Classes of addresses by who can reach whom (protocol rule SEC-14). Peers of a class other than the global one are
 * handed only to peers of the same class. Configured ranges are numbered from `FirstRange` on.
 */
export const Scope = { Global: 0, Private: 1, Overlay: 2, FirstRange: 3 } as const
/** 0 to `MAX_SCOPE`. */
export type Scope = number
/** The largest value of the four bits in a list's shape. */
export const MAX_SCOPE = 15

/** True when peers of the class cannot reach global addresses, and are handed only their own class. */
export function isClosedScope(scope: Scope): boolean {
  return scope >= Scope.FirstRange
}

/** 16-bit units of a compact peer: 4 + 2 bytes (BEP 23) or 16 + 2 bytes (BEP 7); and of the address alone. */
export function endpointHalfwords(family: number): number {
  return family === Family.IPv4 ? 3 : 9
}

export function addressHalfwords(family: number): number {
  return family === Family.IPv4 ? 2 : 8
}

/** BEP 15 event numbers; 4 is BEP 21's `paused`, as libtorrent sends it over UDP (UDP-12). */
export const AnnounceEvent = { None: 0, Completed: 1, Started: 2, Stopped: 3, Paused: 4 } as const
export type AnnounceEvent = (typeof AnnounceEvent)[keyof typeof AnnounceEvent]

/** Why a served announce carries a warning for the client's user (HTTP-39). */
export const Warning = { None: 0, DeniedPort: 1 } as const
export type Warning = (typeof Warning)[keyof typeof Warning]

/**
 * One announce. The protocol adapter owns the record and fills in the client's values before each call, first clearing
 * what was prefetched.
 *
 * `words` holds the parts that are stored as received, at word (4 byte) offsets:
 * - `infoHashAt`: 5 words, the info hash;
 * - `peerAt`: 11 words, peer id (5), downloaded (2), left (2), uploaded (2); the figures are big endian 64-bit, as in
 *   bytes 36 to 79 of an announce of BEP 15. A seeder is a peer whose two words of `left` are zero.
 */
export class AnnounceRequest {
  words: Int32Array = new Int32Array(16)
  infoHashAt = 0
  peerAt = 5
  event: AnnounceEvent = AnnounceEvent.None
  /** Proves identity across a change of address (BEP 7); 0 when the client sent none. */
  key = 0
  /** Maximum number of peers in the reply, over both families; the adapter has applied default and cap. */
  numwant = 0
  family: Family = Family.IPv4
  /** Where the peer can be reached, network bytes: halfwords 0..1 address and 2 port, or 0..7 address and 8 port. */
  readonly endpoint = new Uint16Array(9)
  /** The port again, as a number: 0..65535. */
  port = 0
  /**
   * True when peers of the other family may be handed out as well (HTTP-34); UDP replies carry one family only
   * (UDP-18).
   */
  wantsBothFamilies = false
  /** True when the chosen peers' ids are needed (HTTP `compact=0`). */
  wantsPeerIds = false
  /** The key that the client sent; used by private trackers only. */
  readonly credentials = new Credentials()

  // Where a prefetch has found what the announce will need: addresses, 0 for none. They apply to one announce only, so
  // they are cleared when an announce is read into the request, and again when the tracker is done with it. Either one
  // alone keeps an announce from using what was found for another.
  /** The torrent's slot in the index of swarms; the prefetch has stored random bits with it. */
  prefetchedTorrentSlot = 0
  /** The slots of the torrent's marks (whitelist and blocklist) and of the key. */
  prefetchedMarksSlot = 0
  prefetchedKeySlot = 0

  // What the tracker decides for each announce, from its clock, its policy and random bits. These fields are not in a
  // separate record because every step reads them, and one more indirection is measurable.
  /** Steady time. */
  nowSeconds = 0
  scope: Scope = Scope.Global
  /** Whose holdings the peer counts for, once it is about to be stored: see swarm/holdings.ts. */
  holder = 0
  /** True when the peer is counted but never handed out. */
  isHidden = false
  /** 32 random bits, which determine where windows of peers begin. */
  randomBits = 0
  /** As many, the upper half of which determines where a peer that changes sides goes. */
  placeBits = 0

  clearPrefetched(): void {
    this.prefetchedTorrentSlot = 0
    this.prefetchedMarksSlot = 0
    this.prefetchedKeySlot = 0
  }
}

/**
 * Where the peers of one family are written: compact peers, one after the other, from halfword `at` on. The adapter
 * owns the memory and ensures room for `numwant` peers; the tracker sets `count`.
 */
export class PeerRoom {
  /** The reply's own memory, or a scratch area; word-aligned in its buffer. */
  readonly halfwords: Uint16Array
  /** The same memory as words. */
  readonly words: Int32Array
  /** Index into `halfwords` of the first peer. */
  at = 0
  /** Peers written. */
  count = 0
  /** Peer ids, 5 words a peer from index 0, in the order of the peers; written only when the request wants them. */
  readonly ids: Int32Array

  constructor(halfwords: Uint16Array, ids: Int32Array = new Int32Array(0)) {
    this.halfwords = halfwords
    this.words = new Int32Array(halfwords.buffer, halfwords.byteOffset, halfwords.length >> 1)
    this.ids = ids
  }
}

/** The answer to an announce. Counts are over both families and include the announcing peer. */
export class AnnounceReply {
  /** Jittered, in seconds (CL-01). */
  intervalSeconds = 0
  /** Seconds; never more than `intervalSeconds`. */
  minIntervalSeconds = 0
  /** BEP 3 `complete`. */
  seeders = 0
  /** BEP 3 `incomplete`; includes partial seeds (BEP 21). */
  leechers = 0
  /** Completed downloads since the swarm was first seen. */
  completed = 0
  /** True when this announce completed a download. */
  hasCompleted = false
  warning: Warning = Warning.None
  readonly ipv4: PeerRoom
  readonly ipv6: PeerRoom

  constructor(ipv4: PeerRoom, ipv6: PeerRoom) {
    this.ipv4 = ipv4
    this.ipv6 = ipv6
  }
}
