// What every administration of keys must do (src/domain/ports/inbound/key-admin.ts).

import { describe, expect, it } from '@jest/globals'
import { type AccessKey, readAccessKey } from '../../src/domain/access-key.ts'
import type { KeyAdmin } from '../../src/domain/ports/inbound/key-admin.ts'
import type { AdminSubject } from './torrent-list-admin-contract.ts'

function key(number: number): AccessKey {
  const made = readAccessKey(String(number).padStart(32, 'k'))
  if (made === undefined) throw new Error('not a key')
  return made
}

/** `nowSeconds` is what the subject's clock shows. */
export function keyAdminContract(name: string, nowSeconds: number, open: () => Promise<AdminSubject<KeyAdmin>>): void {
  describe(`${name} as the administration of keys`, () => {
    const fresh = async () => (await open()).admin

    it('issues keys that differ', async () => {
      const admin = await fresh()
      expect(admin.isAvailable).toBe(true)
      const [one, other] = [await admin.issue(undefined), await admin.issue(60)]
      expect(one.key).not.toBe(other.key)
      expect(one.id).not.toBe(other.id)
      expect([one.validUntilSeconds, other.validUntilSeconds]).toEqual([undefined, nowSeconds + 60])
      expect(await admin.count()).toBe(2)
    })

    it('adds a key once', async () => {
      const admin = await fresh()
      const stored = await admin.add(key(1), 0)
      expect(stored).toMatchObject({ key: key(1), validUntilSeconds: nowSeconds })
      await expect(admin.add(key(1), undefined)).rejects.toMatchObject({ code: 'already-there' })
      expect(await admin.find(key(1))).toEqual(stored)
    })

    it('extends and revokes by id', async () => {
      const admin = await fresh()
      const { id } = await admin.add(key(1), 60)
      expect(await admin.extend(id, 3600)).toMatchObject({ id, validUntilSeconds: nowSeconds + 3600 })
      expect(await admin.extend(id, undefined)).toMatchObject({ validUntilSeconds: undefined })
      expect(await admin.revoke(id)).toMatchObject({ id, key: key(1) })
      expect(await admin.find(key(1))).toBeUndefined()
      await expect(admin.revoke(id)).rejects.toMatchObject({ code: 'not-there' })
      await expect(admin.extend(id, 1)).rejects.toMatchObject({ code: 'not-there' })
    })

    it('rejects a lifetime that ends beyond any date, and changes nothing', async () => {
      const admin = await fresh()
      const tooLong = { code: 'lifetime-too-long' }
      await expect(admin.issue(Number.MAX_SAFE_INTEGER)).rejects.toMatchObject(tooLong)
      await expect(admin.add(key(1), Number.MAX_SAFE_INTEGER)).rejects.toMatchObject(tooLong)
      const { id } = await admin.add(key(2), 60)
      await expect(admin.extend(id, Number.MAX_SAFE_INTEGER)).rejects.toMatchObject(tooLong)
      expect(await admin.find(key(2))).toMatchObject({ validUntilSeconds: nowSeconds + 60 })
      expect(await admin.count()).toBe(1)
    })

    it.each([1, 2, 3])('shows all of three in pages of %d', async (limit) => {
      const admin = await fresh()
      for (const number of [3, 1, 2]) await admin.add(key(number), undefined)
      const seen: AccessKey[] = []
      for (let after: number | undefined = 0; after !== undefined; ) {
        const page: Awaited<ReturnType<KeyAdmin['page']>> = await admin.page(after, limit)
        seen.push(...page.keys.map((stored) => stored.key))
        after = page.next
      }
      expect(seen).toEqual([3, 1, 2].map(key))
    })

    it('keeps labels, and finds keys by them', async () => {
      const admin = await fresh()
      const { id } = await admin.issue(undefined, 'Alice')
      await admin.add(key(2), undefined, 'Bob')
      await admin.issue(undefined)
      expect((await admin.page(0, 9)).keys.map(({ label }) => label)).toEqual(['Alice', 'Bob', undefined])
      expect(await admin.page(0, 9, 'bo')).toMatchObject({ keys: [{ key: key(2), label: 'Bob' }], next: undefined })
      expect(await admin.page(0, 1, 'b')).toMatchObject({ keys: [{ key: key(2) }], next: id + 1 })
      expect(await admin.relabel(id, 'Carol')).toMatchObject({ id, label: 'Carol' })
      expect((await admin.relabel(id, undefined)).label).toBeUndefined()
      await expect(admin.relabel(99, 'x')).rejects.toMatchObject({ code: 'not-there' })
    })

    it('adds many at once, all or none, and leaves those that exist', async () => {
      const admin = await fresh()
      await admin.add(key(1), 60, 'mine')
      const given = (...numbers: readonly number[]) =>
        numbers.map((number) => ({ key: key(number), validUntilSeconds: nowSeconds + number, label: `${number}` }))
      expect(await admin.addAll(given(2, 1, 3))).toMatchObject([{ key: key(2), label: '2' }, { key: key(3) }])
      expect(await admin.find(key(1))).toMatchObject({ label: 'mine', validUntilSeconds: nowSeconds + 60 })
      await expect(admin.addAll(given(4, 5, 6, 7, 8, 9, 10, 11))).rejects.toMatchObject({ code: 'table-full' })
      expect(await admin.count()).toBe(3)
      expect(await admin.addAll(given(1, 2, 3, 4, 5, 6, 7, 8, 9, 10))).toHaveLength(7)
    })

    it('reports when there is no room', async () => {
      const admin = await fresh()
      for (let i = 0; i < 10; i++) await admin.issue(undefined)
      await expect(admin.issue(undefined)).rejects.toMatchObject({ code: 'table-full' })
      expect(await admin.count()).toBe(10)
    })

    it('rejects everything while the store is unavailable', async () => {
      const { admin, makeUnavailable } = await open()
      makeUnavailable()
      const unavailable = { code: 'store-unavailable' }
      await expect(admin.issue(1)).rejects.toMatchObject(unavailable)
      await expect(admin.add(key(1), 1)).rejects.toMatchObject(unavailable)
      await expect(admin.revoke(1)).rejects.toMatchObject(unavailable)
      await expect(admin.extend(1, 1)).rejects.toMatchObject(unavailable)
      await expect(admin.addAll([{ key: key(1), validUntilSeconds: 1 }])).rejects.toMatchObject(unavailable)
      await expect(admin.relabel(1, 'x')).rejects.toMatchObject(unavailable)
      await expect(admin.find(key(1))).rejects.toMatchObject(unavailable)
      await expect(admin.page(0, 1)).rejects.toMatchObject(unavailable)
      await expect(admin.count()).rejects.toMatchObject(unavailable)
    })
  })
}
