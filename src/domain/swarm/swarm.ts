// What an announce does to one torrent: peers come, change sides, complete, leave, and the torrent's counts follow. Everything
// here happens under the lock of the torrent's shard.

import { AnnounceEvent, type AnnounceRequest } from '../announce.ts'
import {
  EVENT_MASK,
  HAS_COMPLETED,
  Header,
  IS_TWIN,
  List,
  MAX_PEERS_IN_LIST,
  MAX_STAMP_SECONDS,
  Peer,
  Role,
  Shard,
  STAMP_SHIFT,
  STORED_PAUSED,
  Torrent,
} from './layout.ts'
import type { PeerBlock } from './peer-block.ts'
import type { PeerFinder } from './peer-finder.ts'
import { type PeerList, Run } from './peer-list.ts'
import type { SwarmMemory } from './swarm-memory.ts'
import type { TorrentIndex } from './torrent-index.ts'
import type { Twins } from './twins.ts'

/** Entries of one client that a single `stopped` without a port can remove. */
const MAX_STOPPED_AT_ONCE = 16

export class Swarm {
  /** After `apply`: where the announcing peer stands; position -1 when it could not be stored. */
  list = 0
  position = -1
  /** Set when a completed download is counted, for whoever clears it before. */
  hasCompleted = false

  readonly #words: Int32Array
  readonly #epoch: number
  readonly #maxPeers: number
  readonly #index: TorrentIndex
  readonly #block: PeerBlock
  readonly #finder: PeerFinder
  readonly #peers: PeerList
  readonly #twins: Twins

  constructor(memory: SwarmMemory, parts: SwarmParts, maxPeers: number) {
    this.#words = memory.words
    this.#epoch = memory.words[Header.Epoch]
    this.#maxPeers = Math.min(maxPeers, MAX_PEERS_IN_LIST)
    this.#index = parts.index
    this.#block = parts.block
    this.#finder = parts.finder
    this.#peers = parts.peers
    this.#twins = parts.twins
  }

  /** Registers the announcing peer, or brings its entry up to date. */
  apply(torrent: number, shard: number, request: AnnounceRequest, isNewSwarm: boolean): void {
    const kind = request.family | (request.scope << 1)
    this.list = this.#index.findList(torrent, kind)
    this.position = this.list === 0 ? -1 : this.#finder.byEndpoint(this.list, request)
    if (this.position >= 0 && !this.#hasPeerIdOf(request)) {
      // Another client has taken over the address and port: the old one is gone.
      this.remove(torrent, shard, this.list, this.position)
      this.position = -1
    }
    if (this.position >= 0) this.#update(torrent, shard, request)
    else this.#add(torrent, shard, request, isNewSwarm)
  }

  /** Takes the announcing peer out: the entry of its endpoint or, when it names no port, those of its address and peer id. */
  stop(torrent: number, shard: number, request: AnnounceRequest): void {
    const list = this.#index.findList(torrent, request.family | (request.scope << 1))
    if (list === 0) return
    if (request.port !== 0) {
      const position = this.#finder.byEndpoint(list, request)
      if (position >= 0) this.remove(torrent, shard, list, position)
      return
    }
    // The address counts here, not the key: entries at other addresses stay.
    const key = request.key
    request.key = 0
    for (let removed = 0; removed < MAX_STOPPED_AT_ONCE; removed++) {
      const position = this.#finder.bySameClient(list, request)
      if (position < 0) break
      this.remove(torrent, shard, list, position)
    }
    request.key = key
  }

  /** Takes any peer out. */
  remove(torrent: number, shard: number, list: number, position: number): void {
    const words = this.#words
    const record = this.#block.recordAt(list, position)
    const stamp = words[record + Peer.Stamp]
    if ((stamp & IS_TWIN) === 0) {
      this.#count(torrent, shard, record, -1)
      const heir = words[record + Peer.Key] === 0 ? 0 : this.#twins.heirOf(torrent, list, record)
      if (heir !== 0) {
        words[heir + Peer.Stamp] &= ~IS_TWIN
        this.#count(torrent, shard, heir, 1)
      }
    }
    words[shard + Shard.Peers + (words[list + List.Shape] & 1)]--
    words[shard + Shard.PeersRemoved + roleOf(words, record + Peer.Left)]++
    this.#peers.remove(list, position)
  }

