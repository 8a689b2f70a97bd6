// The allocator. The arena is cut into slabs of 16 KiB; a slab serves blocks of one size and returns to the common pool
// when its last block is freed, so that memory can change its purpose. Blocks larger than a slab (hash tables of very
// large swarms) are spans of adjacent slabs.

import { CLASS_BLOCKS, CLASS_START, CLASS_WORDS, HEAP_ROW_WORDS, LARGER_PAGES } from './heap-classes.ts'
import { HEAPS, Header, SLAB_SHIFT, SLAB_WORDS } from './layout.ts'
import { acquire, release } from './lock.ts'
import type { SwarmMemory } from './swarm-memory.ts'

/** Words of a row of the slab table. Slab lists link slab numbers + 1; 0 ends them. */
const Slab = { Next: 0, Previous: 1, Live: 2, FreeBlock: 3, Untouched: 4, SizeClass: 5, Heap: 6 } as const
const SLAB_ROW_SHIFT = 3
/** Instead of a size class: the slab is in the common pool, or part of a span. */
const IN_STOCK = -1
const IN_SPAN = -2

/** Spreads callers over the heaps by the cache line they work on. */
export function affinityOf(address: number): number {
  return address >> 4
}

export class Heap {
  readonly #words: Int32Array
  readonly #heapAt: number
  readonly #tableAt: number
  readonly #arenaAt: number
  readonly #slabs: number
  /** Slabs reserved for swarms that already exist. */
  readonly #reserve: number

  constructor(memory: SwarmMemory) {
    this.#words = memory.words
    this.#heapAt = memory.plan.heapAt
    this.#tableAt = memory.plan.slabTableAt
    this.#arenaAt = memory.plan.arenaAt
    this.#slabs = memory.plan.slabs
    this.#reserve = memory.plan.slabs >> 3
  }

  /**
   * Allocates a block of the class, not cleared; 0 when memory is full. `affinity` is any number that spreads callers
   * over the heaps. With `isNewSwarm` the last eighth of the memory is off limits.
   */
  allocate(sizeClass: number, affinity: number, isNewSwarm: boolean): number {
    // When memory is full, another heap may still have a block of this size.
    for (let tried = 0; tried < HEAPS; tried++) {
      const heap = (affinity + tried) & (HEAPS - 1)
      if (!this.#hasBlock(heap, sizeClass) && !this.#hasSlab(isNewSwarm)) continue
      const block = this.#allocateFrom(heap, sizeClass, isNewSwarm)
      if (block !== 0) return block
    }
    return 0
  }

  /**
   * Allocates a page of a larger class, the smallest that has a free block: what an eviction frees may be larger than
   * what the newcomer needs. Returns 0 if there is none.
   */
  allocateLarger(sizeClass: number, affinity: number): number {
    const larger = LARGER_PAGES[sizeClass]
    for (let i = 0; i < larger.length; i++) {
      for (let tried = 0; tried < HEAPS; tried++) {
        const heap = (affinity + tried) & (HEAPS - 1)
        if (!this.#hasBlock(heap, larger[i])) continue
        const block = this.#allocateFrom(heap, larger[i], true)
        if (block !== 0) return block
      }
    }
    return 0
  }

  // Two looks without a lock, so that a full memory says so at once. What they say may be out of date.

  #hasBlock(heap: number, sizeClass: number): boolean {
    return this.#words[this.#heapAt + heap * HEAP_ROW_WORDS + 1 + sizeClass] !== 0
  }

  #hasSlab(isNewSwarm: boolean): boolean {
    const words = this.#words
    const available = this.#slabs - words[Header.SlabsTouched] + words[Header.FreeSlabCount]
    return available > (isNewSwarm ? this.#reserve : 0)
  }

  #allocateFrom(heap: number, sizeClass: number, isNewSwarm: boolean): number {
    const words = this.#words
    const heapAt = this.#heapAt + heap * HEAP_ROW_WORDS
    const listAt = heapAt + 1 + sizeClass
    acquire(words, heapAt)
    let slab = words[listAt] - 1
    if (slab < 0) slab = this.#openSlab(heap, sizeClass, isNewSwarm)
    if (slab < 0) {
      release(words, heapAt)
      return 0
    }
    const row = this.#tableAt + (slab << SLAB_ROW_SHIFT)
    let block = words[row + Slab.FreeBlock]
    if (block !== 0) words[row + Slab.FreeBlock] = words[block]
    else {
      block = this.#arenaAt + (slab << SLAB_SHIFT) + words[row + Slab.Untouched]
      words[row + Slab.Untouched] += CLASS_WORDS[sizeClass]
    }
    if (++words[row + Slab.Live] === CLASS_BLOCKS[sizeClass]) this.#unlink(listAt, row)
    release(words, heapAt)
    return block
  }

