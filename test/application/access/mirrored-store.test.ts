// A store that hangs: how long callers wait, how many of them, and what becomes of their changes.

import { beforeEach, describe, expect, it } from '@jest/globals'
import { DEADLINE_MILLISECONDS } from '../../../src/application/access/deadline.ts'
import { MAX_WAITING_CHANGES, MirroredStore } from '../../../src/application/access/mirrored-store.ts'
import { Refusal } from '../../../src/domain/refusal.ts'
import { ManualTimer } from '../../fakes/manual-timer.ts'
import { ShortPause } from '../../fakes/short-pause.ts'

const UNAVAILABLE = { name: 'Refusal', code: 'store-unavailable' }

/** Numbers in a store, and in memory. While it hangs, calls wait until `answer` ends them. */
class HangingStore {
  readonly rows: number[] = []
  memory = new Set<number>()
  calls = 0
  hangs = false
  #waiting: (() => void)[] = []
  #seen = new Set<number>()

  readonly mirror = {
    page: (after: number, limit: number) => this.#call(() => this.rows.filter((row) => row > after).slice(0, limit)),
    positionOf: (row: number) => row,
    begin: () => {
      this.#seen = new Set()
    },
    put: (rows: readonly number[]) => {
      for (const row of rows) this.#seen.add(row)
    },
    endSlice: () => {
      this.memory = new Set(this.#seen)
      return true
    },
  }

  write(row: number): Promise<void> {
    return this.#call(() => {
      this.rows.push(row)
    })
  }

  /** Lets one call go on, or fail. */
  async answer(fault?: Refusal): Promise<void> {
    this.#fault = fault
    this.#waiting.shift()?.()
    await turn()
  }
  #fault: Refusal | undefined

  async #call<T>(work: () => T): Promise<T> {
    this.calls++
    if (this.hangs) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
      if (this.#fault !== undefined) throw this.#fault
    }
    return work()
  }
}

/** After everything that waits for promises alone. */
async function turn(): Promise<void> {
  await new Promise(setImmediate)
}

describe('a store that does not answer', () => {
  let store: HangingStore
  let timer: ManualTimer
  let mirrored: MirroredStore<number>
  const change = (row: number) =>
    mirrored.change(async () => {
      await mirrored.write(() => store.write(row))
      store.memory.add(row)
      return row
    })
  const settled = async (work: readonly Promise<unknown>[]) =>
    (await Promise.allSettled(work)).map(({ status }) => status)

  beforeEach(() => {
    store = new HangingStore()
    timer = new ManualTimer()
    mirrored = new MirroredStore(store.mirror, { pause: new ShortPause(), timer })
  })

  it('keeps no caller beyond the deadline, and does not begin a change whose caller has been refused', async () => {
    store.hangs = true
    const changes = Array.from({ length: 30 }, (_, at) => change(at + 1))
    const read = mirrored.read(() => store.mirror.page(0, 10))
    await turn()
    timer.advance(DEADLINE_MILLISECONDS - 1)
    expect(timer.pending).toBe(31)
    timer.advance(1)
    for (const work of [...changes, read]) await expect(work).rejects.toMatchObject(UNAVAILABLE)
    expect(timer.pending).toBe(0)
    store.hangs = false
    await store.answer()
    await store.answer()
    // The first had begun: its caller does not know, but memory follows the store.
    expect(store.rows).toEqual([1])
    expect([...store.memory]).toEqual([1])
    expect(await change(2)).toBe(2)
    expect(store.rows).toEqual([1, 2])
    expect(timer.pending).toBe(0)
  })

  it('has a bounded queue: one more change is refused at once, until there is room again', async () => {
    store.hangs = true
    const changes = Array.from({ length: MAX_WAITING_CHANGES }, (_, at) => change(at + 1))
    await expect(change(1000)).rejects.toMatchObject(UNAVAILABLE)
    await turn()
    timer.advance(DEADLINE_MILLISECONDS)
    expect(new Set(await settled(changes))).toEqual(new Set(['rejected']))
    // Their callers are gone, but the queue still holds them.
    await expect(change(1001)).rejects.toMatchObject(UNAVAILABLE)
    expect(store.calls).toBe(1)
    store.hangs = false
    await store.answer()
    expect(await change(1002)).toBe(1002)
    expect(store.rows).toEqual([1, 1002])
  })

  it('takes as many at once when it answers, in their order', async () => {
    const rows = Array.from({ length: MAX_WAITING_CHANGES }, (_, at) => at + 1)
    expect(await Promise.all(rows.map(change))).toEqual(rows)
    expect(store.rows).toEqual(rows)
  })

  it('counts an unconfirmed write and the reload after it towards the deadline', async () => {
    store.hangs = true
    const lost = change(1)
    await turn()
    await store.answer(new Refusal('store-unavailable', 'the answer was lost'))
    await expect(lost).rejects.toMatchObject(UNAVAILABLE)
    const later = [change(2), change(3), mirrored.read(() => store.mirror.page(0, 10))]
    await turn()
    timer.advance(DEADLINE_MILLISECONDS)
    expect(await settled(later)).toEqual(['rejected', 'rejected', 'rejected'])
    store.hangs = false
    await store.answer()
    expect(await change(4)).toBe(4)
    expect(store.rows).toEqual([4])
    expect([...store.memory]).toEqual([4])
  })

  it('lets a reload take its time while it makes progress, and all others that wait for one share the next', async () => {
    for (let row = 1; row <= 12_000; row++) store.rows.push(row)
    store.hangs = true
    const progress: number[] = []
    const first = mirrored.reload((rows) => progress.push(rows))
    await turn()
    const others = Array.from({ length: 20 }, () => mirrored.reload())
    for (let page = 1; page <= 6; page++) {
      timer.advance(DEADLINE_MILLISECONDS - 1)
      await store.answer()
      await turn()
    }
    expect(await first).toBe(12_000)
    expect(progress).toEqual([5000, 10_000, 12_000])
    expect(await Promise.all(others)).toEqual(new Array(20).fill(12_000))
    expect(store.calls).toBe(6)
    expect(timer.pending).toBe(0)
  })

  it('refuses a reload that makes none, and those that wait for it', async () => {
    store.hangs = true
    const reloads = [mirrored.reload()]
    await turn()
    reloads.push(mirrored.reload(), mirrored.reload())
    timer.advance(DEADLINE_MILLISECONDS)
    expect(await settled(reloads)).toEqual(['rejected', 'rejected', 'rejected'])
    store.hangs = false
    await store.answer()
    expect(await mirrored.reload()).toBe(0)
  })

  it('fails the next reload with the one before it, and none after that', async () => {
    store.hangs = true
    const reloads = [mirrored.reload()]
    await turn()
    reloads.push(mirrored.reload(), mirrored.reload())
    const outcomes = settled(reloads)
    await store.answer(new Refusal('store-unavailable', 'away'))
    expect(await outcomes).toEqual(['rejected', 'rejected', 'rejected'])
    expect(store.calls).toBe(1)
    store.hangs = false
    expect(await mirrored.reload()).toBe(0)
  })
})
