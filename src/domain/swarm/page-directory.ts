// The directory of a list of more than 16 peers: two hash tables (by endpoint: position + 1; by peer id: hash of the
// endpoint, which stays valid when peers move) and the pages. A list grows one page at a time without moving a peer.
// Any client can copy a peer id: of many peers with one id only the first few hundred are indexed, so that the cost of
// a chain stays bounded.

import { ANY_REACH, addSlot, clearSlots, copySlots, MIN_TABLE_LOG2, SHORT_REACH } from './hash-slots.ts'
import { affinityOf, type Heap } from './heap.ts'
import { pageClass, powerClass } from './heap-classes.ts'
import { Directory, List, PAGE_PEERS, SLAB_SHIFT } from './layout.ts'
import { familyOf, kindOfShape, PAGE_IN_SHAPE, pagesOf, shapeOf } from './list-shape.ts'
import type { PeerBlock } from './peer-block.ts'
import type { SwarmMemory } from './swarm-memory.ts'

const MIN_DIRECTORY_LOG2 = 3

export class PageDirectory {
  readonly #words: Int32Array
  readonly #heap: Heap
  readonly #block: PeerBlock

  constructor(memory: SwarmMemory, heap: Heap, block: PeerBlock) {
    this.#words = memory.words
    this.#heap = heap
    this.#block = block
  }

  /** Turns a full single page into the first of two; false, having changed nothing, when memory is full. */
  open(list: number): boolean {
    const words = this.#words
    const directory = this.#allocate(list, MIN_DIRECTORY_LOG2)
    const byEndpoint = directory && this.#allocate(list, MIN_TABLE_LOG2)
    const byPeerId = byEndpoint && this.#allocate(list, MIN_TABLE_LOG2)
    const second = byPeerId && this.#allocatePage(list)
    if (second === 0) {
      if (byPeerId !== 0) this.#heap.free(byPeerId)
      if (byEndpoint !== 0) this.#heap.free(byEndpoint)
      if (directory !== 0) this.#heap.free(directory)
      return false
    }
    clearSlots(words, byEndpoint, MIN_TABLE_LOG2)
    clearSlots(words, byPeerId, MIN_TABLE_LOG2)
    for (let position = 0; position < PAGE_PEERS; position++) {
      const hash = this.#block.endpointHashAt(list, position)
      const idHash = this.#block.peerIdHashAt(this.#block.recordAt(list, position))
      addSlot(words, byEndpoint, MIN_TABLE_LOG2, hash, position + 1, ANY_REACH)
      addSlot(words, byPeerId, MIN_TABLE_LOG2, idHash, hash, SHORT_REACH)
    }
    words[directory + Directory.ByEndpoint] = byEndpoint
    words[directory + Directory.ByPeerId] = byPeerId
    words[directory + Directory.SlotsLog2] = MIN_TABLE_LOG2
    words[directory + Directory.SizeLog2] = MIN_DIRECTORY_LOG2
    words[directory + Directory.First] = words[list + List.Peers]
    words[directory + Directory.First + 1] = second
    words[list + List.Peers] = directory
    words[list + List.Shape] += PAGE_IN_SHAPE
    return true
  }

  /** Turns the list back into a single page; the caller ensures that all peers are on the first. */
  close(list: number): void {
    const words = this.#words
    const directory = words[list + List.Peers]
    const pages = pagesOf(words[list + List.Shape])
    for (let page = 1; page < pages; page++) this.#heap.free(words[directory + Directory.First + page])
    words[list + List.Peers] = words[directory + Directory.First]
    words[list + List.Shape] = shapeOf(kindOfShape(words[list + List.Shape]), PAGE_PEERS)
    const slotsLog2 = words[directory + Directory.SlotsLog2]
    this.#free(words[directory + Directory.ByEndpoint], slotsLog2)
    this.#free(words[directory + Directory.ByPeerId], slotsLog2)
    this.#free(directory, words[directory + Directory.SizeLog2])
  }

  /** Adds an empty page; false when memory is full. */
  addPage(list: number): boolean {
    const words = this.#words
    const pages = pagesOf(words[list + List.Shape])
    const sizeLog2 = words[words[list + List.Peers] + Directory.SizeLog2]
    if (Directory.First + pages === 1 << sizeLog2 && !this.#enlarge(list, sizeLog2)) return false
    const page = this.#allocatePage(list)
    if (page === 0) return false
    words[words[list + List.Peers] + Directory.First + pages] = page
    words[list + List.Shape] += PAGE_IN_SHAPE
    return true
  }

  /** Frees the last page, which the caller has emptied. */
  dropPage(list: number): void {
    const words = this.#words
    const last = pagesOf(words[list + List.Shape]) - 1
    this.#heap.free(words[words[list + List.Peers] + Directory.First + last])
    words[list + List.Shape] -= PAGE_IN_SHAPE
  }

  /**
   * Resizes the tables so that `count` peers leave a quarter empty without wasting space; false when memory is full.
   */
  fitTables(list: number, count: number): boolean {
    const directory = this.#words[list + List.Peers]
    const log2 = this.#words[directory + Directory.SlotsLog2]
    if (count > (3 << log2) >> 2) return this.#resizeTables(list, directory, log2, log2 + 1)
    // Keeping tables that are too large is not a failure.
    if (log2 > MIN_TABLE_LOG2 && count < 1 << (log2 - 3)) this.#resizeTables(list, directory, log2, log2 - 1)
    return true
  }

  #enlarge(list: number, sizeLog2: number): boolean {
    const words = this.#words
    const old = words[list + List.Peers]
    const larger = this.#allocate(list, sizeLog2 + 1)
    if (larger === 0) return false
    words.copyWithin(larger, old, old + (1 << sizeLog2))
    words[larger + Directory.SizeLog2] = sizeLog2 + 1
    words[list + List.Peers] = larger
    this.#free(old, sizeLog2)
    return true
  }

  #resizeTables(list: number, directory: number, from: number, to: number): boolean {
    const byEndpoint = this.#allocate(list, to)
    if (byEndpoint === 0) return false
    const byPeerId = this.#allocate(list, to)
    if (byPeerId === 0) {
      this.#free(byEndpoint, to)
      return false
    }
    this.#replaceTable(directory + Directory.ByEndpoint, from, byEndpoint, to, ANY_REACH)
    this.#replaceTable(directory + Directory.ByPeerId, from, byPeerId, to, SHORT_REACH)
    this.#words[directory + Directory.SlotsLog2] = to
    return true
  }

  #replaceTable(tableAt: number, from: number, table: number, to: number, reach: number): void {
    const words = this.#words
    clearSlots(words, table, to)
    copySlots(words, words[tableAt], from, table, to, reach)
    this.#free(words[tableAt], from)
    words[tableAt] = table
  }

  #allocatePage(list: number): number {
    return this.#heap.allocate(pageClass(familyOf(this.#words[list + List.Shape]), PAGE_PEERS), affinityOf(list), false)
  }

  #allocate(list: number, log2: number): number {
    return log2 > SLAB_SHIFT
      ? this.#heap.allocateSpan(log2)
      : this.#heap.allocate(powerClass(log2), affinityOf(list), false)
  }

  #free(block: number, log2: number): void {
    if (log2 > SLAB_SHIFT) this.#heap.freeSpan(block, log2)
    else this.#heap.free(block)
  }
}
