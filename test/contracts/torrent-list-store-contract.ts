// What every store of a list of torrents must do (src/domain/ports/outbound/torrent-list-store.ts).

import { afterEach, describe, expect, it } from '@jest/globals'
import type { StoredListEntry, TorrentListStore } from '../../src/domain/ports/outbound/torrent-list-store.ts'
import { anInfoHash, infoHashes } from '../fixtures/hashes.ts'
import { type Open, Subjects } from './subject.ts'

function entries(count: number, from = 0) {
  return infoHashes(count, from).map((infoHash) => ({ infoHash }))
}

async function allOf(store: TorrentListStore, limit: number): Promise<StoredListEntry[]> {
  const all: StoredListEntry[] = []
  for (let after = 0; ; ) {
    const page = await store.page(after, limit)
    all.push(...page)
    const last = page.at(-1)
    if (last === undefined || page.length < limit) return all
    after = last.position
  }
}

const REPLACING = { replacesReasons: true }

/** The clock of a fresh subject shows 1,800,000,000. */
export function torrentListStoreContract(name: string, open: Open<TorrentListStore>): void {
  describe(`${name} as a list of torrents`, () => {
    const subjects = new Subjects(open)
    const fresh = async (): Promise<TorrentListStore> => (await subjects.fresh()).store
    afterEach(() => subjects.close())

    it('starts empty', async () => {
      const store = await fresh()
      expect(await store.count()).toBe(0)
      expect(await store.page(0, 10)).toEqual([])
      expect(await store.find(anInfoHash(1))).toBeUndefined()
    })

    it('finds what was added and nothing else', async () => {
      const store = await fresh()
      await store.add(entries(3))
      expect(await store.find(anInfoHash(1))).toMatchObject({ infoHash: anInfoHash(1) })
      expect(await store.find(anInfoHash(3))).toBeUndefined()
      expect(await store.count()).toBe(3)
    })

    it('returns the new ones, in the given order and each once', async () => {
      const store = await fresh()
      await store.add([{ infoHash: anInfoHash(5) }])
      const given = [9, 5, 2, 9, 7].map((number) => ({ infoHash: anInfoHash(number) }))
      expect(await store.add(given)).toEqual([anInfoHash(9), anInfoHash(2), anInfoHash(7)])
      expect(await store.add(given)).toEqual([])
    })

    it('ends before a position that is larger than any id', async () => {
      const store = await fresh()
      await store.add(entries(1))
      expect(await store.page(2 ** 31, 1)).toEqual([])
      expect(await store.page(Number.MAX_SAFE_INTEGER, 1)).toEqual([])
    })

    it('does nothing when there is nothing to add or remove', async () => {
      const store = await fresh()
      expect(await store.add([])).toEqual([])
      expect(await store.remove([])).toEqual([])
    })

    it('returns the removed ones, in the given order and each once', async () => {
      const store = await fresh()
      await store.add(entries(4))
      const given = [3, 8, 0, 3].map(anInfoHash)
      expect(await store.remove(given)).toEqual([anInfoHash(3), anInfoHash(0)])
      expect(await store.remove(given)).toEqual([])
      expect(await store.count()).toBe(2)
    })

    it('pages through all of them in the order in which they were added', async () => {
      const store = await fresh()
      await store.add(entries(3))
      await store.add(entries(4, 3))
      const all = await allOf(store, 3)
      expect(all.map(({ infoHash }) => infoHash).toSorted()).toEqual(infoHashes(7).toSorted())
      const positions = all.map(({ position }) => position)
      expect(positions).toEqual(positions.toSorted((a, b) => a - b))
      expect(new Set(all.slice(0, 3).map(({ infoHash }) => infoHash))).toEqual(new Set(infoHashes(3)))
    })

    it('keeps the order in which the entries of one call were given', async () => {
      const store = await fresh()
      const given = infoHashes(1500).toSorted((a, b) => (a.slice(7) < b.slice(7) ? 1 : -1))
      await store.add(given.map((infoHash) => ({ infoHash })))
      expect((await allOf(store, 400)).map(({ infoHash }) => infoHash)).toEqual(given)
    })

    it('serves writers of the same entries in different orders', async () => {
      const store = await fresh()
      // More than one statement's worth, so that each writer holds rows that another one waits for.
      const given = entries(1500)
      const added = await Promise.all(
        Array.from({ length: 20 }, (_, writer) => store.add(writer % 2 === 0 ? given : given.toReversed())),
      )
      expect(added.flat()).toHaveLength(1500)
      expect(await store.count()).toBe(1500)
    })

    it('serves writers that add and remove the same entries in different orders', async () => {
      const store = await fresh()
      const given = entries(1500)
      const hashes = given.map(({ infoHash }) => infoHash)
      await Promise.all(
        Array.from({ length: 20 }, (_, writer) =>
          writer % 2 === 0 ? store.add(given.toReversed(), REPLACING) : store.remove(hashes),
        ),
      )
      await store.add(given)
      expect(await store.count()).toBe(1500)
    })

    it('ends on an empty page when the last one was full', async () => {
      const store = await fresh()
      await store.add(entries(4))
      const last = (await store.page(0, 4)).at(-1)
      expect(await store.page(last?.position ?? 0, 4)).toEqual([])
    })

    it('leaves an existing entry in its place', async () => {
      const store = await fresh()
      await store.add(entries(1))
      const before = await store.find(anInfoHash(0))
      await store.add(entries(2))
      expect((await store.find(anInfoHash(0)))?.position).toBe(before?.position)
    })

    it('never assigns a position twice', async () => {
      const store = await fresh()
      await store.add(entries(1))
      const before = await store.find(anInfoHash(0))
      await store.remove([anInfoHash(0)])
      await store.add(entries(1))
      expect((await store.find(anInfoHash(0)))?.position).toBeGreaterThan(before?.position ?? Number.NaN)
    })

    it('takes more at once than fit in one statement, and is exact about them', async () => {
      const store = await fresh()
      await store.add(entries(10, 2500))
      expect(await store.add(entries(5000))).toEqual([...infoHashes(2500), ...infoHashes(2490, 2510)])
      expect(await store.count()).toBe(5000)
      expect(await store.remove(infoHashes(4000, 3000))).toEqual(infoHashes(2000, 3000))
      expect(await store.count()).toBe(3000)
    })

    it('reports the entries as new to only one of fifty writers of the same entries', async () => {
      const store = await fresh()
      const writers = Array.from({ length: 50 }, (_, writer) => store.add(entries(3, writer % 2)))
      const added = (await Promise.all(writers)).flat()
      expect(added.toSorted()).toEqual(infoHashes(4).toSorted())
      const removers = Array.from({ length: 50 }, () => store.remove(infoHashes(4)))
      expect((await Promise.all(removers)).flat().toSorted()).toEqual(infoHashes(4).toSorted())
      expect(await store.count()).toBe(0)
    })

    it('serves fifty writers of different entries and readers at once', async () => {
      const store = await fresh()
      const work = Array.from({ length: 50 }, async (_, writer) => {
        await store.add(entries(20, writer * 20))
        await store.page(0, 10)
        await store.remove(infoHashes(10, writer * 20))
      })
      await Promise.all(work)
      expect(await store.count()).toBe(500)
    })

    it('rejects everything while it is unavailable', async () => {
      const { store, makeUnavailable } = await subjects.fresh()
      await makeUnavailable()
      const refusal = { name: 'Refusal', code: 'store-unavailable' }
      await expect(store.add(entries(1))).rejects.toMatchObject(refusal)
      await expect(store.remove(infoHashes(1))).rejects.toMatchObject(refusal)
      await expect(store.find(anInfoHash(1))).rejects.toMatchObject(refusal)
      await expect(store.page(0, 1)).rejects.toMatchObject(refusal)
      await expect(store.count()).rejects.toMatchObject(refusal)
    })

    reasonContract(fresh)
  })
}

