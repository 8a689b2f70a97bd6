// Copies all swarms out, piece by piece, while other threads use them. The work is done in slices, each under the lock
// of one shard and small enough that a waiting announce waits less than 200 µs. A list that takes several slices is
// copied from its end, as in a sweep: a removal fills its gap from the end, so no peer is missed.

import { endpointHalfwords } from '../announce.ts'
import {
  endpointWords,
  halfwordAt,
  List,
  PAGE_PEERS,
  PAGE_SHIFT,
  PEER_WORDS,
  Peer,
  SHARD_WORDS,
  Shard,
  Torrent,
} from './layout.ts'
import { familyOf, kindOfShape, pageOf } from './list-shape.ts'
import { acquire, release } from './lock.ts'
import { MAX_PIECE_WORDS, Piece, pieceShapeOf, pieceWords } from './snapshot-piece.ts'
import { isTwin } from './stamp.ts'
import type { SwarmRegistry } from './swarm-registry.ts'

/** Cost units of a slice; a visited slot costs 1. Measured by `npm run bench -- snapshot`. */
const SLICE_COST = 256
const SLOT_COST = 1
const PIECE_COST = 4

const FROM_THE_END = 65_535

export class SwarmSaver {
  /** Copied so far. A peer that moves between two slices of a long list may be counted twice. */
  torrents = 0
  peers = 0
  twins = 0

  readonly #registry: SwarmRegistry
  readonly #words: Int32Array
  readonly #halfwords: Uint16Array
  readonly #slots: number
  /**
   * Where the next slice begins: a slot, a torrent of its chain (0: the first), a list of that torrent, a page of that
   * list.
   */
  #slot = 0
  #torrent = 0
  #list = 0
  #page = FROM_THE_END
  #cost = 0
  /** Where the copies go. */
  #into: Int32Array = new Int32Array(0)
  #intoHalfwords: Uint16Array = new Uint16Array(0)
  #at = 0

  constructor(registry: SwarmRegistry) {
    this.#registry = registry
    this.#words = registry.memory.words
    this.#halfwords = registry.memory.halfwords
    this.#slots = 1 << registry.memory.plan.slotsLog2
  }

  /** True when every swarm has been copied. */
  get isDone(): boolean {
    return this.#slot === this.#slots
  }

  /** Sets the memory that the next slices copy to, from its start on; many times the largest piece. */
  copyTo(into: Int32Array): void {
    this.#into = into
    this.#intoHalfwords = new Uint16Array(into.buffer, into.byteOffset, into.length * 2)
    this.#at = 0
  }

  /** Words copied since `copyTo`. */
  get copied(): number {
    return this.#at
  }

  /** Does one slice; false, having copied nothing, when there is no room for a piece. */
  slice(): boolean {
    if (!this.#hasRoom()) return false
    const plan = this.#registry.memory.plan
    const words = this.#words
    const shardNumber = this.#slot >> plan.shardShift
    const shard = plan.shardsAt + shardNumber * SHARD_WORDS
    const end = (shardNumber + 1) << plan.shardShift
    this.#cost = 0
    acquire(words, shard + Shard.Lock)
    while (this.#slot < end && this.#canContinue()) {
      this.#cost += SLOT_COST
      if (!this.#copySlot(plan.directoryAt + this.#slot)) break
      this.#slot++
      this.#begin(0)
    }
    release(words, shard + Shard.Lock)
    return true
  }

  #hasRoom(): boolean {
    return this.#at + MAX_PIECE_WORDS <= this.#into.length
  }

  #canContinue(): boolean {
    return this.#cost < SLICE_COST && this.#hasRoom()
  }

  /** Goes to the next torrent, from its start on. */
  #begin(torrent: number): void {
    this.#torrent = torrent
    this.#list = 0
    this.#page = FROM_THE_END
  }

  /** False when the slice ended inside the slot. */
  #copySlot(slot: number): boolean {
    const words = this.#words
    let torrent = this.#resumePoint(slot)
    while (torrent !== 0) {
      if (!this.#copyTorrent(torrent)) return false
      torrent = words[torrent + Torrent.Next]
      this.#begin(torrent)
    }
    return true
  }

  /** If the torrent was removed meanwhile, the slot is copied again from its start. */
  #resumePoint(slot: number): number {
    const words = this.#words
    let torrent = words[slot]
    while (torrent !== 0 && torrent !== this.#torrent) torrent = words[torrent + Torrent.Next]
    if (torrent !== 0) return torrent
    this.#begin(words[slot])
    return words[slot]
  }

  /** False when the slice ended. */
  #copyTorrent(torrent: number): boolean {
    const words = this.#words
    let ordinal = 0
    let hasPeers = false
    for (let list = torrent + Torrent.List; list !== 0; list = words[list + List.Next]) {
      const count = this.#registry.block.count(list)
      if (count > 0) hasPeers = true
      if (ordinal >= this.#list) {
        if (!this.#copyList(torrent, list, count)) {
          this.#list = ordinal
          return false
        }
        this.#page = FROM_THE_END
      }
      ordinal++
    }
    if (!hasPeers && words[torrent + Torrent.Completed] !== 0) {
      if (!this.#canContinue()) return false
      this.#copyPiece(torrent, torrent + Torrent.List, 0, 0)
    }
    if (hasPeers || words[torrent + Torrent.Completed] !== 0) this.torrents++
    return true
  }

  #copyList(torrent: number, list: number, count: number): boolean {
    const last = pageOf(count - 1)
    for (let page = Math.min(this.#page, last); page >= 0; page--) {
      if (!this.#canContinue()) {
        this.#page = page
        return false
      }
      const first = page << PAGE_SHIFT
      this.#copyPiece(torrent, list, first, Math.min(count - first, PAGE_PEERS))
    }
    return true
  }

  #copyPiece(torrent: number, list: number, first: number, count: number): void {
    const words = this.#words
    const into = this.#into
    const kind = kindOfShape(words[list + List.Shape])
    const family = familyOf(kind)
    const piece = this.#at
    for (let i = 0; i < 5; i++) into[piece + Piece.InfoHash + i] = words[torrent + Torrent.InfoHash + i]
    into[piece + Piece.Completed] = words[torrent + Torrent.Completed]
    const shown = words[list + List.Uploaders] + words[list + List.Downloaders]
    const hidden = Math.max(0, Math.min(count, first + count - shown))
    const twins = count === 0 ? 0 : this.#copyPeers(list, first, count, family)
    into[piece + Piece.Shape] = pieceShapeOf(kind, count, hidden, twins !== 0)
    this.#at = piece + pieceWords(family, count)
    this.peers += count
    this.twins += twins
    this.#cost += PIECE_COST + count
  }

  /** Copies consecutive peers on one page; returns how many of them are twins. */
  #copyPeers(list: number, first: number, count: number, family: number): number {
    const words = this.#words
    const into = this.#into
    const block = this.#registry.block
    const target = this.#at + Piece.Peers
    const from = block.endpointAt(list, first)
    const length = endpointHalfwords(family) * count
    for (let i = 0; i < length; i++) this.#intoHalfwords[halfwordAt(target) + i] = this.#halfwords[from + i]
    if ((length & 1) === 1) this.#intoHalfwords[halfwordAt(target) + length] = 0
    const records = target + endpointWords(family, count)
    const record = block.recordAt(list, first)
    let twins = 0
    for (let i = count * PEER_WORDS - 1; i >= 0; i--) into[records + i] = words[record + i]
    for (let i = 0; i < count; i++) {
      if (isTwin(into[records + i * PEER_WORDS + Peer.Stamp])) twins++
    }
    return twins
  }
}
