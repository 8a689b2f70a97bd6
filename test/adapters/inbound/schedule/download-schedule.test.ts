import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { DownloadSchedule } from '../../../../src/adapters/inbound/schedule/download-schedule.ts'
import type { DownloadKeeping } from '../../../../src/domain/ports/inbound/download-keeping.ts'

/** Writes the waiting counts, unless the store is unavailable or never answers. */
class FakeKeeping implements DownloadKeeping {
  waiting = 0
  /** Added by the next collect. */
  arriving = 0
  collects = 0
  flushes = 0
  store: 'here' | 'unavailable' | 'silent' | 'slow' = 'here'

  collect(): void {
    this.collects++
    this.waiting += this.arriving
    this.arriving = 0
  }

  async flush(): Promise<number> {
    this.flushes++
    if (this.store === 'silent') return new Promise(() => {})
    if (this.store === 'unavailable') throw new Error('unavailable')
    this.collect()
    if (this.store === 'slow') await new Promise((resolve) => setTimeout(resolve, 100))
    const written = this.waiting
    this.waiting = 0
    return written
  }
}

function aSchedule() {
  const keeping = new FakeKeeping()
  const reported: string[] = []
  const schedule = new DownloadSchedule(keeping, 5, {
    unavailable: (reason) => reported.push(`unavailable: ${reason}`),
    available: (torrents) => reported.push(`available: ${torrents}`),
  })
  return { keeping, reported, schedule }
}

function pass(seconds: number): Promise<void> {
  return jest.advanceTimersByTimeAsync(1000 * seconds)
}

describe('the schedule of downloads', () => {
  // Fake timers: the test controls the time.
  beforeEach(() => {
    jest.useFakeTimers()
  })
  afterEach(() => {
    jest.useRealTimers()
  })

  it('writes at every interval', async () => {
    const { keeping, reported, schedule } = aSchedule()
    schedule.start()
    await pass(4.95)
    expect(keeping.flushes).toBe(0)
    await pass(0.1)
    expect(keeping.flushes).toBe(1)
    await pass(10)
    expect([keeping.flushes, reported]).toEqual([3, []])
    await schedule.stop(1000)
  })

  it('backs off while the store is unavailable, and reports that once', async () => {
    const { keeping, reported, schedule } = aSchedule()
    keeping.store = 'unavailable'
    schedule.start()
    const times: number[] = []
    for (let tenths = 0, flushes = 0; tenths < 3_000; tenths++) {
      await pass(0.1)
      if (keeping.flushes > flushes) times.push(Math.round((tenths + 1) / 10))
      flushes = keeping.flushes
    }
    expect(times).toEqual([5, 6, 8, 12, 20, 36, 68, 128, 188, 248])
    expect(reported).toEqual(['unavailable: Error: unavailable'])
    keeping.arriving = 3
    keeping.store = 'here'
    await pass(60)
    expect(reported).toEqual(['unavailable: Error: unavailable', 'available: 3'])
    keeping.store = 'unavailable'
    await pass(6.5)
    expect(reported).toHaveLength(3)
    keeping.store = 'here'
    await schedule.stop(1000)
  })

  it('writes the waiting counts when it is stopped, and nothing after that', async () => {
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

  it('does not call the store when it is stopped with nothing to write', async () => {
    const { keeping, schedule } = aSchedule()
    schedule.start()
    keeping.store = 'silent'
    expect([await schedule.stop(1000), keeping.flushes]).toEqual([0, 0])
  })

  it('waits for a store that comes back before the deadline', async () => {
    const { keeping, reported, schedule } = aSchedule()
    schedule.start()
    keeping.arriving = 4
    keeping.store = 'unavailable'
    const stopped = schedule.stop(10_000)
    await pass(2.5)
    keeping.store = 'here'
    await pass(1)
    expect(await stopped).toBe(0)
    expect(reported).toEqual(['unavailable: Error: unavailable', 'available: 4'])
    expect(jest.getTimerCount()).toBe(0)
  })

  it('gives the store a moment even after the deadline, and writes what has arrived meanwhile', async () => {
    const { keeping, schedule } = aSchedule()
    schedule.start()
    keeping.arriving = 4
    keeping.store = 'slow'
    const stopped = schedule.stop(0)
    keeping.arriving = 2
    await pass(0.3)
    expect([await stopped, keeping.flushes, jest.getTimerCount()]).toEqual([0, 2, 0])
  })

  it.each(['unavailable', 'silent'] as const)(
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