  /** Frees a block. Its first word is overwritten. */
  free(block: number): void {
    const words = this.#words
    const slab = (block - this.#arenaAt) >> SLAB_SHIFT
    const row = this.#tableAt + (slab << SLAB_ROW_SHIFT)
    const sizeClass = words[row + Slab.SizeClass]
    const heapAt = this.#heapAt + words[row + Slab.Heap] * HEAP_ROW_WORDS
    const listAt = heapAt + 1 + sizeClass
    acquire(words, heapAt)
    words[block] = words[row + Slab.FreeBlock]
    words[row + Slab.FreeBlock] = block
    const live = --words[row + Slab.Live]
    if (live === CLASS_BLOCKS[sizeClass] - 1) this.#link(listAt, row, slab)
    if (live === 0) {
      this.#unlink(listAt, row)
      this.#returnSlab(row, slab)
    }
    release(words, heapAt)
  }

  /** Allocates 2^`log2` words, `log2` at least 13: a span of slabs, for an existing swarm; 0 when memory is full. */
  allocateSpan(log2: number): number {
    const words = this.#words
    const count = 1 << (log2 - SLAB_SHIFT)
    acquire(words, Header.SlabLock)
    let first = words[Header.SlabsTouched]
    if (first + count <= this.#slabs) words[Header.SlabsTouched] += count
    else first = this.#takeRun(count)
    release(words, Header.SlabLock)
    return first < 0 ? 0 : this.#arenaAt + (first << SLAB_SHIFT)
  }

  /** Frees a span, slab by slab. */
  freeSpan(block: number, log2: number): void {
    const first = (block - this.#arenaAt) >> SLAB_SHIFT
    for (let slab = first + (1 << (log2 - SLAB_SHIFT)) - 1; slab >= first; slab--) {
      this.#returnSlab(this.#tableAt + (slab << SLAB_ROW_SHIFT), slab)
    }
  }

  /** Bytes in slabs that are in use, and in all slabs. */
  usedBytes(): number {
    return (
      (Atomics.load(this.#words, Header.SlabsTouched) - Atomics.load(this.#words, Header.FreeSlabCount)) *
      SLAB_WORDS *
      4
    )
  }

  capacityBytes(): number {
    return this.#slabs * SLAB_WORDS * 4
  }

  /** Share of the slabs that are in use: 0 to 1. */
  usedShare(): number {
    return this.usedBytes() / this.capacityBytes()
  }

  /** An empty slab for a class, made the head of its list; -1 when none is available. */
  #openSlab(heap: number, sizeClass: number, isNewSwarm: boolean): number {
    const words = this.#words
    acquire(words, Header.SlabLock)
    const available = this.#slabs - words[Header.SlabsTouched] + words[Header.FreeSlabCount]
    let slab = -1
    if (available > (isNewSwarm ? this.#reserve : 0)) {
      slab = words[Header.FreeSlab] - 1
      if (slab < 0) slab = words[Header.SlabsTouched]++
      else {
        words[Header.FreeSlab] = words[this.#tableAt + (slab << SLAB_ROW_SHIFT) + Slab.Next]
        words[Header.FreeSlabCount]--
      }
    }
    release(words, Header.SlabLock)
    if (slab < 0) return -1
    const row = this.#tableAt + (slab << SLAB_ROW_SHIFT)
    words[row + Slab.Live] = 0
    words[row + Slab.FreeBlock] = 0
    words[row + Slab.Untouched] = CLASS_START[sizeClass]
    words[row + Slab.SizeClass] = sizeClass
    words[row + Slab.Heap] = heap
    this.#link(this.#heapAt + heap * HEAP_ROW_WORDS + 1 + sizeClass, row, slab)
    return slab
  }

  /**
   * Takes `count` adjacent slabs from the common pool; returns the number of the first, -1 when there is no such run.
   */
  #takeRun(count: number): number {
    const words = this.#words
    // A failed search is not repeated until a slab is freed: it scans every slab while other threads wait.
    const missing = words[Header.MissingRun]
    if (words[Header.FreeSlabCount] < count || (missing !== 0 && count >= missing)) return -1
    let run = 0
    let slab = 0
    for (; run < count && slab < words[Header.SlabsTouched]; slab++) {
      run = words[this.#tableAt + (slab << SLAB_ROW_SHIFT) + Slab.SizeClass] === IN_STOCK ? run + 1 : 0
    }
    if (run < count) {
      words[Header.MissingRun] = count
      return -1
    }
    const first = slab - count
    for (; slab > first; slab--) words[this.#tableAt + ((slab - 1) << SLAB_ROW_SHIFT) + Slab.SizeClass] = IN_SPAN
    let link: number = Header.FreeSlab
    while (words[link] !== 0) {
      const row = this.#tableAt + ((words[link] - 1) << SLAB_ROW_SHIFT)
      if (words[row + Slab.SizeClass] === IN_SPAN) words[link] = words[row + Slab.Next]
      else link = row + Slab.Next
    }
    words[Header.FreeSlabCount] -= count
    return first
  }

  #returnSlab(row: number, slab: number): void {
    const words = this.#words
    acquire(words, Header.SlabLock)
    words[Header.MissingRun] = 0
    words[row + Slab.SizeClass] = IN_STOCK
    words[row + Slab.Next] = words[Header.FreeSlab]
    words[Header.FreeSlab] = slab + 1
    words[Header.FreeSlabCount]++
    release(words, Header.SlabLock)
  }

  #link(listAt: number, row: number, slab: number): void {
    const words = this.#words
    const first = words[listAt]
    words[row + Slab.Previous] = 0
    words[row + Slab.Next] = first
    if (first !== 0) words[this.#tableAt + ((first - 1) << SLAB_ROW_SHIFT) + Slab.Previous] = slab + 1
    words[listAt] = slab + 1
  }

  #unlink(listAt: number, row: number): void {
    const words = this.#words
    const next = words[row + Slab.Next]
    const previous = words[row + Slab.Previous]
    if (next !== 0) words[this.#tableAt + ((next - 1) << SLAB_ROW_SHIFT) + Slab.Previous] = previous
    if (previous !== 0) words[this.#tableAt + ((previous - 1) << SLAB_ROW_SHIFT) + Slab.Next] = next
    else words[listAt] = next
  }
}
