// Walks the whole swarm memory by its layout and reports every inconsistency: chains, runs, pages, hash tables, counts,
// and the heap's bookkeeping. No thread may use the memory meanwhile.

import { ANY_REACH, SHORT_REACH } from '../../src/domain/swarm/hash-slots.ts'
import { Heap } from '../../src/domain/swarm/heap.ts'
import {
  CLASS_BLOCKS,
  CLASS_START,
  CLASS_WORDS,
  HEAP_ROW_WORDS,
  LARGER_PAGES,
  pageClass,
  powerClass,
  TORRENT_CLASS,
} from '../../src/domain/swarm/heap-classes.ts'
import { Holdings } from '../../src/domain/swarm/holdings.ts'
import {
  CAPACITY_LADDER,
  Directory,
  HEAPS,
  Header,
  HOLDING_SHIFT,
  Holding,
  List,
  PAGE_PEERS,
  Peer,
  SHARD_WORDS,
  Shard,
  SLAB_SHIFT,
  SLAB_WORDS,
  Torrent,
} from '../../src/domain/swarm/layout.ts'
import { PeerBlock } from '../../src/domain/swarm/peer-block.ts'
import { makerAt } from '../../src/domain/swarm/plan.ts'
import { EVENT_MASK, IS_TWIN, STAMP_SHIFT, STORED_PAUSED } from '../../src/domain/swarm/stamp.ts'
import type { SwarmMemory } from '../../src/domain/swarm/swarm-memory.ts'
import { TorrentIndex } from '../../src/domain/swarm/torrent-index.ts'

/** A row of the slab table, as heap.ts lays it out. */
const Slab = { Next: 0, Previous: 1, Live: 2, FreeBlock: 3, Untouched: 4, SizeClass: 5, Heap: 6 } as const
const SLAB_ROW_WORDS = 8

/** All inconsistencies of the memory; empty if none. */
export function memoryProblems(memory: SwarmMemory): string[] {
  const walk = new MemoryWalk(memory)
  walk.torrents()
  walk.heap()
  walk.holdings()
  return walk.problems
}

class MemoryWalk {
  readonly problems: string[] = []

  readonly #memory: SwarmMemory
  readonly #words: Int32Array
  readonly #index: TorrentIndex
  readonly #block: PeerBlock
  readonly #holdings: Holdings
  /** Class of every block that something points to, by its word offset. */
  readonly #blocks = new Map<number, number>()
  /** Slabs in spans that something points to. */
  #spanSlabs = 0

  constructor(memory: SwarmMemory) {
    this.#memory = memory
    this.#words = memory.words
    this.#block = new PeerBlock(memory)
    this.#holdings = new Holdings(memory, this.#block)
    this.#index = new TorrentIndex(memory, new Heap(memory), this.#holdings)
  }

