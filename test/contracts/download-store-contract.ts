// What every store of completed downloads must do (src/domain/ports/outbound/download-store.ts).

import { afterEach, describe, expect, it } from '@jest/globals'
import type { DownloadStore } from '../../src/domain/ports/outbound/download-store.ts'
import { anInfoHash, infoHashes } from '../fixtures/hashes.ts'
import { type Open, Subjects } from './subject.ts'

function ones(count: number, from = 0) {
  return infoHashes(count, from).map((infoHash) => ({ infoHash, completed: 1 }))
}

async function countsOf(store: DownloadStore): Promise<ReadonlyMap<string, number>> {
  return new Map((await store.page(0, 10_000)).map(({ infoHash, completed }) => [infoHash, completed]))
}

export function downloadStoreContract(name: string, open: Open<DownloadStore>): void {
  describe(`${name} as a store of completed downloads`, () => {
    const subjects = new Subjects(open)
    const fresh = async (): Promise<DownloadStore> => (await subjects.fresh()).store
    afterEach(() => subjects.close())

    it('starts empty', async () => {
      const store = await fresh()
      expect(await store.lastBatch()).toBe(0)
      expect(await store.total()).toBe(0)
      expect(await store.count()).toBe(0)
      expect(await store.page(0, 10)).toEqual([])
    })

    it('adds to counts and to the total', async () => {
      const store = await fresh()
      await store.add(1, [
        { infoHash: anInfoHash(1), completed: 2 },
        { infoHash: anInfoHash(2), completed: 1 },
      ])
      await store.add(2, [
        { infoHash: anInfoHash(3), completed: 4 },
        { infoHash: anInfoHash(1), completed: 3_000_000_000 },
      ])
      expect(await countsOf(store)).toEqual(
        new Map([
          [anInfoHash(1), 3_000_000_002],
          [anInfoHash(2), 1],
          [anInfoHash(3), 4],
        ]),
      )
      expect(await store.total()).toBe(3_000_000_007)
      expect(await store.count()).toBe(3)
      expect(await store.lastBatch()).toBe(2)
    })

    it('adds a batch once, however often it is retried', async () => {
      const store = await fresh()
      await store.add(1, ones(2))
      await store.add(1, ones(2))
      await store.add(2, ones(1))
      await Promise.all([store.add(2, ones(1)), store.add(1, ones(2)), store.add(2, ones(1))])
      expect(await store.total()).toBe(3)
      expect(await countsOf(store)).toEqual(
        new Map([
          [anInfoHash(0), 2],
          [anInfoHash(1), 1],
        ]),
      )
    })

    it('remembers an empty batch', async () => {
      const store = await fresh()
      await store.add(1, [])
      expect(await store.lastBatch()).toBe(1)
      expect(await store.total()).toBe(0)
    })

    it('takes more at once than fit in one statement', async () => {
      const store = await fresh()
      await store.add(1, ones(3000, 1000))
      await store.add(2, ones(5000))
      const counts = await countsOf(store)
      expect(counts.size).toBe(5000)
      expect(infoHashes(5000).map((infoHash) => counts.get(infoHash))).toEqual([
        ...new Array(1000).fill(1),
        ...new Array(3000).fill(2),
        ...new Array(1000).fill(1),
      ])
      expect(await store.total()).toBe(8000)
    })

    it('keeps each count in its place', async () => {
      const store = await fresh()
      await store.add(1, ones(5))
      const before = await store.page(0, 10)
      for (let batch = 2; batch < 20; batch++) await store.add(batch, ones(5))
      await store.add(20, ones(1, 5))
      const after = await store.page(0, 10)
      expect(after.slice(0, 5).map(({ position }) => position)).toEqual(before.map(({ position }) => position))
      // An update uses up no position.
      expect((after[5]?.position ?? 0) - (after[4]?.position ?? 0)).toBe(1)
      expect(await store.page(after[2]?.position ?? 0, 2)).toEqual(after.slice(3, 5))
    })

    it('rejects everything while it is unavailable', async () => {
      const { store, makeUnavailable } = await subjects.fresh()
      await makeUnavailable()
      const refusal = { name: 'Refusal', code: 'store-unavailable' }
      await expect(store.add(1, ones(1))).rejects.toMatchObject(refusal)
      await expect(store.lastBatch()).rejects.toMatchObject(refusal)
      await expect(store.page(0, 1)).rejects.toMatchObject(refusal)
      await expect(store.count()).rejects.toMatchObject(refusal)
      await expect(store.total()).rejects.toMatchObject(refusal)
    })
  })
}
