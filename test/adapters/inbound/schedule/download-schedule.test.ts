import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { DownloadSchedule } from '../../../../src/adapters/inbound/schedule/download-schedule.ts'
import type { DownloadKeeping } from '../../../../src/domain/ports/inbound/download-keeping.ts'

/** Writes what waits, unless the store is away or never answers. */
class FakeKeeping implements DownloadKeeping {
  waiting = 0
  /** Comes in with the next collect. */
  arriving = 0
  collects = 0
  flushes = 0
  store: 'here' | 'away' | 'silent' | 'slow' = 'here'

  collect(): void {
    this.collects++
    this.waiting += this.arriving
    this.arriving = 0
  }

  async flush(): Promise<number> {
    this.flushes++
    if (this.store === 'silent') return new Promise(() => {})
    if (this.store === 'away') throw new Error('away')
    this.collect()
    if (this.store === 'slow') await new Promise((resolve) => setTimeout(resolve, 100))
    const written = this.waiting
    this.waiting = 0
    return written
  }
}

function aSchedule() {
  const keeping = new FakeKeeping()
  const told: string[] = []
  const schedule = new DownloadSchedule(keeping, 5, {
    unavailable: (reason) => told.push(`away: ${reason}`),
    available: (torrents) => told.push(`back: ${torrents}`),
  })
  return { keeping, told, schedule }
}

function pass(seconds: number): Promise<void> {
  return jest.advanceTimersByTimeAsync(1000 * seconds)
}

describe('the schedule of downloads', () => {
  // Time is an argument here: the clock of the test moves when it is told to.
  beforeEach(() => {
    jest.useFakeTimers()
  })
  afterEach(() => {
    jest.useRealTimers()
  })

  it('writes every so often', async () => {
    const { keeping, told, schedule } = aSchedule()
    schedule.start()
    await pass(4.95)
    expect(keeping.flushes).toBe(0)
    await pass(0.1)
    expect(keeping.flushes).toBe(1)
    await pass(10)
    expect([keeping.flushes, told]).toEqual([3, []])
    await schedule.stop(1000)
  })

  it('tries less and less often while the store is away, and tells so once', async () => {
    const { keeping, told, schedule } = aSchedule()
    keeping.store = 'away'
    schedule.start()
    const times: number[] = []
    for (let tenths = 0, flushes = 0; tenths < 3_000; tenths++) {
      await pass(0.1)
      if (keeping.flushes > flushes) times.push(Math.round((tenths + 1) / 10))
      flushes = keeping.flushes
    }
    expect(times).toEqual([5, 6, 8, 12, 20, 36, 68, 128, 188, 248])
    expect(told).toEqual(['away: Error: away'])
    keeping.arriving = 3
    keeping.store = 'here'
    await pass(60)
    expect(told).toEqual(['away: Error: away', 'back: 3'])
    keeping.store = 'away'
    await pass(6.5)
    expect(told).toHaveLength(3)
    keeping.store = 'here'
    await schedule.stop(1000)
  })

  it('writes what there is when it is stopped, and nothing after that', async () => {
    const { keeping, schedule } = aSchedule()
    schedule.start()
    await pass(1)
    keeping.arriving = 4
    expect(await schedule.stop(1000)).toBe(0)
    const { collects, flushes } = keeping
    expect([keeping.waiting, flushes]).toEqual([0, 1])
    await pass(100)
    expect([keeping.collects, keeping.flushes, jest.getTimerCount()]).toEqual([collects, flushes, 0])
  })

  it('does not ask the store for nothing when it is stopped', async () => {
    const { keeping, schedule } = aSchedule()
    schedule.start()
    keeping.store = 'silent'
    expect([await schedule.stop(1000), keeping.flushes]).toEqual([0, 0])
  })

  it('waits for a store that comes back before the deadline', async () => {
    const { keeping, told, schedule } = aSchedule()
    schedule.start()
    keeping.arriving = 4
    keeping.store = 'away'
    const stopped = schedule.stop(10_000)
    await pass(2.5)
    keeping.store = 'here'
    await pass(1)
    expect(await stopped).toBe(0)
    expect(told).toEqual(['away: Error: away', 'back: 4'])
    expect(jest.getTimerCount()).toBe(0)
  })

  it('gives the store a moment even when there is no time left, and writes what came in meanwhile', async () => {
    const { keeping, schedule } = aSchedule()
    schedule.start()
    keeping.arriving = 4
    keeping.store = 'slow'
    const stopped = schedule.stop(0)
    keeping.arriving = 2
    await pass(0.3)
    expect([await stopped, keeping.flushes, jest.getTimerCount()]).toEqual([0, 2, 0])
  })

  it.each(['away', 'silent'] as const)(
    'says at the deadline what could not be written to a store that is %s',
    async (store) => {
      const { keeping, schedule } = aSchedule()
      schedule.start()
      keeping.arriving = 4
      keeping.store = store
      const stopped = schedule.stop(3_000)
      await pass(3)
      expect(await stopped).toBe(4)
      expect(jest.getTimerCount()).toBe(0)
    },
  )
})
