import { describe, expect, it } from '@jest/globals'
import { KeyExpiry } from '../../../src/application/access/key-expiry.ts'
import { EventBus } from '../../../src/application/event-bus.ts'
import { KeyTable } from '../../../src/domain/access/key-table.ts'
import { ACCESS_KEY_WORDS, type AccessKey, accessKeyToWords } from '../../../src/domain/access-key.ts'
import { TrackerCounter } from '../../../src/domain/ports/outbound/counters.ts'
import { CountingPause } from '../../fakes/counting-pause.ts'
import { MemoryKeyStore } from '../../fakes/memory-key-store.ts'
import { PlainCounters } from '../../fakes/plain-counters.ts'
import { StoppedClock } from '../../fakes/stopped-clock.ts'
import { ACCESS_EPOCH, anAccessMemory } from '../../model/access.ts'

const NOW = ACCESS_EPOCH + 40_000_000

function aWatch() {
  const clock = new StoppedClock(NOW)
  const counters = new PlainCounters()
  const pause = new CountingPause()
  const bus = new EventBus({ counters, pause, failed: () => {} })
  const table = new KeyTable(anAccessMemory({ keys: 10_000 }))
  const store = new MemoryKeyStore()
  const expiry = new KeyExpiry(bus, table, store, { clock, counters, pause })
  const put = async (n: number, end: number | undefined): Promise<number> => {
    const key = `key${n}`.padEnd(32, 'x') as AccessKey
    const words = new Int32Array(ACCESS_KEY_WORDS)
    accessKeyToWords(key, words, 0)
    table.put(words, end)
    return (await store.add(key, end)).id
  }
  const published: unknown[] = []
  const listen = (): void => void bus.listen('listener', ['key-expired'], (event) => published.push(event))
  const look = async (): Promise<unknown[]> => {
    await expiry.look()
    await bus.settle()
    return published.splice(0)
  }
  return { clock, counters, store, put, listen, look, pause }
}

describe('expiring keys', () => {
  it('are published by number, once, after the second in which they end', async () => {
    const { clock, put, listen, look } = aWatch()
    listen()
    await put(1, undefined)
    await put(2, NOW - 1)
    const third = await put(3, NOW)
    const fourth = await put(4, NOW + 59)
    await put(5, NOW + 60)
    expect(await look()).toEqual([])
    clock.seconds += 60
    expect(await look()).toEqual([
      { kind: 'key-expired', keyId: third },
      { kind: 'key-expired', keyId: fourth },
    ])
    expect(await look()).toEqual([])
  })

  it('are not looked for without a listener, nor published to one that comes later', async () => {
    const { clock, put, listen, look, pause } = aWatch()
    await put(1, NOW + 1)
    clock.seconds += 60
    expect(await look()).toEqual([])
    expect(pause.rests).toBe(0)
    listen()
    clock.seconds += 60
    expect(await look()).toEqual([])
  })

  it('are not published twice when the clock is set back, nor when they have been extended', async () => {
    const { clock, put, listen, look, store } = aWatch()
    listen()
    await put(1, NOW + 1)
    const second = await put(2, NOW + 2)
    await store.extend(second, NOW + 1_000)
    clock.seconds += 60
    expect(await look()).toHaveLength(1)
    clock.seconds -= 60
    expect(await look()).toEqual([])
    clock.seconds += 60
    expect(await look()).toEqual([])
  })

  it('are reported when they expire although the clock was a day ahead for a while', async () => {
    const { clock, put, listen, look } = aWatch()
    listen()
    const first = await put(1, NOW + 60)
    clock.stepSeconds = 86_400
    expect(await look()).toEqual([{ kind: 'key-expired', keyId: first }])
    const second = await put(2, NOW + 120)
    clock.stepSeconds = 0
    expect(await look()).toEqual([])
    clock.seconds += 180
    expect(await look()).toEqual([
      { kind: 'key-expired', keyId: first },
      { kind: 'key-expired', keyId: second },
    ])
  })

  it('are found in a large table in slices, and counted as dropped while the store is unavailable', async () => {
    const { clock, counters, put, listen, look, store, pause } = aWatch()
    listen()
    for (let n = 0; n < 5_000; n++) await put(n, NOW + (n % 2 === 0 ? 1 : 100))
    clock.seconds += 60
    pause.rests = 0
    expect(await look()).toHaveLength(2_500)
    expect(pause.rests).toBeGreaterThan(1)
    store.isUnavailable = true
    clock.seconds += 60
    expect(await look()).toEqual([])
    expect(counters.total(TrackerCounter.events_dropped)).toBe(2_500)
  })

  it('are looked up a few at a time, though the store answers without giving other work a turn', async () => {
    const { clock, put, listen, look, store } = aWatch()
    listen()
    for (let n = 0; n < 2_000; n++) await put(n, NOW + 1)
    let turn = 0
    let isOver = false
    const count = (): void => {
      turn++
      if (!isOver) setImmediate(count)
    }
    setImmediate(count)
    const lookUpsByTurn = new Map<number, number>()
    const find = store.find.bind(store)
    store.find = (key) => {
      lookUpsByTurn.set(turn, (lookUpsByTurn.get(turn) ?? 0) + 1)
      return find(key)
    }
    clock.seconds += 60
    expect(await look()).toHaveLength(2_000)
    isOver = true
    expect(Math.max(...lookUpsByTurn.values())).toBeLessThanOrEqual(64)
  })
})