  #update(torrent: number, shard: number, request: AnnounceRequest): void {
    const words = this.#words
    let record = this.#block.recordAt(this.list, this.position)
    const stamp = words[record + Peer.Stamp]
    const flags = this.#history(torrent, shard, request, record)
    if ((stamp & IS_TWIN) === 0) this.#count(torrent, shard, record, -1)
    const run = runOf(request)
    if (run !== Run.Hidden && run !== this.#peers.runAt(this.list, this.position)) {
      this.position = this.#peers.changeSides(this.list, this.position, request)
      record = this.#block.recordAt(this.list, this.position)
    }
    this.#write(record, request, flags)
    words[shard + Shard.PeersUpdated + roleOf(words, record + Peer.Left)]++
    if ((flags & IS_TWIN) === 0) this.#count(torrent, shard, record, 1)
  }

  #add(torrent: number, shard: number, request: AnnounceRequest, isNewSwarm: boolean): void {
    const words = this.#words
    let flags = 0
    const former = this.list === 0 ? -1 : this.#finder.bySameClient(this.list, request)
    if (former >= 0) {
      // The same client at another port, or with its key at another address: its history comes along.
      const record = this.#block.recordAt(this.list, former)
      flags = this.#history(torrent, shard, request, record)
      if ((words[record + Peer.Stamp] & IS_TWIN) === 0) this.#count(torrent, shard, record, -1)
      words[shard + Shard.Peers + request.family]--
      words[shard + Shard.PeersRemoved + roleOf(words, record + Peer.Left)]++
      this.#peers.remove(this.list, former)
    } else {
      if (this.list !== 0 && this.isFull(this.list) && !this.#displace(torrent, shard, request)) {
        return
      }
      if (request.key !== 0 && this.#twins.isCounted(torrent, request)) flags = IS_TWIN
    }
    this.list = this.#index.findOrCreateList(torrent, request.family | (request.scope << 1))
    if (this.list === 0) return
    this.position = this.#peers.insert(this.list, runOf(request), request, isNewSwarm)
    if (this.position < 0) return
    const record = this.#block.recordAt(this.list, this.position)
    this.#write(record, request, flags)
    words[shard + Shard.Peers + request.family]++
    words[shard + Shard.PeersAdded + roleOf(words, record + Peer.Left)]++
    if ((flags & IS_TWIN) === 0) this.#count(torrent, shard, record, 1)
  }

  /** A full list makes room for a newcomer only at the cost of entries of its own address prefix (protocol rule SEC-20). */
  #displace(torrent: number, shard: number, request: AnnounceRequest): boolean {
    const position = this.#finder.randomOfSamePrefix(this.list, request)
    if (position >= 0) this.remove(torrent, shard, this.list, position)
    return position >= 0
  }

  /** The flags that the peer with `record` goes on with. A twin whose other entry is gone, or has another key now, counts itself. */
  #history(torrent: number, shard: number, request: AnnounceRequest, record: number): number {
    const words = this.#words
    let stamp = words[record + Peer.Stamp]
    if ((stamp & IS_TWIN) !== 0 && !this.#twins.isCounted(torrent, request)) stamp &= ~IS_TWIN
    const wasSeeder = isSeeder(words, record + Peer.Left)
    if (wasSeeder && !isSeeder(request.words, request.peerAt + Peer.Left)) words[shard + Shard.Reverted]++
    return this.#complete(torrent, shard, request, stamp, wasSeeder)
  }

  /** The flags to go on with; a download is counted when a known leecher says it is done and has nothing left, once. */
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
    if ((flags & IS_TWIN) === 0) {
      this.#words[torrent + Torrent.Completed]++
      this.#words[shard + Shard.Completed]++
      this.hasCompleted = true
    }
    return flags | HAS_COMPLETED
  }

  /** True when a list holds as many peers as it may. */
  isFull(list: number): boolean {
    return this.#block.count(list) >= this.#maxPeers
  }

  /** Counts a peer that was put in without an announce. */
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
    if ((words[record + Peer.Stamp] & EVENT_MASK) === STORED_PAUSED) words[torrent + Torrent.PartialSeeds] += by
  }

  #write(record: number, request: AnnounceRequest, flags: number): void {
    const words = this.#words
    for (let i = 0; i < Peer.Key; i++) words[record + i] = request.words[request.peerAt + i]
    words[record + Peer.Key] = request.key
    const event = request.event === AnnounceEvent.Paused ? STORED_PAUSED : request.event
    // A clock that is set by years stops at either end instead of going round.
    const seconds = Math.min(Math.max(request.nowSeconds - this.#epoch, 0), MAX_STAMP_SECONDS)
    words[record + Peer.Stamp] = (seconds << STAMP_SHIFT) | flags | event
  }

  #hasPeerIdOf(request: AnnounceRequest): boolean {
    const record = this.#block.recordAt(this.list, this.position)
    for (let i = 0; i < 5; i++) {
      if (this.#words[record + Peer.Id + i] !== request.words[request.peerAt + i]) return false
    }
    return true
  }
}

/** What a swarm works with; one of each per thread. */
export interface SwarmParts {
  readonly index: TorrentIndex
  readonly block: PeerBlock
  readonly finder: PeerFinder
  readonly peers: PeerList
  readonly twins: Twins
}

/** Of a peer whose `left` is at that word. */
export function roleOf(words: Int32Array, leftAt: number): Role {
  return isSeeder(words, leftAt) ? Role.Seeder : Role.Leecher
}

function isSeeder(words: Int32Array, leftAt: number): boolean {
  return (words[leftAt] | words[leftAt + 1]) === 0
}

/** Seeders and partial seeds upload only (BEP 21); who is hidden stands apart whatever it does. */
export function runOf(request: AnnounceRequest): Run {
  if (request.isHidden) return Run.Hidden
  return uploadsOnly(request) ? Run.Uploaders : Run.Downloaders
}

/** True when the peer has no use for others that upload only. */
export function uploadsOnly(request: AnnounceRequest): boolean {
  return request.event === AnnounceEvent.Paused || isSeeder(request.words, request.peerAt + Peer.Left)
}
