// Room for the peers of a list: a single page with stepwise growing capacity while the list is short, then page after
// page.

import { affinityOf, type Heap } from './heap.ts'
import { pageClass } from './heap-classes.ts'
import { endpointWords, List, PAGE_PEERS, PEER_WORDS, stepAbove, stepBelow } from './layout.ts'
import { capacityOf, familyOf, kindOfShape, shapeOf } from './list-shape.ts'
import type { PageDirectory } from './page-directory.ts'
import type { SwarmMemory } from './swarm-memory.ts'

export class PeerSpace {
  readonly #words: Int32Array
  readonly #heap: Heap
  readonly #directory: PageDirectory

  constructor(memory: SwarmMemory, heap: Heap, directory: PageDirectory) {
    this.#words = memory.words
    this.#heap = heap
    this.#directory = directory
  }

  /** Makes sure that a list of `count` peers can take one more; false, with no peer moved, when memory is full. */
  makeRoom(list: number, count: number, isNewSwarm: boolean): boolean {
    const capacity = capacityOf(this.#words[list + List.Shape])
    if (count < capacity) return capacity <= PAGE_PEERS || this.#directory.fitTables(list, count + 1)
    if (capacity < PAGE_PEERS) return this.#resizePage(list, count, stepAbove(capacity), isNewSwarm)
    if (capacity === PAGE_PEERS) return this.#directory.open(list)
    return this.#directory.addPage(list) && this.#directory.fitTables(list, count + 1)
  }

  /**
   * Frees excess space of a list of `count` peers; some slack stays, so that pages are not freed and reallocated all
   * the time.
   */
  trim(list: number, count: number): void {
    const capacity = capacityOf(this.#words[list + List.Shape])
    if (capacity > PAGE_PEERS) {
      if (count <= PAGE_PEERS >> 1) this.#directory.close(list)
      else if (capacity > 2 * PAGE_PEERS && count <= capacity - PAGE_PEERS - (PAGE_PEERS >> 1)) {
        this.#directory.dropPage(list)
        this.#directory.fitTables(list, count)
      }
    } else if (count === 0) this.#freePage(list)
    else if (count <= stepBelow(stepBelow(capacity))) this.#resizePage(list, count, stepBelow(capacity), false)
  }

  #freePage(list: number): void {
    const words = this.#words
    if (words[list + List.Peers] === 0) return
    this.#heap.free(words[list + List.Peers])
    words[list + List.Peers] = 0
    words[list + List.Shape] = shapeOf(kindOfShape(words[list + List.Shape]), 0)
  }

  /** Moves the peers of a single page to one of another capacity; from none, creates the first. */
  #resizePage(list: number, count: number, capacity: number, isNewSwarm: boolean): boolean {
    const words = this.#words
    const shape = words[list + List.Shape]
    const family = familyOf(shape)
    const old = words[list + List.Peers]
    const sizeClass = pageClass(family, capacity)
    let page = this.#heap.allocate(sizeClass, affinityOf(list), isNewSwarm)
    // The first peer may live in a page that others have left, until the list grows.
    if (page === 0 && old === 0) page = this.#heap.allocateLarger(sizeClass, affinityOf(list))
    if (page === 0) return false
    if (old !== 0) {
      const oldRecords = old + endpointWords(family, capacityOf(shape))
      words.copyWithin(page, old, old + endpointWords(family, count))
      words.copyWithin(page + endpointWords(family, capacity), oldRecords, oldRecords + count * PEER_WORDS)
      this.#heap.free(old)
    }
    words[list + List.Shape] = shapeOf(kindOfShape(shape), capacity)
    words[list + List.Peers] = page
    return true
  }
}
