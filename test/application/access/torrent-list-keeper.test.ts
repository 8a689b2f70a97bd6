import { describe, expect, it } from '@jest/globals'
import { TableRoom } from '../../../src/application/access/table-room.ts'
import { TorrentListKeeper } from '../../../src/application/access/torrent-list-keeper.ts'
import { TableHead } from '../../../src/domain/access/layout.ts'
import { Mark, TorrentMarks } from '../../../src/domain/access/torrent-marks.ts'
import type { InfoHash } from '../../../src/domain/info-hash.ts'
import type { ListEntry, StoredListEntry } from '../../../src/domain/ports/outbound/torrent-list-store.ts'
import { ManualTimer } from '../../fakes/manual-timer.ts'
import { MemoryTorrentListStore } from '../../fakes/memory-torrent-list-store.ts'
import { ShortPause } from '../../fakes/short-pause.ts'
import { anAccessMemory } from '../../model/access.ts'
import { hashWords, twentyBytes } from '../../model/announcing.ts'
import { SeededRandom } from '../../model/seeded-random.ts'

function hash(n: number): InfoHash {
  return twentyBytes(n) as InfoHash
}

function entries(count: number, first = 1): ListEntry[] {
  return Array.from({ length: count }, (_, i) => ({ infoHash: hash(first + i) }))
}

function hashes(count: number, first = 1): InfoHash[] {
  return entries(count, first).map(({ infoHash }) => infoHash)
}

/** Pauses before and after each operation. */
class SlowStore extends MemoryTorrentListStore {
  readonly #random = new SeededRandom(3)
  pages = 0
  /** Called before each page is read. */
  beforePage: (page: number) => void = () => {}

  override async add(added: readonly ListEntry[]): Promise<readonly InfoHash[]> {
    return this.#slowly(() => super.add(added))
  }

  override async remove(removed: readonly InfoHash[]): Promise<readonly InfoHash[]> {
    return this.#slowly(() => super.remove(removed))
  }

  override async page(after: number, limit: number): Promise<readonly StoredListEntry[]> {
    this.beforePage(++this.pages)
    return this.#slowly(() => super.page(after, limit))
  }

