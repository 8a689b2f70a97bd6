// The snapshot schedule with fake timers.

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { SnapshotSchedule } from '../../../../src/adapters/inbound/schedule/snapshot-schedule.ts'
import type { SnapshotSaved, Snapshots } from '../../../../src/domain/ports/inbound/snapshots.ts'

/** Runs until the test finishes it. */
class SlowSnapshots implements Snapshots {
  begun = 0
  atOnce = 0
  maxRunning = 0
  readonly #running: PromiseWithResolvers<SnapshotSaved>[] = []

  save(): Promise<SnapshotSaved> {
    this.begun++
    this.maxRunning = Math.max(this.maxRunning, ++this.atOnce)
    const run = Promise.withResolvers<SnapshotSaved>()
    this.#running.push(run)
    return run.promise
  }

  async load(): Promise<undefined> {
    return undefined
  }

  async finish(error?: Error): Promise<void> {
    this.atOnce--
    const run = this.#running.shift()
    if (error === undefined) run?.resolve({ torrents: 1, peers: 2, bytes: 3 })
    else run?.reject(error)
    await jest.advanceTimersByTimeAsync(0)
  }
}

let snapshots: SlowSnapshots
let saved: SnapshotSaved[]
let failures: unknown[]
function aSchedule(seconds: number) {
  return new SnapshotSchedule(snapshots, seconds, {
    saved: (what) => saved.push(what),
    failed: (error) => failures.push(error),
  })
}

function later(seconds: number) {
  return jest.advanceTimersByTimeAsync(seconds * 1000)
}

beforeEach(() => {
  jest.useFakeTimers()
  snapshots = new SlowSnapshots()
  saved = []
  failures = []
})
afterEach(() => {
  jest.useRealTimers()
})

describe('scheduled snapshots', () => {
  it('are taken one interval after the start, and one interval after the end of each', async () => {
    const schedule = aSchedule(60)
    schedule.start()
    await later(59)
    expect(snapshots.begun).toBe(0)
    await later(1)
    expect(snapshots.begun).toBe(1)
    await later(600)
    expect(snapshots.begun).toBe(1)
    await snapshots.finish()
    expect(saved).toEqual([{ torrents: 1, peers: 2, bytes: 3 }])
    await later(60)
    expect(snapshots.begun).toBe(2)
  })

  it('never run at once, and each request gets one that begins after it', async () => {
    const schedule = aSchedule(0)
    schedule.start()
    const first = schedule.save()
    const second = schedule.save()
    const third = schedule.save()
    expect(snapshots.begun).toBe(1)
    await snapshots.finish()
    await first
    expect(snapshots.begun).toBe(2)
    await snapshots.finish()
    await Promise.all([second, third])
    expect([snapshots.begun, snapshots.maxRunning]).toEqual([2, 1])
  })

  it('end with one that begins after the stop', async () => {
    const schedule = aSchedule(60)
    schedule.start()
    await later(60)
    const stopped = schedule.stop()
    expect(snapshots.begun).toBe(1)
    await snapshots.finish()
    expect(snapshots.begun).toBe(2)
    await snapshots.finish()
    await stopped
    await later(600)
    expect([snapshots.begun, snapshots.maxRunning]).toEqual([2, 1])
  })

  it('do not end with one if the schedule never started, so the old file stays', async () => {
    await aSchedule(60).stop()
    expect(snapshots.begun).toBe(0)
  })

  it('report a failure once, until one has succeeded', async () => {
    const schedule = aSchedule(60)
    schedule.start()
    for (let round = 0; round < 3; round++) {
      await later(60)
      await snapshots.finish(new Error('disk full'))
    }
    expect([snapshots.begun, failures.length]).toEqual([3, 1])
    await later(60)
    await snapshots.finish()
    await later(60)
    await snapshots.finish(new Error('disk full'))
    expect([saved.length, failures.length]).toEqual([1, 2])
  })
})
