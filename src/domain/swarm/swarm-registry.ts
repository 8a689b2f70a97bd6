// The swarms, for one thread: finds the torrent, holds its shard's lock while the announce is applied and the reply's
// peers are copied, and releases it. Any number of threads work on the same memory, each through its own registry.

import { AnnounceEvent, type AnnounceReply, type AnnounceRequest } from '../announce.ts'
import type { SwarmCounts } from '../scrape.ts'
import { Verdict } from '../verdict.ts'
import { AddressShare } from './address-share.ts'
import { Eviction } from './eviction.ts'
import { Heap } from './heap.ts'
import { Holdings } from './holdings.ts'
import { LargestHolder } from './largest-holder.ts'
import { List, Shard, Torrent } from './layout.ts'
import { acquire, release } from './lock.ts'
import { PageDirectory } from './page-directory.ts'
import { PeerBlock } from './peer-block.ts'
import { PeerChoice } from './peer-choice.ts'
import { PeerFinder } from './peer-finder.ts'
import { PeerList } from './peer-list.ts'
import { PeerSampler } from './peer-sampler.ts'
import { PeerSpace } from './peer-space.ts'
import { Prefetcher } from './prefetch.ts'
import { Random } from './random.ts'
import { ReplyBalance } from './reply-balance.ts'
import { Swarm } from './swarm.ts'
import type { SwarmMemory } from './swarm-memory.ts'
import { TorrentIndex } from './torrent-index.ts'
import { type TorrentWatch, UNWATCHED } from './torrent-watch.ts'
import { Twins } from './twins.ts'

/** Share of the memory beyond which no counts are remembered for swarms that do not exist. */
const MAX_REMEMBERED_SHARE = 0.5
/**
 * Maximum number of remembered downloads per torrent: half of its word's range, so that further counting does not
 * overflow.
 */
const MAX_COMPLETED = 2 ** 30

export class SwarmRegistry {
  readonly memory: SwarmMemory
  readonly heap: Heap
  readonly index: TorrentIndex
  readonly block: PeerBlock
  readonly peers: PeerList
  readonly swarm: Swarm
  readonly addressShare: AddressShare
  readonly holdings: Holdings
  readonly watch: TorrentWatch
  /** Torrents evicted since this registry was created. */
  evictions = 0
  /** Torrents not created because their source has, or makes, too many. */
  refusals = 0

  readonly #words: Int32Array
  readonly #random: Random
  readonly #choice: PeerChoice
  readonly #eviction: Eviction
  readonly #prefetcher: Prefetcher
  /** What the last swarm that could not be created lacked: a page for its peer (true), or memory for itself. */
  #lacksPage = false

  /**
   * `maxPeers` is the limit of a peer list, `seed` any number that differs between threads; `watch` is notified of what
   * announces and clean-ups do, not of what is remembered or loaded.
   */
  constructor(memory: SwarmMemory, maxPeers: number, seed: number, watch = UNWATCHED) {
    const random = new Random(seed)
    this.memory = memory
    this.heap = new Heap(memory)
    this.block = new PeerBlock(memory)
    this.holdings = new Holdings(memory, this.block)
    this.index = new TorrentIndex(memory, this.heap, this.holdings)
    const finder = new PeerFinder(memory, this.block)
    const space = new PeerSpace(memory, this.heap, new PageDirectory(memory, this.heap, this.block))
    this.peers = new PeerList(memory, this.block, space, random, this.holdings)
    const twins = new Twins(memory, this.block, finder)
    this.addressShare = new AddressShare(memory, this.block)
    const parts = {
      index: this.index,
      block: this.block,
      finder,
      peers: this.peers,
      twins,
      addressShare: this.addressShare,
      largestHolder: new LargestHolder(memory, this.block, random),
      holdings: this.holdings,
    }
    this.swarm = new Swarm(memory, parts, maxPeers)
    this.#choice = new PeerChoice(this.index, twins, new PeerSampler(memory, new ReplyBalance(memory, this.block)))
    this.watch = watch
    this.#eviction = new Eviction(memory, this)
    this.#words = memory.words
    this.#random = random
    this.#prefetcher = new Prefetcher(memory, this.index, this.block, random)
  }

  /**
   * Applies an announce and fills the reply's peers and counts (not its intervals). `Full`: memory is full, or its
   * source has its share of it, and the torrent is not known, so nothing was stored. A peer for which a known torrent
   * has no room is served nevertheless.
   */
  announce(request: AnnounceRequest, reply: AnnounceReply): Verdict {
    const words = this.#words
    let slot = request.prefetchedTorrentSlot
    if (slot === 0) {
      slot = this.index.slotOf(request.words, request.infoHashAt)
      request.randomBits = this.#random.bits()
      request.placeBits = this.#random.bits()
    }
    const shard = this.index.shardOf(slot)
    reply.hasCompleted = false
    reply.ipv4.count = 0
    reply.ipv6.count = 0
    acquire(words, shard + Shard.Lock)
    const torrent = this.index.find(slot, request.words, request.infoHashAt)
    let verdict: Verdict = Verdict.Served
    if (request.event === AnnounceEvent.Stopped) this.#stop(slot, shard, torrent, request, reply)
    else if (torrent === 0) verdict = this.#announceNewSwarm(slot, shard, request, reply)
    else {
      const completedBefore = words[torrent + Torrent.Completed]
      const position = this.swarm.apply(torrent, shard, request, false)
      this.#choice.choose(torrent, position, request, reply)
      this.#report(torrent, reply)
      reply.hasCompleted = reply.completed !== completedBefore
    }
    release(words, shard + Shard.Lock)
    return verdict
  }

