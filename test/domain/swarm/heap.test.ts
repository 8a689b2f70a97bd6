// The allocator against a model of the blocks that are live: none overlaps another, none is lost, and slabs change
// their purpose.

import { describe, expect, it } from '@jest/globals'
import { Heap } from '../../../src/domain/swarm/heap.ts'
import { CLASS_WORDS, pageClass, powerClass } from '../../../src/domain/swarm/heap-classes.ts'
import { SLAB_WORDS } from '../../../src/domain/swarm/layout.ts'
import { createSwarmMemory, SwarmMemory } from '../../../src/domain/swarm/swarm-memory.ts'
import { SeededRandom } from '../../model/seeded-random.ts'

function aMemory() {
  return new SwarmMemory(createSwarmMemory(16 * 2 ** 20, new Uint8Array(8), 0))
}

const SLAB_BYTES = SLAB_WORDS * 4

interface Block {
  readonly at: number
  readonly words: number
  /** Base 2 logarithm of a span; undefined for blocks of a class. */
  readonly spanLog2?: number
}

/** Every block is filled with its own address; a foreign value in one means that two overlap. */
class Tenants {
  readonly blocks: Block[] = []
  readonly faults: string[] = []

  readonly #memory: SwarmMemory
  readonly #heap: Heap

  constructor(memory: SwarmMemory, heap: Heap) {
    this.#memory = memory
    this.#heap = heap
  }

  moveIn(block: Block): void {
    const { arenaAt, slabs } = this.#memory.plan
    if (block.at < arenaAt || block.at + block.words > arenaAt + slabs * SLAB_WORDS)
      this.faults.push('outside the arena')
    this.#memory.words.fill(block.at, block.at, block.at + block.words)
    this.blocks.push(block)
  }

  moveOut(number: number): void {
    const block = this.blocks[number]
    const last = this.blocks.pop()
    if (last !== undefined && last !== block) this.blocks[number] = last
    if (!this.#isIntact(block)) this.faults.push(`block ${block.at} was written over`)
    if (block.spanLog2 === undefined) this.#heap.free(block.at)
    else this.#heap.freeSpan(block.at, block.spanLog2)
  }

  #isIntact(block: Block): boolean {
    for (let i = 0; i < block.words; i++) if (this.#memory.words[block.at + i] !== block.at) return false
    return true
  }
}

function playTenants(seed: number, steps: number): { tenants: Tenants; heap: Heap } {
  const random = new SeededRandom(seed)
  const memory = aMemory()
  const heap = new Heap(memory)
  const tenants = new Tenants(memory, heap)
  for (let step = 0; step < steps; step++) {
    const moveIns = step % 2000 < 1000 ? 3 : 1
    if (tenants.blocks.length > 0 && random.below(4) >= moveIns) tenants.moveOut(random.below(tenants.blocks.length))
    else if (random.oneIn(30)) {
      const log2 = 13 + random.below(3)
      const at = heap.allocateSpan(log2)
      if (at !== 0) tenants.moveIn({ at, words: 1 << log2, spanLog2: log2 })
    } else {
      const sizeClass = random.below(CLASS_WORDS.length)
      const at = heap.allocate(sizeClass, random.below(64), random.oneIn(2))
      if (at !== 0) tenants.moveIn({ at, words: CLASS_WORDS[sizeClass] })
    }
  }
  return { tenants, heap }
}

describe('the heap', () => {
  it('never hands out a word twice, and has everything back in the end', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const { tenants, heap } = playTenants(seed, 12_000)
      const held = tenants.blocks.reduce((sum, block) => sum + block.words * 4, 0)
      expect(heap.usedBytes()).toBeGreaterThanOrEqual(held)
      while (tenants.blocks.length > 0) tenants.moveOut(tenants.blocks.length - 1)
      expect(tenants.faults).toEqual([])
      expect(heap.usedBytes()).toBe(0)
    }
  })

  it('keeps the last eighth for existing swarms', () => {
    const memory = aMemory()
    const heap = new Heap(memory)
    const slab = powerClass(12)
    const { slabs } = memory.plan
    let forNew = 0
    while (heap.allocate(slab, 0, true) !== 0) forNew++
    expect(forNew).toBe(slabs - (slabs >> 3))
    let forOld = 0
    while (heap.allocate(slab, 0, false) !== 0) forOld++
    expect(forOld).toBe(slabs >> 3)
    expect(heap.usedBytes()).toBe(heap.capacityBytes())
    expect([heap.allocateSpan(13), heap.allocate(slab, 1, false)]).toEqual([0, 0])
  })

  it('turns slabs of one purpose into slabs and spans of another', () => {
    const heap = new Heap(aMemory())
    const pages: number[] = []
    for (
      let page = heap.allocate(pageClass(0, 1), 0, false);
      page !== 0;
      page = heap.allocate(pageClass(0, 1), 0, false)
    ) {
      pages.push(page)
    }
    expect(heap.allocate(pageClass(1, 16), 0, false)).toBe(0)
    for (const page of pages) heap.free(page)
    expect(heap.usedBytes()).toBe(0)
    const page = heap.allocate(pageClass(1, 16), 3, false)
    const spans = [13, 14, 17].map((log2) => heap.allocateSpan(log2))
    expect([page, ...spans].every((at) => at !== 0)).toBe(true)
    expect(heap.usedBytes()).toBe((1 + 2 + 4 + 32) * SLAB_BYTES)
    spans.forEach((span, i) => {
      heap.freeSpan(span, [13, 14, 17][i])
    })
    expect(heap.usedBytes()).toBe(SLAB_BYTES)
  })

  it('makes spans of adjacent slabs only', () => {
    const heap = new Heap(aMemory())
    const slabs: number[] = []
    for (
      let slab = heap.allocate(powerClass(12), 0, false);
      slab !== 0;
      slab = heap.allocate(powerClass(12), 0, false)
    ) {
      slabs.push(slab)
    }
    slabs.sort((a, b) => a - b)
    for (let i = 0; i < slabs.length; i += 2) heap.free(slabs[i])
    expect(heap.allocateSpan(13)).toBe(0)
    heap.free(slabs[101])
    expect(heap.allocateSpan(14)).toBe(0)
    expect(heap.allocateSpan(13)).toBe(slabs[100])
    expect(heap.allocateSpan(13)).toBe(0)
    let rest = 0
    while (heap.allocate(powerClass(12), 0, false) !== 0) rest++
    expect(rest).toBe(Math.ceil(slabs.length / 2) - 1)
  })
})
