// Restores the pieces of a snapshot into an empty memory or one that other threads are using. Of two entries of one
// peer, the later announce wins. Each piece is restored under the lock of its torrent's shard.
//
// A snapshot is read twice: a twin (BEP 7) is recognised only when its client's counted entry is already present.

import { AnnounceEvent, AnnounceRequest, endpointHalfwords, type Family } from '../announce.ts'
import { endpointWords, PAGE_PEERS, PEER_WORDS, Peer, Shard, Torrent } from './layout.ts'
import { familyOf, ownKindOf, scopeOf } from './list-shape.ts'
import { acquire, release } from './lock.ts'
import { PeerFinder } from './peer-finder.ts'
import { roleOf, runOf } from './peer-role.ts'
import { countOf, hasTwins, hiddenOf, Piece, pieceKindOf, pieceWords } from './snapshot-piece.ts'
import {
  EVENT_MASK,
  eventOf,
  HAS_COMPLETED,
  IS_TWIN,
  isTwin,
  MAX_STAMP_SECONDS,
  STORED_PAUSED,
  secondsOf,
  stampOf,
} from './stamp.ts'
import type { SwarmRegistry } from './swarm-registry.ts'
import { Twins } from './twins.ts'

/** What the loader restores. */
export interface LoadOptions {
  /** The snapshot's stamps count from here, in this process's steady time, like the two times below. */
  readonly epochSeconds: number
  readonly nowSeconds: number
  /** Peers last seen at or before this time are left out. */
  readonly cutoffSeconds: number
  /** Torrents without peers are left out although their completed downloads are known. */
  readonly dropsEmpty: boolean
  /** All swarms of the snapshot are treated as known, so they may use the last eighth of the memory. */
  readonly mayFill: boolean
  /**
   * Decides scope and visibility of a peer anew; false leaves it out. The request holds the decision made before the
   * snapshot.
   */
  readonly place: (request: AnnounceRequest) => boolean
}

export class SwarmLoader {
  /** Restored; torrents are those that were not known. */
  torrents = 0
  peers = 0
  /** Left out: too old, older than the existing entry, no longer allowed, no room. */
  expired = 0
  outdated = 0
  unwanted = 0
  withoutRoom = 0

  readonly #registry: SwarmRegistry
  readonly #options: LoadOptions
  readonly #words: Int32Array
  readonly #finder: PeerFinder
  readonly #twins: Twins
  readonly #request = new AnnounceRequest()
  readonly #endpoint = new Uint8Array(this.#request.endpoint.buffer)
  readonly #epoch: number
  readonly #shift: number
  #from: Int32Array = new Int32Array(0)
  #fromBytes: Uint8Array = new Uint8Array(0)
  #at = 0
  #isForTwins = false

  constructor(registry: SwarmRegistry, options: LoadOptions) {
    const { memory, block } = registry
    this.#registry = registry
    this.#options = options
    this.#words = memory.words
    this.#finder = new PeerFinder(memory, block)
    this.#twins = new Twins(memory, block, this.#finder)
    this.#epoch = memory.epochSeconds
    this.#shift = options.epochSeconds - this.#epoch
  }

  /**
   * Takes whole pieces for `piece` to restore: in a first pass all peers but twins, in a second the twins. The caller
   * must not touch them until then.
   */
  take(pieces: Int32Array, isForTwins: boolean): void {
    this.#from = pieces
    this.#fromBytes = new Uint8Array(pieces.buffer, pieces.byteOffset, pieces.byteLength)
    this.#request.words = pieces
    this.#at = 0
    this.#isForTwins = isForTwins
  }

