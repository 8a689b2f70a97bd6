// What an announce does to one torrent: peers are added, change sides, complete and leave, and the torrent's counts
// follow. Everything here happens under the lock of the torrent's shard.

import { AnnounceEvent, type AnnounceRequest } from '../announce.ts'
import type { AddressShare } from './address-share.ts'
import type { Holdings } from './holdings.ts'
import type { LargestHolder } from './largest-holder.ts'
import { List, MAX_PEERS_IN_LIST, Peer, Shard, Torrent } from './layout.ts'
import { familyOf, ownKindOf } from './list-shape.ts'
import type { PeerBlock } from './peer-block.ts'
import type { PeerFinder } from './peer-finder.ts'
import type { PeerList } from './peer-list.ts'
import { isSeeder, Run, roleOf, runOf } from './peer-role.ts'
import { eventOf, HAS_COMPLETED, IS_TWIN, isTwin, MAX_STAMP_SECONDS, STORED_PAUSED, stampOf } from './stamp.ts'
import type { SwarmMemory } from './swarm-memory.ts'
import type { SwarmParts } from './swarm-parts.ts'
import type { TorrentIndex } from './torrent-index.ts'
import type { Twins } from './twins.ts'

/** Entries of one client that a single `stopped` without a port can remove. */
const MAX_STOPPED_AT_ONCE = 16

export class Swarm {
  /** Entries that have given way to others since this instance was created: of one address, or in a full list. */
  replaced = 0
  displaced = 0
  /** Peers that were not stored because their address or network has its share of the memory. */
  refused = 0

  readonly #words: Int32Array
  readonly #epoch: number
  readonly #maxPeers: number
  readonly #index: TorrentIndex
  readonly #block: PeerBlock
  readonly #finder: PeerFinder
  readonly #peers: PeerList
  readonly #twins: Twins
  readonly #addressShare: AddressShare
  readonly #largestHolder: LargestHolder
  readonly #holdings: Holdings

  constructor(memory: SwarmMemory, parts: SwarmParts, maxPeers: number) {
    this.#words = memory.words
    this.#epoch = memory.epochSeconds
    this.#maxPeers = Math.min(maxPeers, MAX_PEERS_IN_LIST)
    this.#index = parts.index
    this.#block = parts.block
    this.#finder = parts.finder
    this.#peers = parts.peers
    this.#twins = parts.twins
    this.#addressShare = parts.addressShare
    this.#largestHolder = parts.largestHolder
    this.#holdings = parts.holdings
  }

  /**
   * Registers the announcing peer, or updates its entry. Returns its position in the torrent's list of its kind; -1
   * when it could not be stored. For the first peer of a new swarm the caller has set the holder.
   */
  apply(torrent: number, shard: number, request: AnnounceRequest, isNewSwarm: boolean): number {
    const list = this.#index.findList(torrent, ownKindOf(request))
    const position = list === 0 ? -1 : this.#finder.byEndpoint(list, request)
    if (position >= 0) {
      const record = this.#block.recordAt(list, position)
      if (this.#hasPeerIdOf(record, request)) return this.#update(torrent, shard, request, list, position)
      // Another client now uses the address and port: remove the old one.
      this.remove(torrent, shard, list, position)
    }
    return this.#add(torrent, shard, request, list, isNewSwarm)
  }

  /**
   * Removes the announcing peer: the entry with its endpoint or, when it names no port, those of its client at its
   * address.
   */
  stop(torrent: number, shard: number, request: AnnounceRequest): void {
    const list = this.#index.findList(torrent, ownKindOf(request))
    if (list === 0) return
    if (request.port !== 0) {
      const position = this.#finder.byEndpoint(list, request)
      if (position >= 0) this.remove(torrent, shard, list, position)
      return
    }
    for (let removed = 0; removed < MAX_STOPPED_AT_ONCE; removed++) {
      const position = this.#finder.bySameClientHere(list, request)
      if (position < 0) break
      this.remove(torrent, shard, list, position)
    }
  }

  /** Removes any peer. */
  remove(torrent: number, shard: number, list: number, position: number): void {
    const words = this.#words
    const record = this.#block.recordAt(list, position)
    if (!isTwin(words[record + Peer.Stamp])) {
      this.#count(torrent, shard, record, -1)
      const heir = words[record + Peer.Key] === 0 ? 0 : this.#twins.heirOf(torrent, list, record)
      if (heir !== 0) {
        words[heir + Peer.Stamp] &= ~IS_TWIN
        this.#count(torrent, shard, heir, 1)
      }
    }
    words[shard + Shard.Peers + familyOf(words[list + List.Shape])]--
    words[shard + Shard.PeersRemoved + roleOf(words, record + Peer.Left)]++
    this.#peers.remove(list, position)
  }

  /** Returns the peer's new position. */
  #update(torrent: number, shard: number, request: AnnounceRequest, list: number, previous: number): number {
    const words = this.#words
    let position = previous
    let record = this.#block.recordAt(list, position)
    const wasTwin = isTwin(words[record + Peer.Stamp])
    const flags = this.#history(torrent, shard, request, record)
    if (!wasTwin) this.#count(torrent, shard, record, -1)
    const run = runOf(request)
    if (run !== Run.Hidden && run !== this.#peers.runAt(list, position)) {
      position = this.#peers.changeSides(list, position, request)
      record = this.#block.recordAt(list, position)
    }
    this.#write(record, request, flags)
    words[shard + Shard.PeersUpdated + roleOf(words, record + Peer.Left)]++
    if (!isTwin(flags)) this.#count(torrent, shard, record, 1)
    return position
  }