  /** Fetches the memory that the first `count` of `requests` (at most 64) will need, all at once. Changes no swarm. */
  prefetch(requests: readonly AnnounceRequest[], count: number): void {
    this.#prefetcher.fetch(requests, count)
  }

  /** Fills `counts` for the info hash at `infoHashAt` of `words`. */
  scrape(words: Int32Array, infoHashAt: number, counts: SwarmCounts): void {
    const memory = this.#words
    const slot = this.index.slotOf(words, infoHashAt)
    const shard = this.index.shardOf(slot)
    acquire(memory, shard + Shard.Lock)
    const torrent = this.index.find(slot, words, infoHashAt)
    const isKnown = torrent !== 0
    counts.seeders = isKnown ? memory[torrent + Torrent.Seeders] : 0
    counts.completed = isKnown ? memory[torrent + Torrent.Completed] : 0
    counts.leechers = isKnown ? memory[torrent + Torrent.Leechers] : 0
    counts.downloaders = isKnown ? counts.leechers - memory[torrent + Torrent.PartialSeeds] : 0
    release(memory, shard + Shard.Lock)
  }

  /**
   * Adds to the completed downloads of the torrent whose info hash is at `at` of `words`: those of earlier runs. An
   * unknown torrent is created, without peers, as long as half of the memory stays free for live swarms. False, having
   * changed nothing, when there is no room.
   */
  remember(words: Int32Array, at: number, completed: number): boolean {
    const memory = this.#words
    const slot = this.index.slotOf(words, at)
    const shard = this.index.shardOf(slot)
    acquire(memory, shard + Shard.Lock)
    let torrent = this.index.find(slot, words, at)
    if (torrent === 0 && this.heap.usedShare() < MAX_REMEMBERED_SHARE) torrent = this.index.create(slot, words, at, 0)
    if (torrent !== 0) {
      const sum = memory[torrent + Torrent.Completed] + completed
      memory[torrent + Torrent.Completed] = Math.min(sum, MAX_COMPLETED)
    }
    release(memory, shard + Shard.Lock)
    return torrent !== 0
  }

  /** A `stopped` never creates a swarm, and its reply has no peers. */
  #stop(slot: number, shard: number, torrent: number, request: AnnounceRequest, reply: AnnounceReply): void {
    if (torrent !== 0) this.swarm.stop(torrent, shard, request)
    this.#report(torrent, reply)
    // A torrent with completed downloads is kept until the next clean-up, which may have to keep the count.
    if (torrent !== 0 && reply.completed === 0 && this.isEmpty(torrent)) {
      this.index.remove(slot, torrent)
      this.watch.removed(request.words, request.infoHashAt)
    }
  }

  #announceNewSwarm(slot: number, shard: number, request: AnnounceRequest, reply: AnnounceReply): Verdict {
    request.holder = this.holdings.holderOf(request.family, request.endpoint, 0)
    if (!this.holdings.mayMakeTorrent(request.holder, request.nowSeconds)) {
      this.refusals++
      this.#report(0, reply)
      return Verdict.Full
    }
    let torrent = this.#createSwarm(slot, shard, request)
    // Evicting an empty torrent frees its own memory but no page: where pages are short too, a second one has to go.
    for (let tries = 0; torrent === 0 && tries < 2; tries++) {
      if (!this.#eviction.makeRoom(slot, shard, request, this.#lacksPage)) break
      this.evictions++
      torrent = this.#createSwarm(slot, shard, request)
    }
    this.#report(torrent, reply)
    if (torrent === 0) return Verdict.Full
    this.watch.added(request.words, request.infoHashAt)
    return Verdict.Served
  }

  /** A new torrent with the announcing peer in it; 0, having changed nothing, when memory is full. */
  #createSwarm(slot: number, shard: number, request: AnnounceRequest): number {
    const torrent = this.index.create(slot, request.words, request.infoHashAt, request.holder)
    this.#lacksPage = torrent !== 0
    if (torrent === 0) return 0
    if (this.swarm.apply(torrent, shard, request, true) >= 0) return torrent
    this.index.remove(slot, torrent)
    return 0
  }

  /** True when no peer is left in any list. */
  isEmpty(torrent: number): boolean {
    const words = this.#words
    for (let list = torrent + Torrent.List; list !== 0; list = words[list + List.Next]) {
      if (words[list + List.Peers] !== 0) return false
    }
    return true
  }

  /** Reports the counts of a torrent; zeros for address 0. */
  #report(torrent: number, reply: AnnounceReply): void {
    const words = this.#words
    const isKnown = torrent !== 0
    reply.seeders = isKnown ? words[torrent + Torrent.Seeders] : 0
    reply.leechers = isKnown ? words[torrent + Torrent.Leechers] : 0
    reply.completed = isKnown ? words[torrent + Torrent.Completed] : 0
  }
}
