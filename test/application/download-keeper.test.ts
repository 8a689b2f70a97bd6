import { describe, expect, it } from '@jest/globals'
import { DownloadKeeper } from '../../src/application/download-keeper.ts'
import { EventBus } from '../../src/application/event-bus.ts'
import { FactCollector } from '../../src/application/fact-collector.ts'
import type { InfoHash } from '../../src/domain/info-hash.ts'
import type { DownloadCount, StoredDownloadCount } from '../../src/domain/ports/outbound/download-store.ts'
import { Refusal } from '../../src/domain/refusal.ts'
import { noteCompleted } from '../contracts/facts-contract.ts'
import { MemoryDownloadStore } from '../fakes/memory-download-store.ts'
import { MemoryFacts } from '../fakes/memory-facts.ts'
import { PlainCounters } from '../fakes/plain-counters.ts'
import { ShortPause } from '../fakes/short-pause.ts'
import { twentyBytes } from '../model/announcing.ts'
import { SeededRandom } from '../model/seeded-random.ts'

function hash(n: number): InfoHash {
  return twentyBytes(n) as InfoHash
}

/** Records what it receives, and can lose its answer. */
class ForgetfulStore extends MemoryDownloadStore {
  readonly attempts: { readonly batch: number; readonly increments: readonly DownloadCount[] }[] = []
  losesAnswers = false
  /** Called after a batch was added and before it is acknowledged. */
  added: () => void = () => {}

  override async add(batch: number, increments: readonly DownloadCount[]): Promise<void> {
    this.attempts.push({ batch, increments })
    await super.add(batch, increments)
    await undefined
    this.added()
    if (this.losesAnswers) throw new Refusal('store-unavailable', 'the answer was lost')
  }
}

async function aKeeper(maxWaiting?: number) {
  const facts = new MemoryFacts()
  const store = new ForgetfulStore()
  await store.add(7, [{ infoHash: hash(1), completed: 100 }])
  store.attempts.length = 0
  const stored = { lastBatch: await store.lastBatch(), total: await store.total() }
  const dependencies = { counters: new PlainCounters(), pause: new ShortPause(), failed: () => {} }
  const collector = new FactCollector(facts, new EventBus(dependencies), true)
  const keeper = new DownloadKeeper(collector, store, stored, maxWaiting)
  const complete = (...torrents: number[]): void => {
    for (const n of torrents) noteCompleted(facts, n)
  }
  const counts = async (): Promise<Record<string, number>> =>
    Object.fromEntries(
      (await store.page(0, 10_000)).map(({ infoHash, completed }: StoredDownloadCount) => [infoHash, completed]),
    )
  return { facts, store, keeper, complete, counts }
}

describe('completed downloads', () => {
  it('are summed by torrent and written once', async () => {
    const { keeper, store, complete, counts } = await aKeeper()
    complete(1, 2, 1)
    keeper.collect()
    complete(2)
    expect([keeper.waiting, keeper.total()]).toEqual([2, 104])
    expect(await keeper.flush()).toBe(2)
    expect(await counts()).toEqual({ [hash(1)]: 102, [hash(2)]: 2 })
    expect([keeper.waiting, await keeper.flush(), await store.total()]).toEqual([0, 0, 104])
    expect(store.attempts.map(({ batch }) => batch)).toEqual([8])
  })

  it('are written in batches of five hundred torrents', async () => {
    const { keeper, store, complete } = await aKeeper()
    complete(...Array.from({ length: 1_203 }, (_, n) => n))
    expect(await keeper.flush()).toBe(1_203)
    expect(store.attempts.map(({ batch, increments }) => [batch, increments.length])).toEqual([
      [8, 500],
      [9, 500],
      [10, 203],
    ])
    expect(await store.count()).toBe(1_203)
  })

  it('wait while the store is unavailable, and none is lost or written twice', async () => {
    const { keeper, store, complete, counts } = await aKeeper()
    complete(1, 2)
    store.isUnavailable = true
    await expect(keeper.flush()).rejects.toMatchObject({ code: 'store-unavailable' })
    complete(2, 3)
    await expect(keeper.flush()).rejects.toMatchObject({ code: 'store-unavailable' })
    expect(keeper.waiting).toBe(4)
    store.isUnavailable = false
    expect(await keeper.flush()).toBe(4)
    expect(await counts()).toEqual({ [hash(1)]: 101, [hash(2)]: 2, [hash(3)]: 1 })
    // The failed batch was retried unchanged; later downloads went into the next one.
    expect(store.attempts.map(({ batch, increments }) => [batch, increments.length])).toEqual([
      [8, 2],
      [8, 2],
      [8, 2],
      [9, 2],
    ])
  })

  it('stay in the rings beyond the maximum of torrents, and continue when some are written', async () => {
    const { facts, keeper, complete, counts } = await aKeeper(3)
    complete(1, 1, 2, 3, 4, 5, 6, 7)
    for (let i = 0; i < 5; i++) keeper.collect()
    expect(keeper.waiting).toBe(3)
    expect(await keeper.flush()).toBe(3)
    expect(await keeper.flush()).toBe(3)
    expect(await keeper.flush()).toBe(1)
    expect([facts.drain(10, () => {}), Object.keys(await counts()).length]).toEqual([0, 7])
  })

  it('are written once although the acknowledgement was lost', async () => {
    const { keeper, store, complete, counts } = await aKeeper()
    complete(1, 2)
    store.losesAnswers = true
    await expect(keeper.flush()).rejects.toMatchObject({ code: 'store-unavailable' })
    complete(1)
    store.losesAnswers = false
    await keeper.flush()
    expect(await counts()).toEqual({ [hash(1)]: 102, [hash(2)]: 1 })
    expect([await store.total(), keeper.total()]).toEqual([103, 103])
  })

  it('that arrive during a flush wait for the next one, and two flushes at once are one', async () => {
    const { keeper, store, complete, counts } = await aKeeper()
    complete(1)
    store.added = () => {
      complete(5)
      keeper.collect()
    }
    const [first, second] = await Promise.all([keeper.flush(), keeper.flush()])
    expect([first, second, keeper.waiting, store.attempts.length]).toEqual([1, 1, 1, 1])
    store.added = () => {}
    await keeper.flush()
    expect(await counts()).toEqual({ [hash(1)]: 101, [hash(5)]: 1 })
  })

  it('end up in the store exactly, however often it fails and recovers', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const random = new SeededRandom(seed)
      const { keeper, store, complete, counts } = await aKeeper()
      const expected: Record<string, number> = { [hash(1)]: 100 }
      for (let step = 0; step < 200; step++) {
        const n = random.below(20)
        complete(n)
        expected[hash(n)] = (expected[hash(n)] ?? 0) + 1
        store.isUnavailable = random.oneIn(3)
        store.losesAnswers = random.oneIn(3)
        if (random.oneIn(4)) await keeper.flush().catch(({ code }) => expect(code).toBe('store-unavailable'))
      }
      store.isUnavailable = false
      store.losesAnswers = false
      await keeper.flush()
      expect(await counts()).toEqual(expected)
      expect([await store.total(), keeper.total(), keeper.waiting]).toEqual([300, 300, 0])
    }
  })
})
