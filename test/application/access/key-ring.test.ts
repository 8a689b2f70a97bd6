import { describe, expect, it } from '@jest/globals'
import { KeyRing } from '../../../src/application/access/key-ring.ts'
import { TableRoom } from '../../../src/application/access/table-room.ts'
import { KeyTable } from '../../../src/domain/access/key-table.ts'
import { ACCESS_KEY_WORDS, type AccessKey, accessKeyToWords, readAccessKey } from '../../../src/domain/access-key.ts'
import type { StoredKey } from '../../../src/domain/ports/outbound/key-store.ts'
import { ManualTimer } from '../../fakes/manual-timer.ts'
import { MemoryKeyStore } from '../../fakes/memory-key-store.ts'
import { ShortPause } from '../../fakes/short-pause.ts'
import { StoppedClock } from '../../fakes/stopped-clock.ts'
import { ACCESS_EPOCH, anAccessMemory } from '../../model/access.ts'
import { SeededRandom } from '../../model/seeded-random.ts'

const NOW = ACCESS_EPOCH + 1_000
const LAST_SECOND = 8_640_000_000_000

function key(n: number): AccessKey {
  return n.toString(36).padStart(32, 'Z') as AccessKey
}

/** Pauses before and after each operation. */
class SlowStore extends MemoryKeyStore {
  readonly #random = new SeededRandom(5)
  beforePage: () => void = () => {}

  override async add(added: AccessKey, validUntilSeconds: number | undefined): Promise<StoredKey> {
    return this.#slowly(() => super.add(added, validUntilSeconds))
  }

  override async remove(id: number): Promise<StoredKey | undefined> {
    return this.#slowly(() => super.remove(id))
  }

  override async page(after: number, limit: number): Promise<readonly StoredKey[]> {
    this.beforePage()
    return this.#slowly(() => super.page(after, limit))
  }

