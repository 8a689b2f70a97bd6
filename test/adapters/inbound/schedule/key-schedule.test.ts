import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { KeySchedule } from '../../../../src/adapters/inbound/schedule/key-schedule.ts'

describe('the schedule of looks at keys', () => {
  // Time is an argument here: the clock of the test moves when it is told to.
  beforeEach(() => {
    jest.useFakeTimers()
  })
  afterEach(() => {
    jest.useRealTimers()
  })

  it('has one look at a time, a minute after the last, also when one fails, until it is stopped', async () => {
    const failures: unknown[] = []
    let looks = 0
    let finish = (): void => {}
    const look = (): Promise<void> => {
      looks++
      if (looks === 1) return Promise.reject('no')
      return new Promise((resolve) => {
        finish = resolve
      })
    }
    const schedule = new KeySchedule({ look }, (error) => failures.push(error))
    schedule.start()
    await jest.advanceTimersByTimeAsync(59_999)
    expect(looks).toBe(0)
    await jest.advanceTimersByTimeAsync(1)
    expect([looks, failures]).toEqual([1, ['no']])
    await jest.advanceTimersByTimeAsync(600_000)
    expect(looks).toBe(2)
    finish()
    await jest.advanceTimersByTimeAsync(60_000)
    expect(looks).toBe(3)
    schedule.stop()
    finish()
    await jest.advanceTimersByTimeAsync(600_000)
    expect([looks, jest.getTimerCount()]).toEqual([3, 0])
  })
})
