import { describe, expect, it } from '@jest/globals'
import { createCounterMemory, SharedCounters } from '../../../../src/adapters/outbound/metrics/shared-counters.ts'

const COUNT = 79
const LAYOUT = { count: COUNT, end: COUNT }

describe('shared counters', () => {
  it('sum what each thread has counted in its own row', () => {
    const memory = createCounterMemory(3, COUNT)
    const threads = [0, 1, 2].map((thread) => new SharedCounters(memory, thread, LAYOUT))
    for (const [thread, counters] of threads.entries()) counters.add(5, 10 ** thread)
    expect(threads.map((counters) => counters.total(5))).toEqual([111, 111, 111])
  })

  it.each([1, 16, COUNT, 80])('keep %d counters apart, from the first to the last', (count) => {
    const memory = createCounterMemory(3, count)
    const threads = [0, 1, 2].map((thread) => new SharedCounters(memory, thread, { count, end: count }))
    const indices = Array.from({ length: count }, (_, index) => index)
    for (const index of indices) threads[1].add(index, index + 1)
    expect(indices.map((index) => threads[2].total(index))).toEqual(indices.map((index) => index + 1))
  })

  it('count beyond what 32 bits hold', () => {
    const counters = new SharedCounters(createCounterMemory(1, COUNT), 0, LAYOUT)
    for (let i = 0; i < 3; i++) counters.add(2, 2 ** 31)
    expect(counters.total(2)).toBe(3 * 2 ** 31)
  })

  it('leave excluded counters at 0', () => {
    const counters = new SharedCounters(createCounterMemory(1, COUNT), 0, { count: COUNT, end: 40 })
    for (const index of [39, 40, COUNT - 1]) counters.add(index, 1)
    expect([39, 40, COUNT - 1].map((index) => counters.total(index))).toEqual([1, 0, 0])
  })
})
