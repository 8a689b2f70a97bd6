import { describe, expect, it } from '@jest/globals'
import { BatchWatch } from '../../../../src/adapters/inbound/udp/batch-watch.ts'
import { UdpTally } from '../../../../src/adapters/inbound/udp/udp-tally.ts'
import { Counter } from '../../../../src/adapters/protocol/metrics/counters.ts'
import { PlainCounters } from '../../../fakes/plain-counters.ts'
import { PlainMeasurements } from '../../../fakes/plain-measurements.ts'

function aWatch(now?: () => number) {
  const counters = new PlainCounters()
  const tally = new UdpTally()
  const measurements = new PlainMeasurements()
  const watch = new BatchWatch(tally, measurements, now)
  const batch = (connects: number, announces: number, scrapes: number, passes = () => {}) => {
    watch.begin()
    passes()
    tally.counts[Counter.udp4_connects] += connects
    tally.counts[Counter.udp6_announces] += announces
    tally.counts[Counter.udp4_scrapes] += scrapes
    watch.end(connects + announces + scrapes)
  }
  return { batch, counters, tally, measurements }
}

describe('BatchWatch', () => {
  it('times every fourth batch and measures the size of all', () => {
    const { batch, measurements } = aWatch()
    for (let n = 0; n < 9; n++) batch(0, 10, 0)
    expect(measurements.times('udp_handling')).toBe(30)
    expect(measurements.seen.get('udp_batch_datagrams')).toEqual(new Array(9).fill({ value: 10, times: 1 }))
  })

  it('divides the time among the datagrams of the batch only', () => {
    const { batch, counters, tally, measurements } = aWatch()
    tally.counts[Counter.udp4_connects] = 1000
    batch(1, 2, 3)
    tally.flush(counters)
    const [{ value }] = measurements.seen.get('udp_handling') ?? []
    const nanoseconds = Math.round(value * 1e9)
    expect(counters.total(Counter.udp_connects_timed)).toBe(1)
    expect(counters.total(Counter.udp_connect_nanoseconds)).toBe(nanoseconds)
    expect(counters.total(Counter.udp_announces_timed)).toBe(2)
    expect(counters.total(Counter.udp_announce_nanoseconds)).toBe(2 * nanoseconds)
    expect(counters.total(Counter.udp_scrapes_timed)).toBe(3)
    expect(counters.total(Counter.udp_scrape_nanoseconds)).toBe(3 * nanoseconds)
  })

  it('sums up times without overflow on a machine that was suspended', () => {
    let nowMs = 1
    const { batch, counters, tally } = aWatch(() => nowMs)
    // Of five batches the first and the last are timed, and nothing is reported in between. 32 bits hold 2.1 s.
    for (const seconds of [2.5, 9, 9, 9, 3600]) {
      batch(0, 4, 0, () => {
        nowMs += seconds * 1000
      })
    }
    tally.flush(counters)
    expect(counters.total(Counter.udp_announces_timed)).toBe(8)
    expect(counters.total(Counter.udp_announce_nanoseconds)).toBe(3_602_500_000_000)
  })

  it('measures nothing when measurements are off', () => {
    const { batch, measurements, tally } = aWatch()
    measurements.isOn = false
    batch(1, 1, 1)
    expect(measurements.seen.size).toBe(0)
    expect(tally.counts[Counter.udp_connects_timed]).toBe(0)
  })
})