  torrents(): void {
    const { directoryAt, slotsLog2, shards, shardsAt } = this.#memory.plan
    const sums = Array.from({ length: shards }, () => new Int32Array(SHARD_WORDS))
    for (let slot = directoryAt; slot < directoryAt + (1 << slotsLog2); slot++) {
      for (let torrent = this.#words[slot]; torrent !== 0; torrent = this.#words[torrent + Torrent.Next]) {
        const sum = sums[(this.#index.shardOf(slot) - shardsAt) / SHARD_WORDS]
        if (!this.#claim(torrent, TORRENT_CLASS, 'torrent')) break
        if (this.#index.slotOf(this.#words, torrent) !== slot)
          this.problems.push(`torrent ${torrent} in the wrong slot`)
        sum[Shard.Torrents]++
        this.#lists(torrent, sum)
      }
    }
    sums.forEach((sum, shard) => {
      const at = shardsAt + shard * SHARD_WORDS
      if (this.#words[at + Shard.Lock] !== 0) this.problems.push(`shard ${shard} is locked`)
      for (const word of [Shard.Torrents, Shard.Peers, Shard.Peers + 1, Shard.Seeders, Shard.Leechers]) {
        this.#same(`word ${word} of shard ${shard}`, this.#words[at + word], sum[word])
      }
    })
  }

  #lists(torrent: number, sum: Int32Array): void {
    const words = this.#words
    const kinds = new Set<number>()
    let seeders = 0
    let leechers = 0
    let partialSeeds = 0
    for (let list = torrent + Torrent.List; list !== 0; list = words[list + List.Next]) {
      if (list !== torrent + Torrent.List && !this.#claim(list, powerClass(3), 'list')) break
      const kind = words[list + List.Shape] & 31
      const count = this.#block.count(list)
      if (count > 0 && kinds.has(kind)) this.problems.push(`torrent ${torrent} has two lists of kind ${kind}`)
      if (count > 0) kinds.add(kind)
      if (!this.#space(list, count)) continue
      sum[Shard.Peers + (kind & 1)] += count
      const endpoints = new Set<string>()
      for (let position = 0; position < count; position++) {
        const record = this.#block.recordAt(list, position)
        const stamp = words[record + Peer.Stamp]
        endpoints.add(this.#endpoint(list, position))
        const isSeeder = (words[record + Peer.Left] | words[record + Peer.Left + 1]) === 0
        const isPartial = !isSeeder && (stamp & EVENT_MASK) === STORED_PAUSED
        if (stamp >>> STAMP_SHIFT === 0) this.problems.push(`peer ${position} of list ${list} has no stamp`)
        const isUploader = position < words[list + List.Uploaders]
        const isHidden = position >= words[list + List.Uploaders] + words[list + List.Downloaders]
        if (!isHidden && isUploader !== (isSeeder || isPartial)) {
          this.problems.push(`peer ${position} of list ${list} stands in the wrong run`)
        }
        if ((stamp & IS_TWIN) !== 0) continue
        if (isSeeder) seeders++
        else leechers++
        if (isPartial) partialSeeds++
      }
      this.#same(`distinct endpoints of list ${list}`, endpoints.size, count)
    }
    this.#same(`seeders of torrent ${torrent}`, words[torrent + Torrent.Seeders], seeders)
    this.#same(`leechers of torrent ${torrent}`, words[torrent + Torrent.Leechers], leechers)
    this.#same(`partial seeds of torrent ${torrent}`, words[torrent + Torrent.PartialSeeds], partialSeeds)
    sum[Shard.Seeders] += seeders
    sum[Shard.Leechers] += leechers
  }

  /** Page, pages and tables of a list; false when they cannot be read. */
  #space(list: number, count: number): boolean {
    const words = this.#words
    const shape = words[list + List.Shape]
    const capacity = shape >> 5
    const peers = words[list + List.Peers]
    for (const run of [List.Uploaders, List.Downloaders, List.Hidden]) {
      if (words[list + run] < 0) this.problems.push(`run ${run} of list ${list} is negative`)
    }
    if (count > capacity) this.problems.push(`list ${list} has ${count} peers in room for ${capacity}`)
    if (peers === 0 || capacity === 0) {
      if (peers !== 0 || capacity !== 0 || count !== 0) this.problems.push(`list ${list} is half empty`)
      return false
    }
    if (count === 0) this.problems.push(`list ${list} keeps room for no peers`)
    if (capacity <= PAGE_PEERS) {
      if (!CAPACITY_LADDER.includes(capacity)) this.problems.push(`list ${list} has a capacity of ${capacity}`)
      return this.#claim(peers, pageClass(shape & 1, capacity), 'page')
    }
    return this.#directory(list, peers, shape, count)
  }

  #directory(list: number, directory: number, shape: number, count: number): boolean {
    const words = this.#words
    const pages = (shape >> 5) / PAGE_PEERS
    const sizeLog2 = words[directory + Directory.SizeLog2]
    const slotsLog2 = words[directory + Directory.SlotsLog2]
    const byEndpoint = words[directory + Directory.ByEndpoint]
    const byPeerId = words[directory + Directory.ByPeerId]
    if (Directory.First + pages > 1 << sizeLog2) this.problems.push(`directory of list ${list} overflows`)
    let isWhole = this.#claimPower(directory, sizeLog2, 'directory')
    isWhole = this.#claimPower(byEndpoint, slotsLog2, 'endpoint table') && isWhole
    isWhole = this.#claimPower(byPeerId, slotsLog2, 'peer id table') && isWhole
    for (let page = 0; page < pages; page++) {
      isWhole =
        this.#claim(words[directory + Directory.First + page], pageClass(shape & 1, PAGE_PEERS), 'page') && isWhole
    }
    if (isWhole) this.#tables(list, byEndpoint, byPeerId, slotsLog2, count)
    return isWhole
  }

  /** Every peer is where the tables say, within reach of its home slot, and the tables contain no others. */
  #tables(list: number, byEndpoint: number, byPeerId: number, log2: number, count: number): void {
    const endpoints = this.#pairs(byEndpoint, log2, ANY_REACH, `endpoint table of list ${list}`)
    const ids = this.#pairs(byPeerId, log2, SHORT_REACH, `peer id table of list ${list}`)
    if (count > (3 << log2) >> 2) this.problems.push(`tables of list ${list} are too full`)
    for (let position = 0; position < count; position++) {
      const hash = this.#block.endpointHashAt(list, position)
      const idHash = this.#block.peerIdHashAt(this.#block.recordAt(list, position))
      take(endpoints, (hash << 16) | (position + 1))
      take(ids, (idHash << 16) | hash)
    }
    for (const [table, rest] of [
      ['endpoint', endpoints],
      ['peer id', ids],
    ] as const) {
      for (const [pair, surplus] of rest) {
        // Many equal peer ids are not all indexed.
        if (surplus > 0 || table === 'endpoint')
          this.problems.push(`${table} table of list ${list}: ${pair} by ${surplus}`)
      }
    }
  }

  /** Pairs of a table and how often each occurs in it; a search from its home must reach each. */
  #pairs(table: number, log2: number, reach: number, what: string): Map<number, number> {
    const pairs = new Map<number, number>()
    const mask = (1 << log2) - 1
    for (let slot = 0; slot <= mask; slot++) {
      const pair = this.#words[table + slot]
      if (pair === 0) continue
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
      const hash = pair >>> 16
      const home = log2 <= 16 ? hash >> (16 - log2) : hash << (log2 - 16)
      if (((slot - home) & mask) >= reach) this.problems.push(`${what}: slot ${slot} is out of reach`)
      for (let look = home; look !== slot; look = (look + 1) & mask) {
        if (this.#words[table + look] === 0) {
          this.problems.push(`${what}: slot ${slot} cannot be reached`)
          break
        }
      }
    }
    return pairs
  }

  /** Counts all peers and torrents off, sees that nothing is left, and counts them again. */
  holdings(): void {
    const { holdingsAt, addressesLog2, networksLog2 } = this.#memory.plan
    const networksAt = holdingsAt + (1 << (addressesLog2 + HOLDING_SHIFT))
    this.#countHolders(-1)
    for (let address = holdingsAt; address < networksAt; address += 1 << HOLDING_SHIFT) {
      for (const word of [Holding.Peers, Holding.Torrents]) {
        this.#same(`counter ${word} of address ${address}`, this.#words[address + word], 0)
      }
    }
    for (let at = networksAt; at < networksAt + (Holding.PaidAt << networksLog2); at++) {
      this.#same(`counter ${at} of a network`, this.#words[at], 0)
    }
    this.#countHolders(1)
  }

  #countHolders(by: number): void {
    const { directoryAt, slotsLog2 } = this.#memory.plan
    for (let slot = directoryAt; slot < directoryAt + (1 << slotsLog2); slot++) {
      for (let torrent = this.#words[slot]; torrent !== 0; torrent = this.#words[torrent + Torrent.Next]) {
        this.#holdings.addTorrents(this.#words[makerAt(this.#memory.plan, torrent)], by)
        for (let list = torrent + Torrent.List; list !== 0; list = this.#words[list + List.Next]) {
          for (let position = this.#block.count(list) - 1; position >= 0; position--) {
            this.#holdings.addPeers(this.#holdings.holderAt(list, position), by)
          }
        }
      }
    }
  }

  /** Compares the heap's bookkeeping with the blocks in use. */
  heap(): void {
    const words = this.#words
    const { slabTableAt, arenaAt, heapAt, slabs } = this.#memory.plan
    const touched = words[Header.SlabsTouched]
    const empty = this.#chain(words[Header.FreeSlab], slabTableAt)
    this.#same('empty slabs', words[Header.FreeSlabCount], empty.length)
    if (touched > slabs) this.problems.push('more slabs than there are')
    if (words[Header.SlabLock] !== 0) this.problems.push('the slab lock is held')
    const live = new Map<number, number>()
    for (const block of this.#blocks.keys()) {
      const slab = (block - arenaAt) >> SLAB_SHIFT
      live.set(slab, (live.get(slab) ?? 0) + 1)
    }
    const partial = new Set<number>()
    for (const [slab, count] of live) {
      const row = slabTableAt + slab * SLAB_ROW_WORDS
      const sizeClass = words[row + Slab.SizeClass]
      this.#same(`live blocks of slab ${slab}`, words[row + Slab.Live], count)
      if (empty.includes(slab)) this.problems.push(`slab ${slab} is in use and among the empty ones`)
      if (count < CLASS_BLOCKS[sizeClass]) partial.add(slab)
      this.#freeBlocks(slab, row, sizeClass, count)
    }
    for (let heap = 0; heap < HEAPS; heap++) {
      const at = heapAt + heap * HEAP_ROW_WORDS
      if (words[at] !== 0) this.problems.push(`heap ${heap} is locked`)
      CLASS_WORDS.forEach((_, sizeClass) => {
        for (const slab of this.#chain(words[at + 1 + sizeClass], slabTableAt)) {
          const row = slabTableAt + slab * SLAB_ROW_WORDS
          if (!partial.delete(slab)) this.problems.push(`slab ${slab} is listed, but not partly used`)
          this.#same(`class of slab ${slab}`, words[row + Slab.SizeClass], sizeClass)
          this.#same(`heap of slab ${slab}`, words[row + Slab.Heap], heap)
        }
      })
    }
    if (partial.size > 0) this.problems.push(`partly used slabs that no heap lists: ${[...partial]}`)
    this.#same('slabs in use, empty or in spans', live.size + empty.length + this.#spanSlabs, touched)
  }

  /**
   * Blocks of a slab that are free: in its list or never touched; together with the live ones they make up the slab.
   */
  #freeBlocks(slab: number, row: number, sizeClass: number, live: number): void {
    const words = this.#words
    const start = this.#memory.plan.arenaAt + slab * SLAB_WORDS
    const touched = (words[row + Slab.Untouched] - CLASS_START[sizeClass]) / CLASS_WORDS[sizeClass]
    let free = 0
    for (let block = words[row + Slab.FreeBlock]; block !== 0 && free <= touched; block = words[block]) {
      free++
      if (this.#blocks.has(block)) this.problems.push(`block ${block} is free and in use`)
      if (block < start || block >= start + words[row + Slab.Untouched]) this.problems.push(`block ${block} strayed`)
    }
    this.#same(`touched blocks of slab ${slab}`, live + free, touched)
  }

  /** Slab numbers in a list, checked for cycles. */
  #chain(first: number, tableAt: number): number[] {
    const slabs: number[] = []
    for (let link = first; link !== 0; link = this.#words[tableAt + (link - 1) * SLAB_ROW_WORDS + Slab.Next]) {
      slabs.push(link - 1)
      if (slabs.length > this.#memory.plan.slabs) {
        this.problems.push('a list of slabs has a cycle')
        return []
      }
    }
    return slabs
  }

  #claimPower(block: number, log2: number, what: string): boolean {
    if (log2 <= SLAB_SHIFT) return this.#claim(block, powerClass(log2), what)
    this.#spanSlabs += 1 << (log2 - SLAB_SHIFT)
    return block !== 0
  }