function reasonContract(fresh: () => Promise<TorrentListStore>): void {
  const infoHash = anInfoHash(1)

  it('keeps reasons of any letters, and the time', async () => {
    const store = await fresh()
    const reason = `court's "order" \\ 7; 🚫 – 禁`
    await store.add([{ infoHash, reason }, { infoHash: anInfoHash(2) }])
    expect(await store.find(infoHash)).toMatchObject({ reason, addedAtSeconds: 1_800_000_000 })
    expect((await store.find(anInfoHash(2)))?.reason).toBeUndefined()
    expect((await store.page(0, 2)).find((entry) => entry.infoHash === infoHash)?.reason).toBe(reason)
  })

  it('leaves the reason of an existing entry', async () => {
    const store = await fresh()
    await store.add([{ infoHash, reason: 'old' }, { infoHash: anInfoHash(2) }])
    expect(await store.add([infoHash, anInfoHash(2)].map((hash) => ({ infoHash: hash, reason: 'new' })))).toEqual([])
    expect((await store.find(infoHash))?.reason).toBe('old')
    expect((await store.find(anInfoHash(2)))?.reason).toBeUndefined()
  })

  it('replaces a reason by a newer one when asked to, and by nothing else', async () => {
    const store = await fresh()
    await store.add([{ infoHash, reason: 'old' }])
    const { position } = (await store.find(infoHash)) ?? {}
    expect(await store.add([{ infoHash, reason: 'new' }], REPLACING)).toEqual([])
    const addedAtSeconds = 1_800_000_000
    expect(await store.find(infoHash)).toEqual({ infoHash, reason: 'new', position, addedAtSeconds })
    await store.add([{ infoHash }], REPLACING)
    expect((await store.find(infoHash))?.reason).toBe('new')
    await store.add([{ infoHash: anInfoHash(2) }])
    await store.add([{ infoHash: anInfoHash(2), reason: 'late' }], REPLACING)
    expect((await store.find(anInfoHash(2)))?.reason).toBe('late')
  })

  it('forgets the reason of what was removed', async () => {
    const store = await fresh()
    await store.add([{ infoHash, reason: 'old' }])
    await store.remove([infoHash])
    await store.add([{ infoHash }])
    expect((await store.find(infoHash))?.reason).toBeUndefined()
  })

  it('keeps one of the reasons when many write at once', async () => {
    const store = await fresh()
    await Promise.all(
      Array.from({ length: 20 }, (_, writer) => store.add([{ infoHash, reason: `reason ${writer}` }], REPLACING)),
    )
    await store.add([{ infoHash, reason: 'the end' }], REPLACING)
    expect(await store.find(infoHash)).toMatchObject({ reason: 'the end' })
    expect(await store.count()).toBe(1)
  })

  it('takes the last reason of one that is given twice', async () => {
    const store = await fresh()
    await store.add([
      { infoHash, reason: 'first' },
      { infoHash: anInfoHash(2), reason: 'other' },
      { infoHash, reason: 'last' },
    ])
    expect((await store.find(infoHash))?.reason).toBe('last')
  })
}
