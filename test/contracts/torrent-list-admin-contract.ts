// What every administration of a torrent list must do (src/domain/ports/inbound/torrent-list-admin.ts).

import { describe, expect, it } from '@jest/globals'
import { type InfoHash, readInfoHash } from '../../src/domain/info-hash.ts'
import type { TorrentListAdmin } from '../../src/domain/ports/inbound/torrent-list-admin.ts'

export interface AdminSubject<Admin> {
  /** Of an empty list, with room for ten entries. */
  readonly admin: Admin
  /** Makes the store unavailable from now on. */
  readonly makeUnavailable: () => void
}

function hash(number: number): InfoHash {
  const infoHash = readInfoHash(number.toString(16).padStart(40, '0'))
  if (infoHash === undefined) throw new Error('not a hash')
  return infoHash
}

function entries(...numbers: readonly number[]) {
  return numbers.map((number) => ({ infoHash: hash(number) }))
}

export function torrentListAdminContract(name: string, open: () => Promise<AdminSubject<TorrentListAdmin>>): void {
  describe(`${name} as the administration of a list`, () => {
    const fresh = async () => (await open()).admin

    it('returns the new ones, in the given order and each once', async () => {
      const admin = await fresh()
      expect(admin.isAvailable).toBe(true)
      expect(await admin.add(entries(5))).toEqual([hash(5)])
      expect(await admin.add(entries(9, 5, 2, 9))).toEqual([hash(9), hash(2)])
      expect(await admin.count()).toBe(3)
    })

    it('finds what was added, until it is removed', async () => {
      const admin = await fresh()
      await admin.add(entries(1, 2))
      expect(await admin.find(hash(1))).toMatchObject({ infoHash: hash(1) })
      expect(await admin.remove([hash(3), hash(1), hash(1)])).toEqual([hash(1)])
      expect(await admin.find(hash(1))).toBeUndefined()
      expect(await admin.remove([hash(1)])).toEqual([])
      expect(await admin.count()).toBe(1)
    })

    it.each([1, 2, 3, 4, 5])('shows all of five in pages of %d, in the order of adding', async (limit) => {
      const admin = await fresh()
      for (const number of [3, 1, 4, 2, 5]) await admin.add(entries(number))
      const seen: InfoHash[] = []
      for (let after: number | undefined = 0; after !== undefined; ) {
        const page: Awaited<ReturnType<TorrentListAdmin['page']>> = await admin.page(after, limit)
        expect(page.entries.length).toBeLessThanOrEqual(limit)
        seen.push(...page.entries.map(({ infoHash }) => infoHash))
        after = page.next
      }
      expect(seen).toEqual([3, 1, 4, 2, 5].map(hash))
    })

    it('leaves reasons of existing entries unless asked to replace them', async () => {
      const admin = await fresh()
      await admin.add([{ infoHash: hash(1), reason: 'old' }])
      const changed = [{ infoHash: hash(1), reason: 'new' }]
      expect(await admin.add(changed)).toEqual([])
      expect(await admin.find(hash(1))).toMatchObject({ reason: 'old' })
      expect(await admin.add(changed, { replacesReasons: true })).toEqual([])
      expect(await admin.find(hash(1))).toMatchObject({ reason: 'new' })
    })

    it('adds all or none when there is no room for all', async () => {
      const admin = await fresh()
      await admin.add(entries(1, 2, 3))
      const eight = entries(11, 12, 13, 14, 15, 16, 17, 18)
      await expect(admin.add(eight)).rejects.toMatchObject({ code: 'table-full' })
      expect(await admin.count()).toBe(3)
      expect(await admin.add([...entries(1, 2, 3), ...eight.slice(1)])).toHaveLength(7)
    })

    it('has each entry once, however many add it at a time', async () => {
      const admin = await fresh()
      const added = await Promise.all(Array.from({ length: 50 }, () => admin.add(entries(1, 2))))
      expect(added.flat().sort()).toEqual([hash(1), hash(2)])
      expect(await admin.count()).toBe(2)
    })

    it('rejects everything while the store is unavailable', async () => {
      const { admin, makeUnavailable } = await open()
      makeUnavailable()
      const unavailable = { code: 'store-unavailable' }
      await expect(admin.add(entries(1))).rejects.toMatchObject(unavailable)
      await expect(admin.remove([hash(1)])).rejects.toMatchObject(unavailable)
      await expect(admin.find(hash(1))).rejects.toMatchObject(unavailable)
      await expect(admin.page(0, 1)).rejects.toMatchObject(unavailable)
      await expect(admin.count()).rejects.toMatchObject(unavailable)
      await expect(admin.reload()).rejects.toMatchObject(unavailable)
    })
  })
}