  /** `list` is the list of the peer's kind, 0 if none exists yet. Returns the position; -1 when there is no room. */
  #add(torrent: number, shard: number, request: AnnounceRequest, list: number, isNewSwarm: boolean): number {
    const words = this.#words
    let flags = 0
    const previous = list === 0 ? -1 : this.#finder.bySameClient(list, request)
    if (previous >= 0) {
      // The same client at another port, or with its key at another address: it keeps its history.
      const record = this.#block.recordAt(list, previous)
      flags = this.#history(torrent, shard, request, record)
      if (!isTwin(words[record + Peer.Stamp])) this.#count(torrent, shard, record, -1)
      words[shard + Shard.Peers + request.family]--
      words[shard + Shard.PeersRemoved + roleOf(words, record + Peer.Left)]++
      this.#peers.remove(list, previous)
    }
    if (!isNewSwarm) request.holder = this.#holdings.holderOf(request.family, request.endpoint, 0)
    if (!this.#makeRoom(torrent, shard, request, list)) return -1
    if (previous < 0 && request.key !== 0 && this.#twins.isCounted(torrent, request)) flags = IS_TWIN
    const home = this.#index.findOrCreateList(torrent, ownKindOf(request))
    if (home === 0) return -1
    const position = this.#peers.insert(home, runOf(request), request, isNewSwarm)
    if (position < 0) return -1
    const record = this.#block.recordAt(home, position)
    this.#write(record, request, flags)
    words[shard + Shard.Peers + request.family]++
    words[shard + Shard.PeersAdded + roleOf(words, record + Peer.Left)]++
    if (!isTwin(flags)) this.#count(torrent, shard, record, 1)
    return position
  }

  /**
   * Makes sure that the request's peer may be added (protocol rule SEC-20). An address that has its share of the list
   * replaces its own oldest entry; one that has its share of the memory adds none (false); in a full list the largest
   * holder gives way. `list` is 0 if there is none yet.
   */
  #makeRoom(torrent: number, shard: number, request: AnnounceRequest, list: number): boolean {
    const own = list === 0 ? -1 : this.#addressShare.givesWay(list, request)
    if (own >= 0) {
      this.remove(torrent, shard, list, own)
      this.replaced++
    } else if (!this.#holdings.mayAddPeer(request.holder)) {
      this.refused++
      return false
    } else if (list !== 0 && this.isFull(list)) {
      this.remove(torrent, shard, list, this.#largestHolder.givesWay(list))
      this.displaced++
    }
    return true
  }

  /**
   * The flags that the peer with `record` keeps. A twin whose other entry is gone, or has another key now, is counted
   * itself.
   */
  #history(torrent: number, shard: number, request: AnnounceRequest, record: number): number {
    const words = this.#words
    let stamp = words[record + Peer.Stamp]
    if (isTwin(stamp) && !this.#twins.isCounted(torrent, request)) stamp &= ~IS_TWIN
    const wasSeeder = isSeeder(words, record + Peer.Left)
    if (wasSeeder && !isSeeder(request.words, request.peerAt + Peer.Left)) words[shard + Shard.Reverted]++
    return this.#complete(torrent, shard, request, stamp, wasSeeder)
  }

  /**
   * Returns the updated flags; a download is counted once, when a known leecher reports completion and has nothing
   * left.
   */
  #complete(torrent: number, shard: number, request: AnnounceRequest, stamp: number, wasSeeder: boolean): number {
    const flags = stamp & (HAS_COMPLETED | IS_TWIN)
    if (
      request.event !== AnnounceEvent.Completed ||
      wasSeeder ||
      (flags & HAS_COMPLETED) !== 0 ||
      !isSeeder(request.words, request.peerAt + Peer.Left)
    ) {
      return flags
    }
    if (!isTwin(flags)) {
      this.#words[torrent + Torrent.Completed]++
      this.#words[shard + Shard.Completed]++
    }
    return flags | HAS_COMPLETED
  }

  /** True when a list holds as many peers as it may. */
  isFull(list: number): boolean {
    return this.#block.count(list) >= this.#maxPeers
  }

  /** Counts a peer that was inserted without an announce. */
  count(torrent: number, shard: number, record: number): void {
    this.#count(torrent, shard, record, 1)
  }

  #count(torrent: number, shard: number, record: number, by: number): void {
    const words = this.#words
    if (isSeeder(words, record + Peer.Left)) {
      words[torrent + Torrent.Seeders] += by
      words[shard + Shard.Seeders] += by
      return
    }
    words[torrent + Torrent.Leechers] += by
    words[shard + Shard.Leechers] += by
    if (eventOf(words[record + Peer.Stamp]) === STORED_PAUSED) words[torrent + Torrent.PartialSeeds] += by
  }

  #write(record: number, request: AnnounceRequest, flags: number): void {
    const words = this.#words
    for (let i = 0; i < Peer.Key; i++) words[record + i] = request.words[request.peerAt + i]
    words[record + Peer.Key] = request.key
    const event = request.event === AnnounceEvent.Paused ? STORED_PAUSED : request.event
    // A time outside the range of a stamp saturates at either end instead of wrapping around.
    const seconds = Math.min(Math.max(request.nowSeconds - this.#epoch, 0), MAX_STAMP_SECONDS)
    words[record + Peer.Stamp] = stampOf(seconds, flags | event)
  }

  #hasPeerIdOf(record: number, request: AnnounceRequest): boolean {
    for (let i = 0; i < 5; i++) {
      if (this.#words[record + Peer.Id + i] !== request.words[request.peerAt + i]) return false
    }
    return true
  }
}