  async #slowly<T>(work: () => Promise<T>): Promise<T> {
    for (let i = this.#random.below(5); i > 0; i--) await undefined
    const result = await work()
    for (let i = this.#random.below(5); i > 0; i--) await undefined
    return result
  }
}

function aRing(capacity = 20_000) {
  const random = new SeededRandom(1)
  const table = new KeyTable(anAccessMemory({ keys: capacity }))
  const room = new TableRoom(capacity, () => table.count, 'limits.max_keys')
  const store = new SlowStore()
  const clock = new StoppedClock(NOW)
  const pause = new ShortPause()
  const randomness = { bytes: (count: number) => Uint8Array.from({ length: count }, () => random.below(256)) }
  const ring = new KeyRing(store, { table, room }, { clock, randomness, pause, timer: new ManualTimer() })
  const isValid = (shown: AccessKey, at = NOW): boolean => {
    const words = new Int32Array(ACCESS_KEY_WORDS)
    accessKeyToWords(shown, words, 0)
    return table.isValid(words, at, true)
  }
  return { table, store, pause, ring, isValid }
}

describe('a key ring', () => {
  it('issues random keys, which are valid at once and for the requested lifetime', async () => {
    const { ring, isValid } = aRing()
    const issued = await Promise.all([ring.issue(60), ring.issue(0), ring.issue(undefined)])
    expect(issued.map(({ validUntilSeconds }) => validUntilSeconds)).toEqual([NOW + 60, NOW, undefined])
    expect(issued.map((one) => readAccessKey(one.key))).toEqual(issued.map((one) => one.key))
    expect(issued.map((one) => isValid(one.key))).toEqual([true, true, true])
    expect(issued.map((one) => isValid(one.key, NOW + 61))).toEqual([false, false, true])
    expect(new Set(issued.map((one) => one.key)).size).toBe(3)
    expect(ring.isAvailable).toBe(true)
  })

  it('adds keys made elsewhere, once', async () => {
    const { ring, isValid } = aRing()
    const stored = await ring.add(key(1), undefined)
    expect(stored).toEqual({ id: 1, key: key(1), validUntilSeconds: undefined })
    expect(isValid(key(1))).toBe(true)
    await expect(ring.add(key(1), 5)).rejects.toMatchObject({ code: 'already-there' })
    expect(isValid(key(1), NOW + 100)).toBe(true)
    expect([await ring.find(key(1)), await ring.find(key(2)), await ring.count()]).toEqual([stored, undefined, 1])
  })

  it('revokes and extends by number', async () => {
    const { ring, isValid } = aRing()
    const { id } = await ring.add(key(1), 10)
    expect(await ring.extend(id, 1_000)).toEqual({ id, key: key(1), validUntilSeconds: NOW + 1_000 })
    expect(isValid(key(1), NOW + 999)).toBe(true)
    await ring.extend(id, undefined)
    expect(isValid(key(1), NOW + 10 ** 8)).toBe(true)
    expect((await ring.revoke(id)).key).toBe(key(1))
    expect(isValid(key(1))).toBe(false)
    await expect(ring.revoke(id)).rejects.toMatchObject({ code: 'not-there' })
    await expect(ring.extend(id, 5)).rejects.toMatchObject({ code: 'not-there' })
  })

  it('rejects lifetimes that end beyond what a date can represent', async () => {
    const { ring, store } = aRing()
    const longest = LAST_SECOND - NOW
    expect((await ring.add(key(1), longest)).validUntilSeconds).toBe(LAST_SECOND)
    for (const lifetime of [longest + 1, 2 ** 63, Number.MAX_VALUE]) {
      await expect(ring.issue(lifetime)).rejects.toMatchObject({ code: 'lifetime-too-long' })
      await expect(ring.extend(1, lifetime)).rejects.toMatchObject({ code: 'lifetime-too-long' })
    }
    expect(await store.count()).toBe(1)
    expect(new Date(1000 * LAST_SECOND).getTime()).toBe(1000 * LAST_SECOND)
  })

  it('is read page by page', async () => {
    const { ring } = aRing()
    for (let n = 0; n < 3; n++) await ring.add(key(n), undefined)
    const first = await ring.page(0, 2)
    expect([first.keys.map((one) => one.key), first.next]).toEqual([[key(0), key(1)], 2])
    const second = await ring.page(2, 2)
    expect([second.keys.map((one) => one.key), second.next]).toEqual([[key(2)], undefined])
  })

  it('changes nothing in memory when the store is unavailable', async () => {
    const { ring, store, table, isValid } = aRing()
    const { id } = await ring.add(key(1), 10)
    store.isUnavailable = true
    const attempts = [ring.issue(5), ring.add(key(2), 5), ring.revoke(id), ring.extend(id, 99), ring.reload()]
    for (const attempt of attempts) await expect(attempt).rejects.toMatchObject({ code: 'store-unavailable' })
    expect([table.count, isValid(key(1)), isValid(key(1), NOW + 50)]).toEqual([1, true, false])
  })

  it('notices that the table is full before it uses the store', async () => {
    const { ring, store, isValid } = aRing(20)
    const writers = Array.from({ length: 50 }, (_, n) =>
      ring.add(key(n), undefined).then(
        () => 'added',
        ({ code }) => code,
      ),
    )
    const outcomes = await Promise.all(writers)
    expect(outcomes.filter((outcome) => outcome === 'added')).toHaveLength(20)
    expect(outcomes.filter((outcome) => outcome === 'table-full')).toHaveLength(30)
    await expect(ring.issue(1)).rejects.toMatchObject({ message: expect.stringContaining('limits.max_keys') })
    expect(await store.count()).toBe(20)
    await ring.extend(1, 7)
    await ring.revoke(2)
    expect(isValid((await ring.issue(1)).key)).toBe(true)
  })

  it('leaves store and memory in agreement when fifty callers add and revoke the same key', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = new SeededRandom(seed)
      const { ring, store, isValid } = aRing()
      const write = async (): Promise<void> => {
        const stored = await store.find(key(1))
        const change = random.oneIn(2) || stored === undefined ? ring.add(key(1), undefined) : ring.revoke(stored.id)
        await change.catch(({ code }) => expect(['already-there', 'not-there']).toContain(code))
      }
      await Promise.all(Array.from({ length: 50 }, write))
      await Promise.all(Array.from({ length: 50 }, write))
      expect(isValid(key(1))).toBe((await store.find(key(1))) !== undefined)
    }
  })
})

describe('a reload of keys', () => {
  it('makes memory hold what the store holds, however it was changed, without a gap', async () => {
    const { ring, store, table, pause, isValid } = aRing()
    for (let n = 0; n < 6_000; n++) await ring.add(key(n), undefined)
    await store.remove(1)
    await store.extend(2, NOW - 1)
    await store.add(key(9_000), NOW + 5)
    let gaps = 0
    pause.meanwhile = () => {
      for (const n of [2, 5_998]) if (!isValid(key(n))) gaps++
    }
    const progress: number[] = []
    expect(await ring.reload((read) => progress.push(read))).toBe(6_000)
    expect([gaps, progress, table.count]).toEqual([0, [5_000, 6_000], 6_000])
    expect([0, 1, 2, 9_000].map((n) => isValid(key(n)))).toEqual([false, false, true, true])
  })

  it('loses no change made in between', async () => {
    const { ring, store, table, isValid } = aRing()
    for (let n = 0; n < 6_000; n++) await ring.add(key(n), undefined)
    const changes: Promise<unknown>[] = []
    store.beforePage = () => {
      if (changes.length === 0) changes.push(ring.revoke(1), ring.revoke(5_999), ring.add(key(7_000), 9))
    }
    await ring.reload()
    await Promise.all(changes)
    expect([0, 5_998, 7_000, 1].map((n) => isValid(key(n)))).toEqual([false, false, true, true])
    expect(table.count).toBe(await store.count())
  })
})
