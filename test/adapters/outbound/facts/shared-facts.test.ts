import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it } from '@jest/globals'
import { createFactMemory, RING_PLACES, RING_WORDS, Ring } from '../../../../src/adapters/outbound/facts/fact-memory.ts'
import { SharedFactInbox } from '../../../../src/adapters/outbound/facts/shared-fact-inbox.ts'
import { SharedFacts } from '../../../../src/adapters/outbound/facts/shared-facts.ts'
import { createCounterMemory, SharedCounters } from '../../../../src/adapters/outbound/metrics/shared-counters.ts'
import { EventLoopPause } from '../../../../src/adapters/outbound/system/event-loop-pause.ts'
import { drained, factsContract, noteCompleted } from '../../../contracts/facts-contract.ts'
import type { NotingOrders } from './noting-thread.ts'

const WORKER = fileURLToPath(new URL('noting-thread.ts', import.meta.url))
const THREADS = 3

function someEnds(memory = createFactMemory(THREADS), counters = createCounterMemory(THREADS)) {
  const ends = Array.from({ length: THREADS }, (_, thread) => {
    return new SharedFacts(memory, thread, new SharedCounters(counters, thread))
  })
  return { ends, inbox: new SharedFactInbox(memory, new SharedCounters(counters, 0)), memory, counters }
}

describe('facts in shared memory', () => {
  for (const thread of [0, THREADS - 1]) {
    describe(`on thread ${thread}`, () => {
      factsContract(() => {
        const { ends, inbox } = someEnds()
        return { facts: ends[thread], inbox, room: RING_PLACES }
      })
    })
  }

  it('come from all threads, each in its own order', () => {
    const { ends, inbox } = someEnds()
    for (const n of [1, 2, 3]) for (const [thread, facts] of ends.entries()) noteCompleted(facts, 10 * thread + n)
    expect(drained(inbox, 4)).toEqual([1, 2, 3, 11])
    expect(drained(inbox)).toEqual([12, 13, 21, 22, 23])
  })

  it('are kept when whoever looks at one fails', () => {
    const { ends, inbox } = someEnds()
    for (const n of [1, 2, 3]) noteCompleted(ends[0], n)
    let seen = 0
    const fail = (): void => {
      if (++seen === 2) throw new Error('no')
    }
    expect(() => inbox.drain(10, fail)).toThrow('no')
    expect(drained(inbox)).toEqual([2, 3])
  })

  it.each([2 ** 31 - 5, -5])('go on when the counts of a ring run over at %d', (before) => {
    const { ends, inbox, memory } = someEnds()
    const ring = new Int32Array(memory, RING_WORDS * 4)
    ring[Ring.Written] = before
    ring[Ring.Fetched] = before
    for (let n = 0; n < 10; n++) noteCompleted(ends[1], n)
    expect(drained(inbox)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    for (let n = 0; n < RING_PLACES + 1; n++) noteCompleted(ends[1], n)
    expect(drained(inbox)).toHaveLength(RING_PLACES)
    expect(inbox.lost()).toBe(1)
  })
})

describe('threads at work', () => {
  const workers: Worker[] = []
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.terminate()))
  })

  it('lose nothing but what is counted, and nothing out of order or in half', async () => {
    const { inbox, memory, counters } = someEnds()
    const count = 400_000
    const ended: Promise<unknown>[] = []
    for (const thread of [1, 2]) {
      const orders: NotingOrders = { facts: memory, counters, thread, count }
      const worker = new Worker(WORKER, { workerData: orders, execArgv: [] })
      workers.push(worker)
      ended.push(once(worker, 'exit'))
    }
    let areDone = false
    const done = Promise.all(ended).then(() => {
      areDone = true
    })
    const last = [0, 0, 0]
    let wrong = 0
    let fetched = 0
    const look = (_kind: number, words: Int32Array, at: number): void => {
      const thread = words[at] >>> 24
      const n = words[at] & 0xffffff
      if (n <= last[thread] || words[at + 4] !== words[at] || words[at + 2] !== words[at]) wrong++
      last[thread] = n
    }
    const pause = new EventLoopPause()
    while (!areDone) {
      fetched += inbox.drain(1_000, look)
      await pause.rest()
    }
    await done
    fetched += inbox.drain(Number.MAX_SAFE_INTEGER, look)
    expect(wrong).toBe(0)
    expect(fetched + inbox.lost()).toBe(2 * count)
    expect(fetched).toBeGreaterThan(2 * RING_PLACES - 1)
  }, 30_000)
})
