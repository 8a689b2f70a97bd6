import { describe, expect, it } from '@jest/globals'
import { createCounterMemory, SharedCounters } from '../../../../src/adapters/outbound/metrics/shared-counters.ts'
import { COUNTER_NAMES, Counter } from '../../../../src/domain/ports/outbound/counters.ts'

describe('shared counters', () => {
  it('add up what each thread has counted in its own row', () => {
    const memory = createCounterMemory(3)
    const threads = [0, 1, 2].map((thread) => new SharedCounters(memory, thread))
    for (const [thread, counters] of threads.entries()) counters.add(Counter.udp4_connects, 10 ** thread)
    expect(threads.map((counters) => counters.total(Counter.udp4_connects))).toEqual([111, 111, 111])
  })

  it('keep counters apart, from the first to the last', () => {
    const counters = new SharedCounters(createCounterMemory(2), 1)
    for (const index of COUNTER_NAMES.keys()) counters.add(index, index + 1)
    expect(COUNTER_NAMES.map((_, index) => counters.total(index))).toEqual(COUNTER_NAMES.map((_, index) => index + 1))
  })

  it('count beyond what 32 bits hold', () => {
    const counters = new SharedCounters(createCounterMemory(1), 0)
    for (let i = 0; i < 3; i++) counters.add(Counter.udp4_announces, 2 ** 31)
    expect(counters.total(Counter.udp4_announces)).toBe(3 * 2 ** 31)
  })
})
