import { describe, expect, it } from '@jest/globals'
import { createCounterMemory, SharedCounters } from '../../../../src/adapters/outbound/metrics/shared-counters.ts'
import { SharedListenerCounters } from '../../../../src/adapters/outbound/metrics/shared-listener-counters.ts'

const COUNT = 79
const LISTENERS = 3

describe('shared counters', () => {
  it('sum what each thread has counted in its own row', () => {
    const memory = createCounterMemory(3, 0, COUNT)
    const threads = [0, 1, 2].map((thread) => new SharedCounters(memory, { thread, end: COUNT }))
    for (const [thread, counters] of threads.entries()) counters.add(5, 10 ** thread)
    expect(threads.map((counters) => counters.total(5))).toEqual([111, 111, 111])
  })

  it.each([1, 16, COUNT, 80])('keep %d counters apart, from the first to the last', (count) => {
    const memory = createCounterMemory(3, 0, count)
    const threads = [0, 1, 2].map((thread) => new SharedCounters(memory, { thread, end: count }))
    const indices = Array.from({ length: count }, (_, index) => index)
    for (const index of indices) threads[1].add(index, index + 1)
    expect(indices.map((index) => threads[2].total(index))).toEqual(indices.map((index) => index + 1))
  })

  it('count beyond what 32 bits hold', () => {
    const counters = new SharedCounters(createCounterMemory(1, 0, COUNT), { thread: 0, end: COUNT })
    for (let i = 0; i < 3; i++) counters.add(2, 2 ** 31)
    expect(counters.total(2)).toBe(3 * 2 ** 31)
  })

  it('leave excluded counters at 0', () => {
    const counters = new SharedCounters(createCounterMemory(1, 0, COUNT), { thread: 0, end: 40 })
    for (const index of [39, 40, COUNT - 1]) counters.add(index, 1)
    expect([39, 40, COUNT - 1].map((index) => counters.total(index))).toEqual([1, 0, 0])
  })
})

const PORTS = [6969, 6970, 7070]
const STARTED = PORTS.map((port) => ({ protocol: 'udp', address: '0.0.0.0', port, countsRequests: true }) as const)

describe('shared counters of listeners', () => {
  it.each([1, 16, COUNT, 80])('are apart, and in the total with what belongs to no listener: %d of them', (count) => {
    const memory = createCounterMemory(2, LISTENERS, count)
    const indices = Array.from({ length: count }, (_, index) => index)
    const amount = (thread: number, row: number, index: number) => (thread + 1) * 10 ** row + index
    const rowOf = (thread: number, row: number) =>
      new SharedCounters(memory, { thread, end: count, ...(row === LISTENERS ? {} : { listener: row }) })
    const threads = [0, 1]
    const rows = [0, 1, 2, LISTENERS]
    for (const thread of threads) {
      for (const row of rows) for (const index of indices) rowOf(thread, row).add(index, amount(thread, row, index))
    }
    const sum = (row: number, index: number) => amount(0, row, index) + amount(1, row, index)
    const read = new SharedListenerCounters(memory, () => STARTED).listeners()
    expect(read.map((listener) => indices.map((index) => listener.total(index)))).toEqual(
      PORTS.map((_, row) => indices.map((index) => sum(row, index))),
    )
    const totals = indices.map((index) => rowOf(0, 0).total(index))
    expect(totals).toEqual(indices.map((index) => rows.reduce((total, row) => total + sum(row, index), 0)))
  })

  it('leave out what one listener does not count, and that alone', () => {
    const memory = createCounterMemory(1, LISTENERS, COUNT)
    for (const listener of [0, 1, 2]) {
      const counters = new SharedCounters(memory, { thread: 0, listener, end: listener === 1 ? 40 : COUNT })
      for (const index of [39, 40]) counters.add(index, 1)
    }
    const read = new SharedListenerCounters(memory, () => STARTED).listeners()
    expect(read.map((listener) => [listener.total(39), listener.total(40)])).toEqual([
      [1, 1],
      [1, 0],
      [1, 1],
    ])
  })

  it('are named by the listeners that have started', () => {
    const started: (typeof STARTED)[number][] = []
    const counters = new SharedListenerCounters(createCounterMemory(1, LISTENERS, COUNT), () => started)
    expect(counters.listeners()).toEqual([])
    started.push(...STARTED)
    expect(counters.listeners()).toEqual(STARTED.map((one) => ({ ...one, total: expect.any(Function) })))
  })
})
