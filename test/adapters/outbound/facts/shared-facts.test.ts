import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it } from '@jest/globals'
import {
  createFactMemory,
  RING_PLACES,
  RING_WORDS,
  Ring,
  SHARED_PLACES,
} from '../../../../src/adapters/outbound/facts/fact-memory.ts'
import { SharedFactInbox } from '../../../../src/adapters/outbound/facts/shared-fact-inbox.ts'
import { SharedFacts } from '../../../../src/adapters/outbound/facts/shared-facts.ts'
import { createCounterMemory, SharedCounters } from '../../../../src/adapters/outbound/metrics/shared-counters.ts'
import { EventLoopPause } from '../../../../src/adapters/outbound/system/event-loop-pause.ts'
import { TRACKER_COUNTER_NAMES, TrackerCounter } from '../../../../src/domain/ports/outbound/counters.ts'
import { FactKind } from '../../../../src/domain/ports/outbound/facts.ts'
import { drained, EVERYTHING, factsContract, noteCompleted } from '../../../contracts/facts-contract.ts'
import type { NotingOptions } from './noting-thread.ts'

const WORKER = fileURLToPath(new URL('noting-thread.ts', import.meta.url))
const THREADS = 3
const COUNT = TRACKER_COUNTER_NAMES.length

function someEnds(memory = createFactMemory(THREADS), counters = createCounterMemory(THREADS, 0, COUNT)) {
  const ends = Array.from({ length: THREADS }, (_, thread) => {
    return new SharedFacts(memory, thread, new SharedCounters(counters, { thread, end: COUNT }))
  })
  const inbox = new SharedFactInbox(memory)
  inbox.want(EVERYTHING)
  const sums = new SharedCounters(counters, { thread: 0, end: COUNT })
  const lost = () => sums.total(TrackerCounter.facts_lost)
  return { ends, inbox, memory, counters: sums, counterMemory: counters, lost }
}

describe('facts in shared memory', () => {
  for (const thread of [0, THREADS - 1]) {
    describe(`on thread ${thread}`, () => {
      factsContract(() => {
        const { ends, inbox, counters, lost } = someEnds()
        const dropped = () => counters.total(TrackerCounter.events_dropped)
        return { facts: ends[thread], inbox, room: RING_PLACES, dropped, lost }
      })
    })
  }

  it('come from all threads, each in its own order', () => {
    const { ends, inbox } = someEnds()
    for (const n of [1, 2, 3]) for (const [thread, facts] of ends.entries()) noteCompleted(facts, 10 * thread + n)
    expect(drained(inbox, 4)).toEqual([1, 2, 3, 11])
    expect(drained(inbox)).toEqual([12, 13, 21, 22, 23])
  })

  it('are kept when the visitor of one fails', () => {
    const { ends, inbox } = someEnds()
    for (const n of [1, 2, 3]) noteCompleted(ends[0], n)
    let seen = 0
    const fail = (): void => {
      if (++seen === 2) throw new Error('no')
    }
    expect(() => inbox.drain(10, fail)).toThrow('no')
    expect(drained(inbox)).toEqual([2, 3])
  })

  it.each([2 ** 31 - 5, -5])('continue when the counts of a ring wrap around at %d', (before) => {
    const { ends, inbox, memory, lost } = someEnds()
    const ring = new Int32Array(memory, RING_WORDS * 4)
    ring[Ring.Written] = before
    ring[Ring.Fetched] = before
    for (let n = 0; n < 10; n++) noteCompleted(ends[1], n)
    expect(drained(inbox)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    for (let n = 0; n < RING_PLACES + 1; n++) noteCompleted(ends[1], n)
    expect(drained(inbox)).toHaveLength(RING_PLACES)
    expect(lost()).toBe(1)
  })
})

describe('threads at work', () => {
  const workers: Worker[] = []
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.terminate()))
  })

  /** Lets two threads note `count` facts each and fetches them meanwhile; resolves when none are left. */
  async function noteAndFetch(
    { inbox, memory, counterMemory }: ReturnType<typeof someEnds>,
    count: number,
    flood: number,
  ) {
    const ended: Promise<unknown>[] = []
    for (const thread of [1, 2]) {
      const options: NotingOptions = { facts: memory, counters: counterMemory, thread, count, flood }
      const worker = new Worker(WORKER, { workerData: options, execArgv: [] })
      workers.push(worker)
      ended.push(once(worker, 'exit'))
    }
    let areDone = false
    const done = Promise.all(ended).then(() => {
      areDone = true
    })
    const seen = { downloads: 0, others: 0, wrong: 0 }
    const last = [0, 0, 0]
    const look = (kind: number, words: Int32Array, at: number): void => {
      const thread = words[at] >>> 24
      const n = words[at] & 0xffffff
      const isDownload = kind === FactKind.TorrentCompleted
      if (isDownload ? n <= last[thread] : n < last[thread]) seen.wrong++
      if (words[at + 4] !== words[at] || words[at + 2] !== words[at]) seen.wrong++
      last[thread] = n
      if (isDownload) seen.downloads++
      else seen.others++
    }
    const pause = new EventLoopPause()
    while (!areDone) {
      inbox.drain(1_000, look)
      await pause.rest()
    }
    await done
    inbox.drain(Number.MAX_SAFE_INTEGER, look)
    return seen
  }

  it('lose only what is counted, without torn or reordered facts', async () => {
    const ends = someEnds()
    const count = 400_000
    const { downloads, others, wrong } = await noteAndFetch(ends, count, 0)
    expect([wrong, others]).toEqual([0, 0])
    expect(downloads + ends.lost()).toBe(2 * count)
    expect(downloads).toBeGreaterThan(2 * RING_PLACES - 1)
  }, 30_000)

  it('lose no download during a flood of torrents that appear and disappear', async () => {
    const ends = someEnds()
    // As many downloads as fit when nothing is fetched, among forty times as many other facts.
    const { downloads, others, wrong } = await noteAndFetch(ends, SHARED_PLACES, 40)
    expect([wrong, downloads, ends.lost()]).toEqual([0, 2 * SHARED_PLACES, 0])
    const dropped = ends.counters.total(TrackerCounter.events_dropped)
    expect(others + dropped).toBe(40 * 2 * SHARED_PLACES)
    expect(dropped).toBeGreaterThan(0)
  }, 30_000)
})
