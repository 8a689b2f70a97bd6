// How swarms lie in a snapshot: pieces of up to a page of one peer list, each complete in itself, so that they can be written
// in any order, read into a memory of any size, and read twice. Words are those of the machine, like the swarm memory's.
//
//   piece       7 words, see Piece
//   endpoints   3 or 9 halfwords a peer, padded to a word
//   records     13 words a peer, as in a page; stamps count from the snapshot's epoch
//
// A torrent without peers, of which only the completed downloads are known, is a piece of no peers.

import { endpointWords, PAGE_PEERS, PEER_WORDS } from './layout.ts'

/** Raised whenever a piece, or a record in it, changes its meaning. */
export const SNAPSHOT_FORMAT = 1

export const Piece = {
  /** 5 words. */
  InfoHash: 0,
  Completed: 5,
  /** Bit 0 family, bit 1 scope, bits 2 to 7 peers, bits 8 to 13 the hidden ones, who come last; bit 14: some are twins. */
  Shape: 6,
  Peers: 7,
} as const

export const COUNT_SHIFT = 2
export const HIDDEN_SHIFT = 8
export const COUNT_MASK = 63
export const HAS_TWINS = 1 << 14

/** Words of a piece of `count` peers. */
export const pieceWords = (family: number, count: number): number =>
  Piece.Peers + endpointWords(family, count) + count * PEER_WORDS

/** No piece has more. */
export const MAX_PIECE_WORDS = pieceWords(1, PAGE_PEERS)
