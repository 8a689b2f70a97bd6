import { describe, expect, it } from '@jest/globals'
import { AccessMemory, createAccessMemory } from '../../../src/domain/access/access-memory.ts'
import { KeyTable } from '../../../src/domain/access/key-table.ts'
import { ACCESS_EPOCH, anAccessMemory, entryWords } from '../../model/access.ts'
import { SeededRandom } from '../../model/seeded-random.ts'

function aTable(keys = 1000) {
  return new KeyTable(anAccessMemory({ keys }))
}

const NOW = ACCESS_EPOCH + 40_000_000
const KEY = entryWords(1, 8)
/** 2090-01-01, 2100-01-01 and 2038-01-19. */
const IN_2090 = 3_786_912_000
const IN_2100 = 4_102_444_800
const IN_2038 = 2 ** 31

describe('a key', () => {
  it('is valid once it is known, and no longer once it is removed', () => {
    const keys = aTable()
    expect(keys.isValid(KEY, NOW, true)).toBe(false)
    expect(keys.put(KEY, undefined)).toBe(true)
    expect([keys.isValid(KEY, NOW, true), keys.count]).toEqual([true, 1])
    expect(keys.remove(KEY)).toBe(true)
    expect([keys.isValid(KEY, NOW, true), keys.count]).toEqual([false, 0])
    expect(keys.remove(KEY)).toBe(false)
  })

  it('is found by a slot determined before', () => {
    const keys = aTable()
    keys.put(KEY, undefined)
    expect(keys.isValid(KEY, NOW, true, keys.table.slotOf(KEY, 0))).toBe(true)
  })

  it.each([NOW, ACCESS_EPOCH, ACCESS_EPOCH + 1, ACCESS_EPOCH + 5, IN_2038 - 1, IN_2038, IN_2090])(
    'that ends at %i is valid through that second',
    (end) => {
      const keys = aTable()
      keys.put(KEY, end)
      // A key that ends at the very epoch, a year before the start, may end a second early.
      const lastGood = end === ACCESS_EPOCH ? end - 1 : end
      expect([lastGood, end + 1].map((now) => keys.isValid(KEY, now, true))).toEqual([true, false])
      expect(keys.isValid(KEY, end + 1, false)).toBe(true)
    },
  )

  it.each(['2038-01-19', '2039-02-01', '2106-02-08', '2200-01-01'])(
    'expires on time for a tracker started on %s',
    (date) => {
      const start = Date.parse(date) / 1000
      const plan = { torrents: 1, keys: 10, bans: 1 }
      const keys = new KeyTable(new AccessMemory(createAccessMemory(plan, new Uint8Array(8), start - 365 * 86_400)))
      keys.put(KEY, start + 60)
      expect([start, start + 60, start + 61].map((now) => keys.isValid(KEY, now, true))).toEqual([true, true, false])
      const ended: number[] = []
      keys.visitExpired(0, start, start + 61, (_words, at) => ended.push(at))
      expect(ended).toHaveLength(1)
    },
  )

  it.each([undefined, Number.MAX_SAFE_INTEGER, ACCESS_EPOCH + 2 ** 31])('that ends at %p never ends', (end) => {
    const keys = aTable()
    keys.put(KEY, end)
    expect(keys.isValid(KEY, IN_2100, true)).toBe(true)
  })

  it.each([0, -1, -Number.MAX_SAFE_INTEGER])('that ended at %i is expired, but known', (end) => {
    const keys = aTable()
    keys.put(KEY, end)
    expect([keys.isValid(KEY, NOW, true), keys.isValid(KEY, NOW, false)]).toEqual([false, true])
  })

  it('may be given another expiry', () => {
    const keys = aTable()
    keys.put(KEY, NOW - 1)
    expect(keys.put(KEY, NOW + 10)).toBe(true)
    expect([keys.isValid(KEY, NOW, true), keys.count]).toEqual([true, 1])
    keys.put(KEY, undefined)
    expect(keys.isValid(KEY, NOW + 11, true)).toBe(true)
  })
})

describe('the table of keys', () => {
  it('holds exactly its capacity', () => {
    const keys = aTable(100)
    for (let n = 0; n < 100; n++) expect(keys.put(entryWords(n, 8), undefined)).toBe(true)
    expect([keys.put(entryWords(100, 8), undefined), keys.count]).toEqual([false, 100])
    expect(keys.put(entryWords(5, 8), NOW)).toBe(true)
    keys.remove(entryWords(6, 8))
    expect(keys.put(entryWords(100, 8), undefined)).toBe(true)
  })

  it('holds after a reload what was put since it began', () => {
    const keys = aTable()
    for (let n = 0; n < 10; n++) keys.put(entryWords(n, 8), undefined)
    keys.beginReload()
    for (const n of [3, 4, 20]) keys.put(entryWords(n, 8), NOW - 1)
    while (!keys.endReload());
    const known = Array.from({ length: 25 }, (_, n) => n).filter((n) => keys.isValid(entryWords(n, 8), NOW, false))
    expect([known, keys.count]).toEqual([[3, 4, 20], 3])
    expect(keys.isValid(entryWords(3, 8), NOW, true)).toBe(false)
  })

  it.each([1, 2])('agrees with a plain map after 20,000 random changes, game %i', (seed) => {
    const random = new SeededRandom(seed)
    const keys = aTable(200)
    const model = new Map<number, number>()
    const wrong: number[] = []
    for (let step = 0; step < 20_000; step++) {
      const n = random.below(300)
      if (random.oneIn(2)) {
        const end = NOW + random.below(100) - 50
        const hasRoom = model.has(n) || model.size < 200
        if (keys.put(entryWords(n, 8), end) !== hasRoom) wrong.push(step)
        if (hasRoom) model.set(n, end)
      } else if (keys.remove(entryWords(n, 8)) !== model.delete(n)) wrong.push(step)
      const asked = random.below(300)
      if (keys.isValid(entryWords(asked, 8), NOW, true) !== (model.get(asked) ?? 0) >= NOW) wrong.push(step)
      if (keys.isValid(entryWords(asked, 8), NOW, false) !== model.has(asked)) wrong.push(step)
    }
    expect([wrong, keys.count]).toEqual([[], model.size])
  })
})
