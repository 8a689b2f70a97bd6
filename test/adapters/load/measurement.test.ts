import { describe, expect, it } from '@jest/globals'
import { createLoadMemory, LOAD_COUNTS, rowOf } from '../../../src/adapters/load/load-memory.ts'
import { Measurement } from '../../../src/adapters/load/measurement.ts'
import { aLoadPlan } from './a-plan.ts'

class Rig {
  readonly #memory = createLoadMemory(1)
  readonly counts = rowOf(this.#memory, 0).counts
  now = 5000
  readonly measurement = new Measurement(aLoadPlan(), this.#memory, () => this.now)

  /** Counts requests and replies within so many milliseconds. */
  pass(milliseconds: number, requests: number, replies: number): void {
    this.now += milliseconds
    this.counts[LOAD_COUNTS.announces] += requests
    this.counts[LOAD_COUNTS.announceReplies] += replies
  }

  report() {
    return this.measurement.report({ fill: null, firstFailure: undefined })
  }
}

describe('the measurement of a load', () => {
  it('has a moment for each second, and for what is left of the last', () => {
    const rig = new Rig()
    rig.pass(1000, 100, 90)
    rig.measurement.look()
    rig.pass(500, 20, 10)
    rig.measurement.end()
    expect(rig.report().moments).toEqual([
      { atSeconds: 1, requestsPerSecond: 100, repliesPerSecond: 90, p50: null, p99: null },
      { atSeconds: 1.5, requestsPerSecond: 40, repliesPerSecond: 20, p50: null, p99: null },
    ])
  })

  it('has no moment for next to nothing', () => {
    const rig = new Rig()
    rig.pass(1000, 1, 1)
    rig.measurement.look()
    rig.pass(2, 1, 1)
    rig.measurement.end()
    expect(rig.report().moments).toHaveLength(1)
  })

  it('counts replies of the drain, but not as a rate', () => {
    const rig = new Rig()
    rig.pass(2000, 100, 60)
    rig.measurement.end()
    rig.pass(2000, 10, 45)
    expect(rig.report()).toMatchObject({
      requests: 110,
      replies: 105,
      lost: 5,
      requestsPerSecond: 50,
      repliesPerSecond: 30,
    })
  })
})