  /** Notes that a block is in use; false when it is not of its class or in use elsewhere. */
  #claim(block: number, sizeClass: number, what: string): boolean {
    const { arenaAt, slabTableAt } = this.#memory.plan
    const slab = (block - arenaAt) >> SLAB_SHIFT
    const found = this.#words[slabTableAt + slab * SLAB_ROW_WORDS + Slab.SizeClass]
    const offset = ((block - arenaAt) & (SLAB_WORDS - 1)) - (CLASS_START[found] ?? 0)
    // The first peer of a list may be in a larger page.
    const fits = found === sizeClass || (LARGER_PAGES[sizeClass].includes(found) && what === 'page')
    if (block < arenaAt || !fits || offset < 0 || offset % CLASS_WORDS[found] !== 0) {
      this.problems.push(`${what} at ${block} is not a block of class ${sizeClass}`)
      return false
    }
    if (this.#blocks.has(block)) {
      this.problems.push(`${what} at ${block} is in use twice`)
      return false
    }
    this.#blocks.set(block, found)
    return true
  }

  #endpoint(list: number, position: number): string {
    const stride = (this.#words[list + List.Shape] & 1) === 0 ? 3 : 9
    const at = this.#block.endpointAt(list, position)
    return this.#memory.halfwords.subarray(at, at + stride).join()
  }

  #same(what: string, found: number, expected: number): void {
    if (found !== expected) this.problems.push(`${what}: ${found}, not ${expected}`)
  }
}

/** Takes one of the pairs out. */
function take(pairs: Map<number, number>, pair: number): void {
  const left = (pairs.get(pair) ?? 0) - 1
  if (left === 0) pairs.delete(pair)
  else pairs.set(pair, left)
}
