import { describe, expect, it } from '@jest/globals'
import { Restore, type RestoreProgress } from '../../src/application/restore.ts'
import type { InfoHash } from '../../src/domain/info-hash.ts'
import type { StoredDownloadCount } from '../../src/domain/ports/outbound/download-store.ts'
import { SwarmCounts } from '../../src/domain/scrape.ts'
import { swarmTotals } from '../../src/domain/swarm/swarm-totals.ts'
import { MemoryDownloadStore } from '../fakes/memory-download-store.ts'
import { ShortPause } from '../fakes/short-pause.ts'
import { StoppedClock } from '../fakes/stopped-clock.ts'
import { hashWords, twentyBytes } from '../model/announcing.ts'
import { aRegistry } from '../model/world.ts'

function hash(n: number): InfoHash {
  return twentyBytes(n) as InfoHash
}

const NOTHING = { whitelist: undefined, blocklist: undefined, keys: undefined, downloads: undefined }

/** Counts of many torrents, generated page by page. */
class LongStore extends MemoryDownloadStore {
  readonly #rows: number
  largestPage = 0

  constructor(rows: number) {
    super()
    this.#rows = rows
  }

  override async page(after: number, limit: number): Promise<readonly StoredDownloadCount[]> {
    this.largestPage = Math.max(this.largestPage, limit)
    return Array.from({ length: Math.min(limit, this.#rows - after) }, (_, i) => ({
      infoHash: hash(after + i + 1),
      completed: 3,
      position: after + i + 1,
    }))
  }

  override async count(): Promise<number> {
    return this.#rows
  }
}

function aRestore() {
  const registry = aRegistry()
  const clock = new StoppedClock(100)
  const pause = new ShortPause()
  const reported: RestoreProgress[] = []
  const restore = new Restore(registry, { clock, pause }, (progress) => reported.push(progress))
  const completedOf = (n: number): number => {
    const counts = new SwarmCounts()
    registry.scrape(hashWords(hash(n)), 0, counts)
    return counts.completed
  }
  return { registry, clock, pause, reported, restore, completedOf }
}

describe('at start', () => {
  it('counts of earlier runs are restored', async () => {
    const { restore, completedOf, registry } = aRestore()
    const store = new MemoryDownloadStore()
    await store.add(4, [
      { infoHash: hash(1), completed: 5 },
      { infoHash: hash(2), completed: 7 },
    ])
    // As an older database may contain it.
    await store.add(5, [{ infoHash: hash(3), completed: 0 }])
    const { downloads } = await restore.run({ ...NOTHING, downloads: store })
    expect(downloads).toEqual({ torrents: 3, withoutRoom: 0 })
    expect([1, 2, 3].map(completedOf)).toEqual([5, 7, 0])
    expect(swarmTotals(registry.memory)).toMatchObject({ torrents: 2, completed: 0 })
  })

  it('any number of counts is read in pages, with pauses, and those without room are counted', async () => {
    const { restore, pause, registry, completedOf } = aRestore()
    const store = new LongStore(200_000)
    const { downloads } = await restore.run({ ...NOTHING, downloads: store })
    expect([store.largestPage, pause.rests]).toEqual([5_000, 41])
    const { torrents } = swarmTotals(registry.memory)
    expect(downloads).toMatchObject({ torrents: 200_000, withoutRoom: 200_000 - torrents })
    expect(torrents).toBeGreaterThan(50_000)
    expect([completedOf(1), completedOf(200_000)]).toEqual([3, 0])
  })

  it('lists and keys are restored one after the other, and what is not used is left alone', async () => {
    const { restore } = aRestore()
    const calls: string[] = []
    const source = (name: string, rows: number) => ({
      count: async () => rows,
      reload: async () => {
        calls.push(name)
        return rows
      },
    })
    const restored = await restore.run({ ...NOTHING, blocklist: source('blocklist', 2), keys: source('keys', 3) })
    expect(restored).toEqual({ whitelist: undefined, blocklist: 2, keys: 3, downloads: undefined })
    expect(calls).toEqual(['blocklist', 'keys'])
  })

  it('progress is reported at most once a second', async () => {
    const { restore, clock, reported } = aRestore()
    const reload = async (progress: (rows: number) => void): Promise<number> => {
      for (let rows = 1; rows <= 10; rows++) {
        if (rows % 4 === 0) clock.seconds++
        progress(rows)
      }
      return 10
    }
    await restore.run({ ...NOTHING, whitelist: { count: async () => 11, reload } })
    expect(reported).toEqual([
      { what: 'whitelist', rows: 4, of: 11 },
      { what: 'whitelist', rows: 8, of: 11 },
    ])
  })

  it('an unavailable store fails the start', async () => {
    const { restore } = aRestore()
    const store = new MemoryDownloadStore()
    store.isUnavailable = true
    await expect(restore.run({ ...NOTHING, downloads: store })).rejects.toMatchObject({ code: 'store-unavailable' })
  })
})