  async #slowly<T>(work: () => Promise<T>): Promise<T> {
    await turns(this.#random.below(5))
    const result = await work()
    await turns(this.#random.below(5))
    return result
  }
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await undefined
}

function someLists(capacity = 30_000) {
  const memory = anAccessMemory({ torrents: capacity })
  const marks = new TorrentMarks(memory)
  const room = new TableRoom(capacity, () => marks.table.head(TableHead.Records), 'limits.max_listed_torrents')
  const pause = new ShortPause()
  const stores = { white: new SlowStore(), block: new SlowStore() }
  const whitelist = new TorrentListKeeper(
    stores.white,
    { marks, mark: Mark.Listed, room },
    { pause, timer: new ManualTimer() },
  )
  const blocklist = new TorrentListKeeper(
    stores.block,
    { marks, mark: Mark.Blocked, room },
    { pause, timer: new ManualTimer() },
  )
  const marksOf = (n: number): number => marks.marksOf(hashWords(hash(n)), 0)
  return { marks, room, pause, stores, whitelist, blocklist, marksOf }
}

describe('a list', () => {
  it('is marked for all threads by the time that a change is acknowledged', async () => {
    const { whitelist, blocklist, marksOf } = someLists()
    expect(await whitelist.add(entries(2))).toEqual(hashes(2))
    expect(await whitelist.add(entries(3))).toEqual([hash(3)])
    expect(await blocklist.add([{ infoHash: hash(2), reason: 'asked to' }])).toEqual([hash(2)])
    expect([marksOf(1), marksOf(2), marksOf(3), marksOf(4)]).toEqual([1, 3, 1, 0])
    expect(await whitelist.remove([hash(2), hash(4)])).toEqual([hash(2)])
    expect([marksOf(1), marksOf(2)]).toEqual([1, 2])
    expect((await blocklist.find(hash(2)))?.reason).toBe('asked to')
    expect([whitelist.isAvailable, await whitelist.count(), await blocklist.count()]).toEqual([true, 2, 1])
  })

  it('is read page by page, and the last page reports that it is the last', async () => {
    const { whitelist } = someLists()
    await whitelist.add(entries(5))
    const pages: InfoHash[][] = []
    for (let after: number | undefined = 0; after !== undefined; ) {
      const page = await whitelist.page(after, 2)
      pages.push(page.entries.map(({ infoHash }) => infoHash))
      after = page.next
    }
    expect(pages).toEqual([hashes(2), hashes(2, 3), hashes(1, 5)])
    expect((await someLists().whitelist.page(0, 2)).next).toBeUndefined()
  })

  it('changes nothing in memory when the store is unavailable', async () => {
    const { whitelist, stores, marks, marksOf, room } = someLists(10)
    await whitelist.add(entries(2))
    stores.white.isUnavailable = true
    await expect(whitelist.add(entries(5, 2))).rejects.toMatchObject({ code: 'store-unavailable' })
    await expect(whitelist.remove([hash(1)])).rejects.toMatchObject({ code: 'store-unavailable' })
    await expect(whitelist.reload()).rejects.toMatchObject({ code: 'store-unavailable' })
    expect([marksOf(1), marksOf(2), marksOf(3), marks.count(Mark.Listed)]).toEqual([1, 1, 0, 2])
    stores.white.isUnavailable = false
    // The room reserved for the failed calls has been released.
    expect(() => room.expect(8)).not.toThrow()
    expect(await whitelist.add(entries(8, 3))).toHaveLength(8)
  })

  it('lets other work run while a large change is marked', async () => {
    const { whitelist, pause, marks } = someLists()
    await whitelist.add(entries(10_000))
    expect(pause.rests).toBeGreaterThanOrEqual(18)
    expect(marks.count(Mark.Listed)).toBe(10_000)
    await whitelist.remove(hashes(10_000))
    expect(marks.count(Mark.Listed)).toBe(0)
  })
})

describe('a full table', () => {
  it('is noticed before the store is used', async () => {
    const { whitelist, blocklist, stores, marksOf } = someLists(10)
    await whitelist.add(entries(6))
    await blocklist.add(entries(3, 7))
    const rejected = whitelist.add(entries(2, 20))
    await expect(rejected).rejects.toMatchObject({
      code: 'table-full',
      message: expect.stringContaining('limits.max_listed_torrents'),
    })
    expect([await stores.white.count(), marksOf(20)]).toEqual([6, 0])
    expect(await whitelist.add([...entries(6), ...entries(1, 20), ...entries(1, 20)])).toEqual([hash(20)])
    await whitelist.remove([hash(1)])
    expect(await blocklist.add(entries(1, 30))).toEqual([hash(30)])
  })

  it('is noticed by concurrent writers of both lists, and no writer takes the room reserved for another', async () => {
    const { whitelist, blocklist, stores, marks } = someLists(20)
    const writers = Array.from({ length: 50 }, (_, i) =>
      (i % 2 === 0 ? whitelist : blocklist).add(entries(1, 100 + i)).then(
        () => 'added',
        ({ code }) => code,
      ),
    )
    const outcomes = await Promise.all(writers)
    expect(outcomes.filter((outcome) => outcome === 'added')).toHaveLength(20)
    expect(outcomes.filter((outcome) => outcome === 'table-full')).toHaveLength(30)
    expect(marks.table.head(TableHead.Records)).toBe(20)
    expect((await stores.white.count()) + (await stores.block.count())).toBe(20)
  })

  it('has room for a reload of torrents that the other list has already', async () => {
    const { whitelist, blocklist, stores, marksOf } = someLists(10)
    await whitelist.add(entries(10))
    await stores.block.add(entries(3))
    expect(await blocklist.reload()).toBe(3)
    expect([1, 3, 4].map(marksOf)).toEqual([3, 3, 1])
  })

  it('stops a reload, with nothing removed', async () => {
    const { whitelist, stores, marksOf } = someLists(10)
    await whitelist.add(entries(5))
    await stores.white.remove([hash(1)])
    await stores.white.add(entries(11, 50))
    await expect(whitelist.reload()).rejects.toMatchObject({ code: 'table-full' })
    expect([1, 2, 3, 4, 5].map(marksOf)).toEqual([1, 1, 1, 1, 1])
  })
})

describe('fifty writers at once', () => {
  it('leave store and memory in agreement about the same entry', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = new SeededRandom(seed)
      const { whitelist, stores, marksOf } = someLists()
      const writers = Array.from({ length: 50 }, () =>
        random.oneIn(2) ? whitelist.add(entries(1)) : whitelist.remove([hash(1)]),
      )
      await Promise.all(writers)
      expect(marksOf(1)).toBe(await stores.white.count())
    }
  })

