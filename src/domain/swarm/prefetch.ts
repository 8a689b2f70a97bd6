// The prefetch: reads, before the first announce of a batch is applied, the memory that all of them will need. An
// announce follows a chain of addresses through memory that is far larger than any cache, and waits at each link;
// following the links for the whole batch together overlaps the waits. Each step computes the addresses of one link,
// from what the step before has fetched, and then reads them all. No lock is taken and nothing is changed: what is read
// here may be stale or torn, so every address is checked before use, and the worst result of a wrong one is a wait
// later on.

import type { AnnounceRequest } from '../announce.ts'
import { hashOfPair, valueOfPair } from './hash-slots.ts'
import { Directory, endpointWords, List, PAGE_PEERS, Torrent } from './layout.ts'
import { familyOf, isPagedShape, pageOf } from './list-shape.ts'
import type { PeerBlock } from './peer-block.ts'
import { PlaceFetcher } from './prefetch-places.ts'
import { PrefetchQueue } from './prefetch-queue.ts'
import type { Random } from './random.ts'
import { ReplyShares } from './reply-shares.ts'
import type { SwarmMemory } from './swarm-memory.ts'
import type { TorrentIndex } from './torrent-index.ts'
import { UnlockedMemory } from './unlocked-memory.ts'

/** Maximum number of requests prefetched at once. */
const MAX_PREFETCHED = 64
const LINE_WORDS = 16
/** Slots of a hash table that are looked at: nearly always on one line. */
const MAX_PROBES = 8
/** The last word of a page's endpoints (IPv4). */
const LAST_ENDPOINT_WORD = endpointWords(0, PAGE_PEERS) - 1
/** Of either part of a window that wraps around, in pages. */
const MAX_WINDOW_PAGES = 6

export class Prefetcher {
  readonly #memory: UnlockedMemory
  readonly #words: Int32Array
  readonly #index: TorrentIndex
  readonly #block: PeerBlock
  readonly #random: Random
  readonly #queue: PrefetchQueue
  readonly #places: PlaceFetcher
  readonly #shares: ReplyShares
  /** Per request: its slot in the index; its torrent; its list's page or directory; the table slot of its endpoint. */
  readonly #slots = new Int32Array(MAX_PREFETCHED)
  readonly #torrents = new Int32Array(MAX_PREFETCHED)
  readonly #peers = new Int32Array(MAX_PREFETCHED)
  readonly #tableSlots = new Int32Array(MAX_PREFETCHED)
  readonly #hashes = new Int32Array(MAX_PREFETCHED)

  constructor(memory: SwarmMemory, index: TorrentIndex, block: PeerBlock, random: Random) {
    this.#memory = new UnlockedMemory(memory)
    this.#words = memory.words
    this.#index = index
    this.#block = block
    this.#random = random
    this.#queue = new PrefetchQueue(memory.words, MAX_PREFETCHED)
    this.#places = new PlaceFetcher(this.#memory, memory.halfwords, block, this.#queue)
    this.#shares = new ReplyShares(memory.words)
  }

  /** Fetches for the first `count` of `requests`, and stores in each its torrent's slot and its random bits. */
  fetch(requests: readonly AnnounceRequest[], count: number): void {
    this.#findSlots(requests, count)
    this.#readTorrents(count)
    this.#readLists(count)
    this.#readPages(count)
    this.#addTableSlots(requests, count)
    this.#queue.read()
    this.#addPeers(requests, count)
    this.#queue.read()
    this.#places.addSlots()
    this.#queue.read()
  }

