// The prefetch: reads, before the first announce of a batch is applied, the memory that all of them will need. An
// announce follows a chain of addresses through memory that is far larger than any cache, and waits at each link;
// following the links for the whole batch together overlaps the waits. No lock is taken and nothing is changed: what is
// read here may be stale or torn, so every address is checked before use, and the worst result of a wrong one is a wait
// later on.

import type { AnnounceRequest } from '../announce.ts'
import { hashOfPair, homeSlot, valueOfPair } from './hash-slots.ts'
import { Directory, endpointWords, List, PAGE_PEERS, PEER_WORDS, Torrent } from './layout.ts'
import { isPagedShape, pageOf, placeOnPage } from './list-shape.ts'
import type { PeerBlock } from './peer-block.ts'
import { downloadersChance, uploadersChance, windowStart } from './peer-sampler.ts'
import type { Random } from './random.ts'
import type { SwarmMemory } from './swarm-memory.ts'
import type { TorrentIndex } from './torrent-index.ts'

/** Maximum number of requests prefetched at once. */
const MAX_PREFETCHED = 64
const LINE_WORDS = 16

export class Prefetcher {
  /** Keeps what was read from being optimised away. */
  sink = 0

  readonly #words: Int32Array
  readonly #index: TorrentIndex
  readonly #block: PeerBlock
  readonly #random: Random
  readonly #arenaAt: number
  /** Per request: its torrent, its list's page or directory, the table slot of its endpoint, that endpoint's hash. */
  readonly #torrents = new Int32Array(MAX_PREFETCHED)
  readonly #peers = new Int32Array(MAX_PREFETCHED)
  readonly #slots = new Int32Array(MAX_PREFETCHED)
  readonly #hashes = new Int32Array(MAX_PREFETCHED)

  constructor(memory: SwarmMemory, index: TorrentIndex, block: PeerBlock, random: Random) {
    this.#random = random
    this.#words = memory.words
    this.#index = index
    this.#block = block
    this.#arenaAt = memory.plan.arenaAt
  }

  /** Fetches for the first `count` of `requests`, and stores in each its torrent's slot and its random bits. */
  fetch(requests: readonly AnnounceRequest[], count: number): void {
    this.#fetchSlots(requests, count)
    this.#fetchTorrents(requests, count)
    this.#fetchLists(count)
    this.#fetchTableSlots(requests, count)
    this.#fetchPeers(requests, count)
  }

  #fetchSlots(requests: readonly AnnounceRequest[], count: number): void {
    const words = this.#words
    let sink = 0
    for (let i = 0; i < count; i++) {
      const request = requests[i]
      const slot = this.#index.slotOf(request.words, request.infoHashAt)
      request.prefetchedTorrentSlot = slot
      request.randomBits = this.#random.bits()
      sink ^= words[slot] ^ words[this.#index.shardOf(slot)]
    }
    this.sink ^= sink
  }

  #fetchTorrents(requests: readonly AnnounceRequest[], count: number): void {
    const words = this.#words
    let sink = 0
    for (let i = 0; i < count; i++) {
      const torrent = this.#checked(words[requests[i].prefetchedTorrentSlot])
      this.#torrents[i] = torrent
      sink ^= words[torrent]
    }
    this.sink ^= sink
  }

  #fetchLists(count: number): void {
    const words = this.#words
    let sink = 0
    for (let i = 0; i < count; i++) {
      const peers = this.#checked(words[this.#torrents[i] + Torrent.List + List.Peers])
      this.#peers[i] = peers
      sink ^= words[peers] ^ words[peers + LINE_WORDS]
    }
    this.sink ^= sink
  }

  #fetchTableSlots(requests: readonly AnnounceRequest[], count: number): void {
    const words = this.#words
    let sink = 0
    for (let i = 0; i < count; i++) {
      this.#slots[i] = 0
      if (!this.#isPaged(i)) continue
      const request = requests[i]
      const directory = this.#peers[i]
      const hash = this.#block.endpointHash(request.family, request.endpoint, 0)
      const log2 = words[directory + Directory.SlotsLog2] & 31
      const slot = this.#checked(words[directory + Directory.ByEndpoint] + homeSlot(hash, log2))
      this.#hashes[i] = hash
      this.#slots[i] = slot
      sink ^= words[slot]
      const chance = request.randomBits
      sink ^= this.#fetchWindow(i, uploadersChance(chance), 0)
      const uploaders = words[this.#torrents[i] + Torrent.List + List.Uploaders]
      sink ^= this.#fetchWindow(i, downloadersChance(chance), uploaders)
    }
    this.sink ^= sink
  }

  #fetchPeers(requests: readonly AnnounceRequest[], count: number): void {
    const words = this.#words
    let sink = 0
    for (let i = 0; i < count; i++) {
      const pair = words[this.#slots[i]]
      if (this.#slots[i] === 0 || hashOfPair(pair) !== this.#hashes[i]) continue
      const position = valueOfPair(pair) - 1
      const page = this.#checked(words[this.#checked(this.#peers[i] + Directory.First + pageOf(position))])
      const record = page + endpointWords(requests[i].family, PAGE_PEERS) + placeOnPage(position) * PEER_WORDS
      sink ^= words[page] ^ words[page + LINE_WORDS] ^ words[record] ^ words[record + PEER_WORDS - 1]
    }
    this.sink ^= sink
  }

  /** The first pages of the window that will be taken from the run that begins at position `from`. */
  #fetchWindow(i: number, randomBits: number, from: number): number {
    const words = this.#words
    const list = this.#torrents[i] + Torrent.List
    const length = words[list + (from === 0 ? List.Uploaders : List.Downloaders)]
    const at = this.#peers[i] + Directory.First + pageOf(from + windowStart(randomBits, length))
    const first = this.#checked(words[this.#checked(at)])
    const second = this.#checked(words[this.#checked(at + 1)])
    return words[first] ^ words[first + LINE_WORDS] ^ words[second] ^ words[second + LINE_WORDS]
  }

  #isPaged(i: number): boolean {
    return isPagedShape(this.#words[this.#torrents[i] + Torrent.List + List.Shape])
  }

  /** The address if it is inside the arena, well before its end; else the arena's beginning, which is always valid. */
  #checked(address: number): number {
    return address > this.#arenaAt && address < this.#words.length - 4096 ? address : this.#arenaAt
  }
}
