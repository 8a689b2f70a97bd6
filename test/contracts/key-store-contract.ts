// What every store of keys must do (src/domain/ports/outbound/key-store.ts).

import { afterEach, describe, expect, it } from '@jest/globals'
import { readAccessKey } from '../../src/domain/access-key.ts'
import type { KeyStore } from '../../src/domain/ports/outbound/key-store.ts'
import { aKey } from '../fixtures/hashes.ts'
import { type Open, Subjects } from './subject.ts'

/** Beyond 2038, where 32 bits end. */
const LATE = 4_102_444_800
/** What the clock of a fresh subject shows. */
const NOW = 1_800_000_000

export function keyStoreContract(name: string, open: Open<KeyStore>): void {
  describe(`${name} as a store of keys`, () => {
    const subjects = new Subjects(open)
    const fresh = async (): Promise<KeyStore> => (await subjects.fresh()).store
    afterEach(() => subjects.close())

    it('finds what was added, with and without an expiry', async () => {
      const store = await fresh()
      const ending = await store.add(aKey(1), LATE)
      const lasting = await store.add(aKey(2), undefined)
      expect(ending).toEqual({ id: ending.id, key: aKey(1), validUntilSeconds: LATE, addedAtSeconds: NOW })
      expect(await store.find(aKey(1))).toEqual(ending)
      expect(await store.find(aKey(2))).toEqual({
        id: lasting.id,
        key: aKey(2),
        validUntilSeconds: undefined,
        addedAtSeconds: NOW,
      })
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
      expect(await store.extend(id, LATE)).toEqual({ id, key, validUntilSeconds: LATE, addedAtSeconds: NOW })
      expect(await store.extend(id, LATE)).toEqual({ id, key, validUntilSeconds: LATE, addedAtSeconds: NOW })
      expect(await store.extend(id, undefined)).toEqual({ id, key, validUntilSeconds: undefined, addedAtSeconds: NOW })
      expect(await store.find(key)).toEqual({ id, key, validUntilSeconds: undefined, addedAtSeconds: NOW })
      expect(await store.extend(id + 1, LATE)).toBeUndefined()
    })

    it('keeps labels of any letters, until they are replaced', async () => {
      const store = await fresh()
      const label = `Zoë's "seedbox" \\ 7; 🚫 – 禁`
      const { id } = await store.add(aKey(1), undefined, label)
      const stored = { id, key: aKey(1), validUntilSeconds: undefined, addedAtSeconds: NOW, label }
      expect(await store.find(aKey(1))).toEqual(stored)
      expect(await store.page(0, 9)).toEqual([stored])
      expect(await store.extend(id, LATE)).toEqual({ ...stored, validUntilSeconds: LATE })
      const relabelled = { ...stored, validUntilSeconds: LATE, label: 'other' }
      expect(await store.relabel(id, 'other')).toEqual(relabelled)
      expect(await store.find(aKey(1))).toEqual(relabelled)
      expect((await store.relabel(id, undefined))?.label).toBeUndefined()
      expect((await store.find(aKey(1)))?.label).toBeUndefined()
      expect(await store.relabel(id + 1, 'none')).toBeUndefined()
    })

    it('returns the label of a removed key, and forgets it', async () => {
      const store = await fresh()
      const { id } = await store.add(aKey(1), undefined, 'first holder')
      expect(await store.remove(id)).toMatchObject({ label: 'first holder' })
      expect((await store.add(aKey(1), undefined)).label).toBeUndefined()
      expect((await store.find(aKey(1)))?.label).toBeUndefined()
      expect(await store.page(0, 9, 'holder')).toEqual([])
    })

    it('finds keys by a part of their label, page by page', async () => {
      const store = await fresh()
      const labels = ['Alice A', 'bob', 'alice_b', 'al%', undefined, 'Malice']
      for (const [at, label] of labels.entries()) await store.add(aKey(at), undefined, label)
      const labelsWith = async (part: string) => (await store.page(0, 9, part)).map(({ label }) => label)
      expect(await labelsWith('aLiCe')).toEqual(['Alice A', 'alice_b', 'Malice'])
      expect(await labelsWith('%')).toEqual(['al%'])
      expect(await labelsWith('e_')).toEqual(['alice_b'])
      expect(await labelsWith('!')).toEqual([])
      const [first] = await store.page(0, 1, 'alice')
      expect((await store.page(first?.id ?? 0, 1, 'alice')).map(({ label }) => label)).toEqual(['alice_b'])
    })

    it('adds many at once, in order, and leaves those that exist', async () => {
      const store = await fresh()
      await store.add(aKey(3), 7, 'mine')
      const given = [4, 3, 1, 4].map((number, at) => ({
        key: aKey(number),
        validUntilSeconds: number === 1 ? undefined : LATE,
        label: `given ${at}`,
      }))
      const added = await store.addAll(given)
      expect(added.map(({ key, label }) => [key, label])).toEqual([
        [aKey(4), 'given 0'],
        [aKey(1), 'given 2'],
      ])
      expect(await store.page(0, 9)).toEqual([
        { id: expect.any(Number), key: aKey(3), validUntilSeconds: 7, label: 'mine', addedAtSeconds: NOW },
        ...added,
      ])
      expect(await store.addAll(given)).toEqual([])
      expect(await store.addAll([])).toEqual([])
    })

    it('takes more at once than fit in one statement', async () => {
      const store = await fresh()
      const given = Array.from({ length: 2500 }, (_, at) => ({ key: aKey(at), validUntilSeconds: at, label: `${at}` }))
      expect((await store.addAll(given)).map(({ key }) => key)).toEqual(given.map(({ key }) => key))
      expect((await store.page(0, 3000)).map(({ label }) => label)).toEqual(given.map(({ label }) => label))
    })

    it('serves writers of the same keys in different orders', async () => {
      const store = await fresh()
      const given = Array.from({ length: 1500 }, (_, number) => ({ key: aKey(number), validUntilSeconds: undefined }))
      const added = await Promise.all(
        Array.from({ length: 20 }, (_, writer) => store.addAll(writer % 2 === 0 ? given : given.toReversed())),
      )
      expect(added.flat()).toHaveLength(1500)
      expect(await store.count()).toBe(1500)
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
      await expect(store.addAll([{ key: aKey(1), validUntilSeconds: 1 }])).rejects.toMatchObject(refusal)
      await expect(store.relabel(1, 'x')).rejects.toMatchObject(refusal)
      await expect(store.find(aKey(1))).rejects.toMatchObject(refusal)
      await expect(store.page(0, 1)).rejects.toMatchObject(refusal)
      await expect(store.count()).rejects.toMatchObject(refusal)
    })
  })
}
