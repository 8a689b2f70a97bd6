import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { FactSchedule } from '../../../../src/adapters/inbound/schedule/fact-schedule.ts'

describe('the schedule of facts', () => {
  // Time is an argument here: the clock of the test moves when it is told to.
  beforeEach(() => {
    jest.useFakeTimers()
  })
  afterEach(() => {
    jest.useRealTimers()
  })

  it('has facts collected ten times a second, and once more at the end', () => {
    let collects = 0
    const schedule = new FactSchedule({ collect: () => collects++ })
    jest.advanceTimersByTime(1000)
    expect(collects).toBe(0)
    schedule.start()
    jest.advanceTimersByTime(1000)
    expect(collects).toBe(10)
    schedule.stop()
    expect([collects, jest.getTimerCount()]).toEqual([11, 0])
  })
})