  #findSlots(requests: readonly AnnounceRequest[], count: number): void {
    const slots = this.#slots
    for (let i = 0; i < count; i++) {
      const request = requests[i]
      const slot = this.#index.slotOf(request.words, request.infoHashAt)
      request.prefetchedTorrentSlot = slot
      request.randomBits = this.#random.bits()
      request.placeBits = this.#random.bits()
      slots[i] = slot
    }
  }

  #readTorrents(count: number): void {
    const words = this.#words
    let sink = 0
    for (let i = 0; i < count; i++) {
      const slot = this.#slots[i]
      this.#torrents[i] = words[slot]
      sink ^= words[this.#index.shardOf(slot)]
    }
    this.#queue.sink ^= sink
  }

  #readLists(count: number): void {
    const words = this.#words
    for (let i = 0; i < count; i++) {
      const torrent = this.#memory.checked(this.#torrents[i])
      this.#torrents[i] = torrent
      this.#peers[i] = words[torrent + Torrent.List + List.Peers]
    }
  }

  #readPages(count: number): void {
    const words = this.#words
    let sink = 0
    for (let i = 0; i < count; i++) {
      const peers = this.#memory.checked(this.#peers[i])
      this.#peers[i] = peers
      sink ^= words[peers] ^ words[peers + LINE_WORDS]
    }
    this.#queue.sink ^= sink
  }

  /** Of a long list the table slot of the request's endpoint, of a short one its record. */
  #addTableSlots(requests: readonly AnnounceRequest[], count: number): void {
    const words = this.#words
    this.#places.begin()
    for (let i = 0; i < count; i++) {
      const request = requests[i]
      const list = this.#torrents[i] + Torrent.List
      const shape = words[list + List.Shape]
      const directory = this.#peers[i]
      this.#tableSlots[i] = 0
      if (familyOf(shape) !== request.family) continue
      if (!isPagedShape(shape)) {
        this.#places.addShort(list, directory, request)
        continue
      }
      const hash = this.#block.endpointHash(request.family, request.endpoint, 0)
      const slot = this.#memory.tableSlot(directory, hash)
      this.#hashes[i] = hash
      this.#tableSlots[i] = slot
      this.#queue.add(slot)
      const pages = Math.min(words[list + List.Uploaders] + words[list + List.Downloaders], 1024) >> 4
      for (let at = 2 * LINE_WORDS; at < pages; at += LINE_WORDS) this.#queue.add(directory + at)
    }
  }

  /** Of a long list the request's own entry, and the windows of the reply. */
  #addPeers(requests: readonly AnnounceRequest[], count: number): void {
    for (let i = 0; i < count; i++) {
      if (this.#tableSlots[i] === 0) continue
      const request = requests[i]
      const list = this.#torrents[i] + Torrent.List
      const position = this.#positionOf(i)
      if (position >= 0) this.#places.addLong(list, this.#peers[i], position, request)
      const shares = this.#shares
      if (request.numwant <= 0 || shares.divide(list, request.numwant, position, request) <= 0) continue
      const uploaders = this.#words[list + List.Uploaders]
      this.#addWindow(i, shares.uploadersStart, shares.wantedUploaders, 0, shares.uploaders)
      this.#addWindow(i, shares.downloadersStart, shares.wantedDownloaders, uploaders, shares.downloaders)
    }
  }

  /** By the pair on the fetched line that has the endpoint's hash; -1 if none. */
  #positionOf(i: number): number {
    const words = this.#words
    const first = this.#tableSlots[i]
    const hash = this.#hashes[i]
    for (let slot = first; slot < first + MAX_PROBES; slot++) {
      const pair = words[slot]
      if (pair === 0) return -1
      if (hashOfPair(pair) === hash) return valueOfPair(pair) - 1
    }
    return -1
  }

  /** The pages of `want` peers from number `start` on, in the run of `length` peers that begins at position `from`. */
  #addWindow(i: number, start: number, want: number, from: number, length: number): void {
    if (want <= 0) return
    const first = Math.min(want, length - start)
    this.#addPages(i, from + start, first)
    if (first < want) this.#addPages(i, from, want - first)
  }

  #addPages(i: number, from: number, count: number): void {
    const words = this.#words
    const entries = this.#peers[i] + Directory.First
    const first = pageOf(from)
    const last = Math.min(pageOf(from + count - 1), first + MAX_WINDOW_PAGES - 1)
    for (let number = first; number <= last; number++) {
      const page = this.#memory.checked(words[this.#memory.checked(entries + number)])
      this.#queue.add(page)
      this.#queue.add(page + LINE_WORDS)
      this.#queue.add(page + LAST_ENDPOINT_WORD)
    }
  }
}
