// What every store of keys must do (src/domain/ports/outbound/key-store.ts).

import { afterEach, describe, expect, it } from '@jest/globals'
import { readAccessKey } from '../../src/domain/access-key.ts'
import type { KeyStore } from '../../src/domain/ports/outbound/key-store.ts'
import { aKey } from '../fixtures/hashes.ts'
import { type Open, Subjects } from './subject.ts'

/** Beyond 2038, where 32 bits end. */
const LATE = 4_102_444_800

export function keyStoreContract(name: string, open: Open<KeyStore>): void {
  describe(`${name} as a store of keys`, () => {
    const subjects = new Subjects(open)
    const fresh = async (): Promise<KeyStore> => (await subjects.fresh()).store
    afterEach(() => subjects.close())

    it('finds what was added, with and without an expiry', async () => {
      const store = await fresh()
      const ending = await store.add(aKey(1), LATE)
      const lasting = await store.add(aKey(2), undefined)
      expect(ending).toEqual({ id: ending.id, key: aKey(1), validUntilSeconds: LATE })
      expect(await store.find(aKey(1))).toEqual(ending)
      expect(await store.find(aKey(2))).toEqual({ id: lasting.id, key: aKey(2), validUntilSeconds: undefined })
      expect(await store.find(aKey(3))).toBeUndefined()
      expect(await store.count()).toBe(2)
    })

    it('rejects a key that exists', async () => {
      const store = await fresh()
      await store.add(aKey(1), 1)
      await expect(store.add(aKey(1), 2)).rejects.toMatchObject({
        name: 'Refusal',
        code: 'already-there',
        // Callers of API v1 read it.
        message: 'the entry already exists',
      })
      expect((await store.find(aKey(1)))?.validUntilSeconds).toBe(1)
      expect(await store.count()).toBe(1)
    })

    it('does not find a key by its letters in another case', async () => {
      const store = await fresh()
      await store.add(aKey(1), undefined)
      const other = readAccessKey(aKey(1).toUpperCase())
      expect(other && (await store.find(other))).toBeUndefined()
    })

    it('removes by id and returns the removed key', async () => {
      const store = await fresh()
      const stored = await store.add(aKey(1), LATE)
      expect(await store.remove(stored.id)).toEqual(stored)
      expect(await store.remove(stored.id)).toBeUndefined()
      expect(await store.find(aKey(1))).toBeUndefined()
    })

    it('changes how long a key is valid', async () => {
      const store = await fresh()
      const { id, key } = await store.add(aKey(1), 5)
      expect(await store.extend(id, LATE)).toEqual({ id, key, validUntilSeconds: LATE })
      expect(await store.extend(id, LATE)).toEqual({ id, key, validUntilSeconds: LATE })
      expect(await store.extend(id, undefined)).toEqual({ id, key, validUntilSeconds: undefined })
      expect(await store.find(key)).toEqual({ id, key, validUntilSeconds: undefined })
      expect(await store.extend(id + 1, LATE)).toBeUndefined()
    })

    it('never reuses an id', async () => {
      const store = await fresh()
      const first = await store.add(aKey(1), 1)
      await store.remove(first.id)
      expect((await store.add(aKey(2), 1)).id).toBeGreaterThan(first.id)
    })

    it('pages through all keys in the order of their ids', async () => {
      const store = await fresh()
      for (let number = 0; number < 7; number++) await store.add(aKey(number), number)
      const first = await store.page(0, 4)
      const rest = await store.page(first.at(-1)?.id ?? 0, 4)
      expect([...first, ...rest].map(({ key }) => key)).toEqual([0, 1, 2, 3, 4, 5, 6].map(aKey))
      expect(rest).toHaveLength(3)
    })

    it('knows no key by a number that is larger than any id', async () => {
      const store = await fresh()
      await store.add(aKey(1), 1)
      for (const id of [2 ** 31, Number.MAX_SAFE_INTEGER]) {
        expect(await store.remove(id)).toBeUndefined()
        expect(await store.extend(id, 1)).toBeUndefined()
        expect(await store.page(id, 1)).toEqual([])
      }
    })

    it('accepts only one of fifty concurrent additions of the same key', async () => {
      const store = await fresh()
      const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => store.add(aKey(1), undefined)))
      const rejected = outcomes.filter((outcome) => outcome.status === 'rejected')
      expect(rejected.map(({ reason }) => reason.code)).toEqual(new Array(49).fill('already-there'))
      expect(await store.count()).toBe(1)
    })

    it('rejects everything while it is unavailable', async () => {
      const { store, makeUnavailable } = await subjects.fresh()
      await makeUnavailable()
      const refusal = { name: 'Refusal', code: 'store-unavailable' }
      await expect(store.add(aKey(1), 1)).rejects.toMatchObject(refusal)
      await expect(store.remove(1)).rejects.toMatchObject(refusal)
      await expect(store.extend(1, 1)).rejects.toMatchObject(refusal)
      await expect(store.find(aKey(1))).rejects.toMatchObject(refusal)
      await expect(store.page(0, 1)).rejects.toMatchObject(refusal)
      await expect(store.count()).rejects.toMatchObject(refusal)
    })
  })
}
