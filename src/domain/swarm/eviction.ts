// Chooses what to evict when memory is full and a new swarm needs room in the same shard (protocol rule SEC-20). A few
// torrents are looked at, however many there are. One without peers, of which only a count is kept, goes first; then
// one whose maker's network has made most, if that is more than a fair share; else the swarm of one peer that announced
// least recently. Swarms of two to 16 peers go only if made by such a network, and only while all their peers are of
// networks that have more than a fair share of all peers, too. Larger swarms are never evicted.

import type { AnnounceRequest } from '../announce.ts'
import { EvictionCandidates, MAX_CANDIDATES } from './eviction-candidates.ts'
import { CLASS_WORDS, pageClass } from './heap-classes.ts'
import type { Holdings } from './holdings.ts'
import { List, PAGE_PEERS, Peer, pageWords, Torrent } from './layout.ts'
import { capacityOf, familyOf } from './list-shape.ts'
import type { PeerBlock } from './peer-block.ts'
import { secondsOf } from './stamp.ts'
import type { Swarm } from './swarm.ts'
import type { SwarmMemory } from './swarm-memory.ts'
import type { TorrentIndex } from './torrent-index.ts'
import type { TorrentWatch } from './torrent-watch.ts'

/** Rounds of candidates, until one can go. */
const MAX_ROUNDS = 2
/** Swarms of several peers that are examined in a round. */
const MAX_CHECKS = 3
/** Instead of the torrents of a network: the torrent stays. */
const STAYS = -1
/** Instead of a candidate. */
const NONE = -1

export interface EvictionParts {
  readonly index: TorrentIndex
  readonly block: PeerBlock
  readonly swarm: Swarm
  readonly holdings: Holdings
  readonly watch: TorrentWatch
}

export class Eviction {
  readonly #words: Int32Array
  readonly #index: TorrentIndex
  readonly #block: PeerBlock
  readonly #swarm: Swarm
  readonly #holdings: Holdings
  readonly #watch: TorrentWatch
  readonly #candidates: EvictionCandidates
  /** Of each candidate: its peers, and the torrents of its maker's network, or `STAYS`. */
  readonly #peerCounts = new Int32Array(MAX_CANDIDATES)
  readonly #weights = new Int32Array(MAX_CANDIDATES)
  /** Size of the page that the newcomer needs. */
  #wordsNeeded = 0

  constructor(memory: SwarmMemory, parts: EvictionParts) {
    this.#words = memory.words
    this.#index = parts.index
    this.#block = parts.block
    this.#swarm = parts.swarm
    this.#holdings = parts.holdings
    this.#watch = parts.watch
    this.#candidates = new EvictionCandidates(memory)
  }

  /**
   * Evicts one torrent of the shard, whose lock is held, to make room in a slot for one whose first peer is that of the
   * request; false when no torrent near the slot may go. One without peers does not help when a page is what is
   * lacking.
   */
  makeRoom(slot: number, shard: number, request: AnnounceRequest, lacksPage: boolean): boolean {
    this.#wordsNeeded = pageWords(request.family, 1)
    let victim = NONE
    for (let round = 0; round < MAX_ROUNDS && victim < 0; round++) {
      const count = round === 0 ? this.#candidates.listFrom(slot) : this.#candidates.listNext()
      victim = this.#weigh(count, lacksPage)
      if (victim >= 0) continue
      victim = this.#ofLargest(count)
      if (victim < 0) victim = this.#leastRecent(count)
    }
    if (victim < 0) return false
    // A large network displaces no swarm of one that holds much less, so that a flood displaces itself.
    const own = this.#holdings.networkTorrents(request.holder)
    const isSwarm = this.#peerCounts[victim] > 0
    if (isSwarm && own > 2 * this.#weights[victim] && this.#holdings.isLarge(own)) return false
    this.#evict(shard, victim)
    return true
  }

  /**
   * Notes what the maker's network of each candidate holds. Returns one without peers if that helps, `NONE` if none.
   */
  #weigh(count: number, lacksPage: boolean): number {
    const { makers } = this.#candidates
    for (let i = 0; i < count; i++) {
      const peers = this.#peersOf(this.#candidates.torrents[i])
      this.#peerCounts[i] = peers
      this.#weights[i] = peers < 1 ? STAYS : this.#holdings.networkTorrents(makers[i])
      if (peers === 0 && !lacksPage) return i
    }
    return NONE
  }

  /** The candidate whose maker's network holds most, if it is a large one. */
  #ofLargest(count: number): number {
    const weights = this.#weights
    for (let checks = 0; checks < MAX_CHECKS; checks++) {
      let most = 0
      for (let i = 1; i < count; i++) if (weights[i] > weights[most]) most = i
      if (!this.#holdings.isLarge(weights[most])) return NONE
      if (this.#peerCounts[most] === 1 || this.#hasLargeNetworksOnly(this.#candidates.torrents[most])) return most
      weights[most] = STAYS
    }
    return NONE
  }

  /** Of the candidates with a single peer, the one that announced least recently. */
  #leastRecent(count: number): number {
    this.#candidates.readPages()
    let least = NONE
    let leastSeconds = 0
    for (let i = 0; i < count; i++) {
      if (this.#peerCounts[i] !== 1 || this.#weights[i] === STAYS) continue
      const seconds = this.#lastSeen(this.#candidates.torrents[i])
      if (least >= 0 && seconds >= leastSeconds) continue
      least = i
      leastSeconds = seconds
    }
    return least
  }

  /** Number of peers of a torrent; -1 if there are too many, or none of their pages is as large as needed. */
  #peersOf(torrent: number): number {
    const words = this.#words
    let peers = 0
    let largestPage = 0
    for (let list = torrent + Torrent.List; list !== 0; list = words[list + List.Next]) {
      const count = this.#block.count(list)
      if (count === 0) continue
      const shape = words[list + List.Shape]
      peers += count
      if (capacityOf(shape) > PAGE_PEERS || peers > PAGE_PEERS) return -1
      largestPage = Math.max(largestPage, CLASS_WORDS[pageClass(familyOf(shape), capacityOf(shape))])
    }
    return peers === 0 || largestPage >= this.#wordsNeeded ? peers : -1
  }

  #hasLargeNetworksOnly(torrent: number): boolean {
    const words = this.#words
    for (let list = torrent + Torrent.List; list !== 0; list = words[list + List.Next]) {
      for (let position = this.#block.count(list) - 1; position >= 0; position--) {
        if (!this.#holdings.hasManyPeers(this.#holdings.holderAt(list, position))) return false
      }
    }
    return true
  }

  #evict(shard: number, i: number): void {
    const words = this.#words
    const torrent = this.#candidates.torrents[i]
    this.#candidates.readAhead(i)
    for (let list = torrent + Torrent.List; list !== 0; list = words[list + List.Next]) {
      for (let last = this.#block.count(list) - 1; last >= 0; last--) this.#swarm.remove(torrent, shard, list, last)
    }
    this.#watch.removed(words, torrent + Torrent.InfoHash)
    this.#index.remove(this.#candidates.slots[i], torrent)
  }

  /** When the first peer of a torrent was last seen, in seconds since the epoch. */
  #lastSeen(torrent: number): number {
    const words = this.#words
    let list = torrent + Torrent.List
    while (this.#block.count(list) === 0) list = words[list + List.Next]
    return secondsOf(words[this.#block.recordAt(list, 0) + Peer.Stamp])
  }
}
