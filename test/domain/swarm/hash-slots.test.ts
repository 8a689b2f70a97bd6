// The slot tables against a Map, under random operations.

import { describe, expect, it } from '@jest/globals'
import {
  ANY_REACH,
  addSlot,
  changeSlot,
  clearSlots,
  copySlots,
  homeSlot,
  removeSlot,
  SHORT_REACH,
} from '../../../src/domain/swarm/hash-slots.ts'
import { SeededRandom } from '../../model/seeded-random.ts'

const AT = 16

/** All values under a hash, as a search finds them: from its home to the first empty slot. */
function valuesOf(words: Int32Array, at: number, log2: number, hash: number): number[] {
  const mask = (1 << log2) - 1
  const values: number[] = []
  let slot = homeSlot(hash, log2)
  for (let looks = 0; looks <= mask && words[at + slot] !== 0; looks++, slot = (slot + 1) & mask) {
    if (words[at + slot] >>> 16 === hash) values.push(words[at + slot] & 0xffff)
  }
  return values.toSorted((a, b) => a - b)
}

/** A table under random additions, changes and removals; the hashes for which it and the Map disagree. */
function disagreements(seed: number, log2: number, hashes: number): number[] {
  const random = new SeededRandom(seed)
  const words = new Int32Array(AT + (4 << log2))
  const model = new Map<number, number>()
  const pool = Array.from({ length: hashes }, () => 1 + random.below(0xffff))
  // A few at the very end, so that probing wraps around.
  pool.push(0xffff, 0xfffe, 0xffff)
  const max = (3 << log2) >> 2
  const wrong = new Set<number>()
  const check = (at: number, size: number): void => {
    for (const hash of new Set(pool)) {
      const expected = [...model].filter(([, of]) => of === hash).map(([value]) => value)
      if (valuesOf(words, at, size, hash).join() !== expected.toSorted((a, b) => a - b).join()) wrong.add(hash)
    }
  }
  const unused = (): number => {
    let value = 1 + random.below(0xffff)
    while (model.has(value)) value = 1 + random.below(0xffff)
    return value
  }
  for (let step = 0; step < 3000; step++) {
    // It fills up and empties in turns.
    const additionsIn = step % 1000 < 500 ? 1.25 : 5
    if (model.size === 0 || (model.size < max && random.below(100) < 100 / additionsIn)) {
      const value = unused()
      const hash = random.pick(pool)
      addSlot(words, AT, log2, hash, value, ANY_REACH)
      model.set(value, hash)
    } else {
      const [value, hash] = random.pick([...model])
      model.delete(value)
      const other = unused()
      if (random.oneIn(3)) {
        changeSlot(words, AT, log2, hash, value, other)
        model.set(other, hash)
      } else removeSlot(words, AT, log2, hash, value, ANY_REACH)
    }
    if (step % 100 === 0) check(AT, log2)
  }
  check(AT, log2)
  const larger = AT + (1 << log2)
  clearSlots(words, larger, log2 + 1)
  copySlots(words, AT, log2, larger, log2 + 1, ANY_REACH)
  check(larger, log2 + 1)
  return [...wrong]
}

describe('slots', () => {
  it.each([5, 6, 8])('of 2^%d agree with a Map', (log2) => {
    for (let seed = 1; seed <= 10; seed++) {
      expect(disagreements(seed, log2, 1 << log2)).toEqual([])
      expect(disagreements(seed, log2, 4)).toEqual([])
    }
  })

  it('work in large tables, whose homes are further apart than hashes', () => {
    expect([homeSlot(1, 17), homeSlot(0xffff, 17), homeSlot(0xffff, 16), homeSlot(0x8000, 5)]).toEqual([
      2, 0x1fffe, 0xffff, 16,
    ])
  })

  it('keep no more pairs under one hash than a search would find', () => {
    const words = new Int32Array(1 << 10)
    for (let value = 1; value <= 700; value++) addSlot(words, 0, 10, 77, value, SHORT_REACH)
    expect(valuesOf(words, 0, 10, 77)).toHaveLength(SHORT_REACH)
    for (let value = 700; value >= 1; value--) removeSlot(words, 0, 10, 77, value, SHORT_REACH)
    expect(words.every((word) => word === 0)).toBe(true)
  })

  it('leave other pairs alone when a pair that was left out is removed', () => {
    const words = new Int32Array(1 << 10)
    for (let value = 1; value <= SHORT_REACH; value++) addSlot(words, 0, 10, 77, value, SHORT_REACH)
    const before = words.slice()
    removeSlot(words, 0, 10, 77, 9999, SHORT_REACH)
    removeSlot(words, 0, 10, 50_000, 9999, SHORT_REACH)
    expect(words).toEqual(before)
  })
})
