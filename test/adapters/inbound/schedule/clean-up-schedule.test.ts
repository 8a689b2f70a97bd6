import { describe, expect, it, jest } from '@jest/globals'
import { CleanUpSchedule } from '../../../../src/adapters/inbound/schedule/clean-up-schedule.ts'
import type { CleanUp, Housekeeping } from '../../../../src/domain/ports/inbound/housekeeping.ts'

const INTERVAL_SECONDS = 60

/** Needs a given number of slices per round. */
class SlowHousekeeping implements Housekeeping {
  slices = 0
  readonly #slicesPerRound: number

  constructor(slicesPerRound: number) {
    this.#slicesPerRound = slicesPerRound
  }

  cleanUpSlice(): CleanUp | undefined {
    return ++this.slices % this.#slicesPerRound === 0 ? { peersRemoved: this.slices, torrentsRemoved: 1 } : undefined
  }
}

describe('the schedule of clean-ups', () => {
  // Fake timers: the test controls the time.
  const withTime = (body: () => Promise<void>) => async () => {
    jest.useFakeTimers()
    try {
      await body()
    } finally {
      jest.useRealTimers()
    }
  }

  it(
    'begins a round after each interval, not before',
    withTime(async () => {
      const housekeeping = new SlowHousekeeping(1)
      const rounds: number[] = []
      const schedule = new CleanUpSchedule(housekeeping, INTERVAL_SECONDS, ({ peersRemoved }) =>
        rounds.push(peersRemoved),
      )
      schedule.start()
      await jest.advanceTimersByTimeAsync(INTERVAL_SECONDS * 1000 - 1)
      expect(rounds).toEqual([])
      await jest.advanceTimersByTimeAsync(1)
      expect(rounds).toEqual([1])
      await jest.advanceTimersByTimeAsync(INTERVAL_SECONDS * 1000)
      expect(rounds).toEqual([1, 2])
    }),
  )

  it(
    'does nothing more once it is stopped',
    withTime(async () => {
      const housekeeping = new SlowHousekeeping(1)
      const schedule = new CleanUpSchedule(housekeeping, INTERVAL_SECONDS, () => {})
      schedule.start()
      schedule.stop()
      await jest.advanceTimersByTimeAsync(10 * INTERVAL_SECONDS * 1000)
      expect(housekeeping.slices).toBe(0)
    }),
  )

  it('lets the event loop turn between the slices of a long round', async () => {
    let turns = 0
    const count = (): void => {
      turns++
      turn = setImmediate(count)
    }
    let turn = setImmediate(count)
    let slices = 0
    let turnsBefore = 0
    let schedule: CleanUpSchedule | undefined
    await new Promise<void>((resolve) => {
      // The round ends once the event loop has turned, which never happens if slices block it.
      const housekeeping = {
        cleanUpSlice: () => {
          if (slices++ === 0) turnsBefore = turns
          return turns >= turnsBefore + 5 ? { peersRemoved: 0, torrentsRemoved: 0 } : undefined
        },
      }
      schedule = new CleanUpSchedule(housekeeping, 0.001, () => resolve())
      schedule.start()
    })
    schedule?.stop()
    clearImmediate(turn)
    expect(slices).toBeGreaterThan(1)
    expect(turns).toBeGreaterThanOrEqual(turnsBefore + 5)
  })
})
