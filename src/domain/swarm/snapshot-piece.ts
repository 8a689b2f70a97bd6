// The format of swarms in a snapshot: pieces of up to a page of one peer list, each self-contained, so that they can be
// written in any order, read into a memory of any size, and read twice. Words are in machine byte order, like the swarm
// memory's.
//
//   piece       7 words, see Piece
//   endpoints   3 or 9 halfwords a peer, padded to a word
//   records     13 words a peer, as in a page; stamps count from the snapshot's epoch
//
// A torrent without peers, of which only the completed downloads are known, is a piece with no peers.

import { Family } from '../announce.ts'
import { endpointWords, PAGE_PEERS, PEER_WORDS } from './layout.ts'

/** Raised whenever a piece, or a record in it, changes meaning. */
export const SNAPSHOT_FORMAT = 1

export const Piece = {
  /** 5 words. */
  InfoHash: 0,
  Completed: 5,
  /**
   * Bit 0 family, bit 1 lowest bit of the scope, bits 2 to 7 peers, bits 8 to 13 hidden peers, which come last; bit 14:
   * some are twins; bits 15 to 17 the other bits of the scope, absent from older snapshots.
   */
  Shape: 6,
  Peers: 7,
} as const

const LOW_KIND_MASK = 3
const HIGH_KIND_SHIFT = 15
const HIGH_KIND_MASK = 7
const COUNT_SHIFT = 2
const HIDDEN_SHIFT = 8
const COUNT_MASK = 63
const TWINS_BIT = 1 << 14

/** `kind` is the list's. */
export function pieceShapeOf(kind: number, count: number, hidden: number, hasTwins: boolean): number {
  return (
    (kind & LOW_KIND_MASK) |
    (count << COUNT_SHIFT) |
    (hidden << HIDDEN_SHIFT) |
    (hasTwins ? TWINS_BIT : 0) |
    ((kind >> COUNT_SHIFT) << HIGH_KIND_SHIFT)
  )
}

export function pieceKindOf(shape: number): number {
  return (shape & LOW_KIND_MASK) | (((shape >> HIGH_KIND_SHIFT) & HIGH_KIND_MASK) << COUNT_SHIFT)
}

export function countOf(shape: number): number {
  return (shape >> COUNT_SHIFT) & COUNT_MASK
}

export function hiddenOf(shape: number): number {
  return (shape >> HIDDEN_SHIFT) & COUNT_MASK
}

export function hasTwins(shape: number): boolean {
  return (shape & TWINS_BIT) !== 0
}

/** Words of a piece of `count` peers. */
export function pieceWords(family: number, count: number): number {
  return Piece.Peers + endpointWords(family, count) + count * PEER_WORDS
}

/** The largest piece. */
export const MAX_PIECE_WORDS = pieceWords(Family.IPv6, PAGE_PEERS)
