// What a thread's clocks return when the machine's clock is set, and whether threads agree.

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it } from '@jest/globals'
import { SystemClock } from '../../../../src/adapters/outbound/system/system-clock.ts'
import { TickingClock } from '../../../../src/adapters/outbound/system/ticking-clock.ts'
import { readTimeBase } from '../../../../src/adapters/outbound/system/time-base.ts'

const rightNow = Date.now

/** Sets the machine's clock, as seen by this file. */
function stepClock(seconds: number): void {
  Date.now = () => rightNow() + seconds * 1000
}

afterEach(() => {
  Date.now = rightNow
})

describe.each([
  ['the system clock', SystemClock],
  ['the ticking clock', TickingClock],
])('%s', (_name, ClockOf) => {
  it('starts at the date', () => {
    const before = Math.floor(rightNow() / 1000)
    const clock = new ClockOf(readTimeBase())
    const readings = [clock.steadySeconds(), clock.wallSeconds()]
    const after = Math.floor(rightNow() / 1000)
    for (const seconds of readings) {
      expect(seconds).toBeGreaterThanOrEqual(before)
      expect(seconds).toBeLessThanOrEqual(after)
    }
  })

  it.each([86_400, -3600])('keeps its pace and returns the new date when the clock is set by %i s', (stepSeconds) => {
    const clock = new ClockOf(readTimeBase())
    const began = rightNow()
    const before = clock.steadySeconds()
    stepClock(stepSeconds)
    if (clock instanceof TickingClock) clock.tick()
    const passed = clock.steadySeconds() - before
    const off = clock.wallSeconds() - clock.steadySeconds() - stepSeconds
    expect(passed).toBeGreaterThanOrEqual(0)
    expect(passed).toBeLessThanOrEqual((rightNow() - began) / 1000 + 1)
    expect(Math.abs(off)).toBeLessThanOrEqual(1)
  })

  it('agrees with the other threads when its thread starts after the clock was set', () => {
    const base = readTimeBase()
    const early = new SystemClock(base)
    stepClock(-86_400)
    const late = new ClockOf(base)
    expect(late.steadySeconds() - early.steadySeconds()).toBeLessThanOrEqual(1)
    expect(late.steadySeconds() - early.steadySeconds()).toBeGreaterThanOrEqual(-1)
  })
})

describe('the ticking clock', () => {
  it('returns one date between two ticks', () => {
    const clock = new TickingClock(readTimeBase())
    const before = clock.wallSeconds()
    stepClock(100)
    expect(clock.wallSeconds()).toBe(before)
    clock.tick()
    expect(clock.wallSeconds() - before).toBeGreaterThanOrEqual(100)
  })
})

describe('threads', () => {
  it('agree on the time, whenever they started', async () => {
    const base = readTimeBase()
    const clock = new SystemClock(base)
    const before = clock.steadySeconds()
    const thread = new Worker(new URL('./clock-thread.ts', import.meta.url), { workerData: base })
    const [readings] = await once(thread, 'message')
    const after = clock.steadySeconds()
    expect(readings).toHaveLength(2)
    for (const seconds of readings) {
      expect(seconds).toBeGreaterThanOrEqual(before)
      expect(seconds).toBeLessThanOrEqual(after)
    }
  })
})
