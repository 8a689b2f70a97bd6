// A repeated task with fake timers.

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { Repeater, type RepeaterOptions } from '../../../../src/adapters/inbound/schedule/repeater.ts'

/** Runs until the test finishes it. */
class SlowTask {
  begun = 0
  atOnce = 0
  maxAtOnce = 0
  #running: PromiseWithResolvers<number> | undefined

  readonly run = (): Promise<number> => {
    this.maxAtOnce = Math.max(this.maxAtOnce, ++this.atOnce)
    this.#running = Promise.withResolvers()
    this.begun++
    return this.#running.promise
  }

  async finish(error?: Error): Promise<void> {
    this.atOnce--
    if (error === undefined) this.#running?.resolve(this.begun)
    else this.#running?.reject(error)
    await later(0)
  }
}

function later(seconds: number): Promise<void> {
  return jest.advanceTimersByTimeAsync(seconds * 1000)
}

function aRepeater(options: Partial<RepeaterOptions<number>> = {}) {
  const task = new SlowTask()
  const reported: unknown[] = []
  const repeater = new Repeater(task.run, {
    intervalMilliseconds: 60_000,
    done: (result, { milliseconds, failuresBefore }) => reported.push([result, milliseconds, failuresBefore]),
    failed: (error, { milliseconds, failuresBefore }) => reported.push([`${error}`, milliseconds, failuresBefore]),
    ...options,
  })
  return { task, reported, repeater }
}

describe('a repeater', () => {
  beforeEach(() => {
    jest.useFakeTimers()
  })
  afterEach(() => {
    jest.useRealTimers()
  })

  it('calls one interval after the start and after each call, even a failed one, until stopped', async () => {
    const { task, reported, repeater } = aRepeater()
    await later(600)
    expect(task.begun).toBe(0)
    repeater.start()
    await later(59.999)
    expect(task.begun).toBe(0)
    await later(0.001)
    expect(task.begun).toBe(1)
    await later(600)
    expect(task.begun).toBe(1)
    await task.finish(new Error('no'))
    await later(60)
    expect(task.begun).toBe(2)
    await later(1)
    await task.finish()
    await later(60)
    expect(task.begun).toBe(3)
    repeater.stop()
    await task.finish()
    await later(600)
    expect([task.begun, task.maxAtOnce, jest.getTimerCount()]).toEqual([3, 1, 0])
    expect(reported).toEqual([
      ['Error: no', 600_000, 0],
      [2, 1000, 1],
      [3, 0, 0],
    ])
  })

  it('calls on time when the task ends at once', async () => {
    let calls = 0
    const repeater = new Repeater(() => void calls++, { intervalMilliseconds: 100 })
    repeater.start()
    await later(1)
    expect(calls).toBe(10)
    repeater.stop()
    expect(jest.getTimerCount()).toBe(0)
  })

  it('backs off after failures in a row, and returns to the interval after a success', async () => {
    const { task, repeater } = aRepeater({ backOff: { firstMilliseconds: 1000, maxMilliseconds: 3000 } })
    repeater.start()
    await later(60)
    for (const [seconds, calls] of [
      [1, 2],
      [2, 3],
      [3, 4],
      [3, 5],
    ] as const) {
      await task.finish(new Error('away'))
      await later(seconds - 0.001)
      expect(task.begun).toBe(calls - 1)
      await later(0.001)
      expect(task.begun).toBe(calls)
    }
    await task.finish()
    await later(59.999)
    expect(task.begun).toBe(5)
    await later(0.001)
    await task.finish(new Error('away'))
    await later(1)
    expect(task.begun).toBe(7)
  })

  it('joins the running call, or begins one if there is none', async () => {
    const { task, repeater } = aRepeater()
    repeater.start()
    await later(60)
    const joined = [repeater.run(), repeater.run()]
    expect(task.begun).toBe(1)
    await task.finish(new Error('no'))
    expect(await Promise.all(joined)).toEqual([false, false])
    const alone = repeater.run()
    expect(task.begun).toBe(2)
    await task.finish()
    expect([await alone, task.maxAtOnce]).toEqual([true, 1])
  })

  it('begins one new call for all requests during another, even if that one fails', async () => {
    const { task, repeater } = aRepeater()
    const first = repeater.runAfresh()
    const others = [repeater.runAfresh(), repeater.runAfresh()]
    expect(task.begun).toBe(1)
    await task.finish(new Error('no'))
    expect([await first, task.begun]).toEqual([false, 2])
    await task.finish()
    expect([await Promise.all(others), task.begun, task.maxAtOnce]).toEqual([[true, true], 2, 1])
  })

  it('does not run a due call beside a requested one, which replaces it', async () => {
    const { task, repeater } = aRepeater()
    repeater.start()
    await later(59)
    void repeater.run()
    await later(30)
    expect(task.begun).toBe(1)
    await task.finish()
    await later(59.999)
    expect(task.begun).toBe(1)
    await later(0.001)
    expect([task.begun, task.maxAtOnce]).toEqual([2, 1])
  })

  it('rejects with a failure when there is no handler for it', async () => {
    const repeater = new Repeater(() => Promise.reject(new Error('ours')), { intervalMilliseconds: 1 })
    await expect(repeater.run()).rejects.toThrow('ours')
  })
})