  it('on both lists, with reloads and a store that is unavailable now and then, end in agreement', async () => {
    const random = new SeededRandom(11)
    const { whitelist, blocklist, stores, marksOf } = someLists()
    const write = async (): Promise<void> => {
      for (let step = 0; step < 40; step++) {
        const list = random.oneIn(2) ? whitelist : blocklist
        const first = random.below(8)
        if (random.oneIn(30)) stores.white.isUnavailable = !stores.white.isUnavailable
        const change = random.oneIn(10)
          ? list.reload()
          : random.oneIn(2)
            ? list.add(entries(3, first))
            : list.remove(hashes(3, first))
        await change.catch(({ code }) => expect(code).toBe('store-unavailable'))
      }
    }
    await Promise.all(Array.from({ length: 50 }, write))
    stores.white.isUnavailable = false
    for (let n = 0; n < 11; n++) {
      const isListed = (await stores.white.find(hash(n))) !== undefined
      const isBlocked = (await stores.block.find(hash(n))) !== undefined
      expect(marksOf(n)).toBe((isListed ? 1 : 0) + (isBlocked ? 2 : 0))
    }
  })
})

describe('a reload', () => {
  it('makes memory hold what the store holds, however it was changed, and leaves the other list alone', async () => {
    const { whitelist, blocklist, stores, marksOf, marks } = someLists()
    await whitelist.add(entries(3))
    await blocklist.add(entries(3))
    await stores.white.remove([hash(2)])
    await stores.white.add(entries(12_000, 10))
    const progress: number[] = []
    expect(await whitelist.reload((read) => progress.push(read))).toBe(12_002)
    expect(progress).toEqual([5_000, 10_000, 12_002])
    expect([marksOf(1), marksOf(2), marksOf(12_009)]).toEqual([3, 2, 1])
    expect([marks.count(Mark.Listed), marks.count(Mark.Blocked)]).toEqual([12_002, 3])
  })

  it('never shows a gap to concurrent readers', async () => {
    const { whitelist, pause, marksOf } = someLists()
    await whitelist.add(entries(12_000))
    let gaps = 0
    pause.meanwhile = () => {
      for (const n of [1, 5_000, 11_999]) if (marksOf(n) !== 1) gaps++
    }
    await whitelist.reload()
    expect(gaps).toBe(0)
    expect(pause.rests).toBeGreaterThan(3)
  })

  it('allows changes between its pages, and loses none of them', async () => {
    const { whitelist, stores, marks, marksOf } = someLists()
    await whitelist.add(entries(12_000))
    const changes: Promise<unknown>[] = []
    stores.white.beforePage = (page) => {
      if (page !== 2) return
      changes.push(whitelist.remove([hash(1), hash(11_000)]))
      changes.push(whitelist.add(entries(1, 50_000)))
      changes.push(whitelist.remove([hash(2)]))
      changes.push(whitelist.add(entries(1, 2)))
    }
    await whitelist.reload()
    await Promise.all(changes)
    expect([1, 11_000, 50_000, 2].map(marksOf)).toEqual([0, 0, 1, 1])
    expect(marks.count(Mark.Listed)).toBe(await stores.white.count())
  })

  it('keeps an entry that is added again after its last page was read', async () => {
    const { whitelist, stores, pause, marksOf } = someLists()
    await whitelist.add(entries(3))
    await stores.white.remove([hash(1)])
    let added: Promise<unknown> | undefined
    pause.meanwhile = () => {
      added ??= whitelist.add(entries(1))
    }
    await whitelist.reload()
    await added
    expect([marksOf(1), await stores.white.count()]).toEqual([1, 3])
  })
})