  /** Restores the next piece; false when none is left. Throws when the data is not a valid piece. */
  piece(): boolean {
    const from = this.#from
    const piece = this.#at
    if (piece === from.length) return false
    const shape = from[piece + Piece.Shape] ?? -1
    const count = countOf(shape)
    const hidden = hiddenOf(shape)
    const next = piece + pieceWords(familyOf(shape), count)
    if (shape < 0 || count > PAGE_PEERS || hidden > count || next > from.length) {
      throw new Error('the snapshot holds something that is not a swarm')
    }
    this.#at = next
    if (!this.#isForTwins || hasTwins(shape)) this.#restore(piece, shape, count, hidden)
    return true
  }

  #restore(piece: number, shape: number, count: number, hidden: number): void {
    const words = this.#words
    const request = this.#request
    const { index } = this.#registry
    const kind = pieceKindOf(shape)
    const family = familyOf(kind)
    const records = piece + Piece.Peers + endpointWords(family, count)
    request.infoHashAt = piece + Piece.InfoHash
    request.family = family
    const slot = index.slotOf(this.#from, piece)
    const shard = index.shardOf(slot)
    acquire(words, shard + Shard.Lock)
    let torrent = index.find(slot, this.#from, piece)
    for (let i = 0; i < count; i++) {
      request.peerAt = records + i * PEER_WORDS
      const stamp = this.#from[request.peerAt + Peer.Stamp]
      if (isTwin(stamp) !== this.#isForTwins) continue
      request.scope = scopeOf(kind)
      request.isHidden = i >= count - hidden
      if (!this.#prepare(piece + Piece.Peers, i, family, stamp)) continue
      torrent = this.#restorePeer(slot, shard, torrent, stamp)
    }
    this.#remember(slot, torrent, this.#from[piece + Piece.Completed])
    release(words, shard + Shard.Lock)
  }

  /** Fills the request with what a peer had announced; false when the peer is left out. */
  #prepare(endpoints: number, ordinal: number, family: Family, stamp: number): boolean {
    const request = this.#request
    const { nowSeconds, cutoffSeconds, place } = this.#options
    // A peer that announced while the snapshot was being written must not be newer than now.
    request.nowSeconds = Math.min(this.#epoch + this.#shift + secondsOf(stamp), nowSeconds)
    if (request.nowSeconds <= cutoffSeconds || request.nowSeconds <= this.#epoch) {
      this.expired++
      return false
    }
    const bytes = this.#fromBytes
    const length = 2 * endpointHalfwords(family)
    const at = endpoints * 4 + ordinal * length
    for (let i = 0; i < length; i++) this.#endpoint[i] = bytes[at + i]
    request.port = (bytes[at + length - 2] << 8) | bytes[at + length - 1]
    request.key = this.#from[request.peerAt + Peer.Key]
    request.event = eventOf(stamp) === STORED_PAUSED ? AnnounceEvent.Paused : AnnounceEvent.None
    if (place(request)) return true
    this.unwanted++
    return false
  }

  /** Returns the torrent, which is new when `torrent` is 0; 0 when there was no room. */
  #restorePeer(slot: number, shard: number, torrent: number, stamp: number): number {
    const { index } = this.#registry
    const request = this.#request
    const isNew = torrent === 0
    request.holder = this.#registry.holdings.holderOf(request.family, request.endpoint, 0)
    if (isNew) {
      torrent = index.create(slot, this.#from, request.infoHashAt, request.holder, !this.#options.mayFill)
      if (torrent !== 0) this.torrents++
    }
    if (torrent === 0) {
      this.withoutRoom++
      return 0
    }
    this.#insertPeer(torrent, shard, stamp, isNew)
    if (!isNew || !this.#registry.isEmpty(torrent)) return torrent
    index.remove(slot, torrent)
    this.torrents--
    return 0
  }

  #insertPeer(torrent: number, shard: number, stamp: number, isNew: boolean): void {
    const { index, block, peers, swarm } = this.#registry
    const words = this.#words
    const request = this.#request
    const kind = ownKindOf(request)
    let list = index.findList(torrent, kind)
    if (list !== 0 && !(this.#supersede(torrent, shard, list) && this.#replaceOwn(torrent, shard, list))) {
      this.outdated++
      return
    }
    const isFull = list !== 0 && swarm.isFull(list)
    if (!isFull) list = index.findOrCreateList(torrent, kind)
    const position =
      isFull || list === 0 ? -1 : peers.insert(list, runOf(request), request, isNew && !this.#options.mayFill)
    if (position < 0) {
      this.withoutRoom++
      return
    }
    const record = block.recordAt(list, position)
    for (let i = 0; i < Peer.Stamp; i++) words[record + i] = this.#from[request.peerAt + i]
    const isSecond = request.key !== 0 && this.#twins.isCounted(torrent, request)
    const seconds = Math.min(request.nowSeconds - this.#epoch, MAX_STAMP_SECONDS)
    const flags = (stamp & (EVENT_MASK | HAS_COMPLETED)) | (isSecond ? IS_TWIN : 0)
    words[record + Peer.Stamp] = stampOf(seconds, flags)
    words[shard + Shard.Peers + request.family]++
    words[shard + Shard.PeersAdded + roleOf(words, record + Peer.Left)]++
    if (!isSecond) swarm.count(torrent, shard, record)
    this.peers++
  }

  /** Removes an existing entry of the same peer if it is older; false when it is not, and stays. */
  #supersede(torrent: number, shard: number, list: number): boolean {
    const request = this.#request
    let position = this.#finder.byEndpoint(list, request)
    if (position < 0) position = this.#finder.bySameClient(list, request)
    return this.#removeOlder(torrent, shard, list, position)
  }

  /** The same for the oldest entry of the peer's address, if that has its share of the list (SEC-20). */
  #replaceOwn(torrent: number, shard: number, list: number): boolean {
    return this.#removeOlder(torrent, shard, list, this.#registry.addressShare.givesWay(list, this.#request))
  }

  /** False when the entry at the position, if any, is not older than the peer to restore, and stays. */
  #removeOlder(torrent: number, shard: number, list: number, position: number): boolean {
    const { block, swarm } = this.#registry
    if (position < 0) return true
    const seconds = secondsOf(this.#words[block.recordAt(list, position) + Peer.Stamp])
    if (seconds >= this.#request.nowSeconds - this.#epoch) return false
    swarm.remove(torrent, shard, list, position)
    return true
  }

  /** Completed downloads never decrease. Shards count those of this run only. */
  #remember(slot: number, torrent: number, completed: number): void {
    const words = this.#words
    if (torrent === 0) {
      if (completed <= 0 || this.#options.dropsEmpty || this.#isForTwins) return
      torrent = this.#registry.index.create(slot, this.#from, this.#request.infoHashAt, 0, !this.#options.mayFill)
      if (torrent === 0) return
      this.torrents++
    }
    words[torrent + Torrent.Completed] = Math.max(words[torrent + Torrent.Completed], completed)
  }
}
