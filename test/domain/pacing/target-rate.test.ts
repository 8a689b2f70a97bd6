// The control loop with a million clients over six simulated hours. After the settling time that ADR 0054 states, the
// rate of every window is within 10 % of the target.

import { describe, expect, it } from '@jest/globals'
import { AnnounceCrowd } from '../../model/announce-crowd.ts'

const MINUTE = 60
const HOUR = 3600
const SIX_HOURS = 6 * HOUR
const TARGET = { announcesPerSecond: 500, minSeconds: 1800, maxSeconds: 9000, jitter: 0.2 }

/** Rates further than 10 % from 500 a second in windows of `length` seconds, to the end of the six hours. */
function misses(crowd: AnnounceCrowd, from: number, length: number): number[] {
  const rates = crowd.rates(from, SIX_HOURS, length)
  expect(rates.length).toBeGreaterThanOrEqual(4)
  return rates.filter((rate) => rate < 450 || rate > 550)
}

/** How far the interval has moved since `from`. */
function swing(crowd: AnnounceCrowd, from: number): number {
  const intervals = crowd.intervals.subarray(from, crowd.now)
  return Math.max(...intervals) - Math.min(...intervals)
}

/** A million known clients in step with the target. */
function aSettledCrowd(target = TARGET): AnnounceCrowd {
  const crowd = new AnnounceCrowd(target, SIX_HOURS, 1_000_000)
  crowd.add(1_000_000, 0, 1980, false)
  return crowd
}

describe('a million clients that return in the same minute', () => {
  it('announce at the target rate after five minutes, when all keep to the interval', () => {
    const crowd = new AnnounceCrowd(TARGET, SIX_HOURS)
    crowd.add(1_000_000, 0, MINUTE)
    crowd.run(SIX_HOURS)
    expect(crowd.rates(0, MINUTE, MINUTE)[0]).toBeGreaterThan(16_000)
    expect(misses(crowd, 5 * MINUTE, 5 * MINUTE)).toEqual([])
    expect(swing(crowd, 4 * HOUR)).toBeLessThan(10)
  })

  it('do so after two hours, when half of them have periods of their own, from 20 to 40 minutes', () => {
    const crowd = new AnnounceCrowd(TARGET, SIX_HOURS)
    crowd.add(500_000, 0, MINUTE)
    for (let period = 1200; period < 2400; period++) crowd.addIgnoring(416, 0, MINUTE, period)
    crowd.run(SIX_HOURS)
    expect(misses(crowd, 2 * HOUR, 5 * MINUTE)).toEqual([])
    expect(misses(crowd, 30 * MINUTE, 30 * MINUTE)).toEqual([])
    expect(swing(crowd, 4 * HOUR)).toBeLessThan(50)
  })

  it('do so on average, when half of them come every 30 minutes in step, which no interval can change', () => {
    const crowd = new AnnounceCrowd(TARGET, SIX_HOURS)
    crowd.add(500_000, 0, MINUTE)
    crowd.addIgnoring(500_000, 0, MINUTE, 1800)
    crowd.run(SIX_HOURS)
    expect(misses(crowd, 30 * MINUTE, 30 * MINUTE)).toEqual([])
  })

  it('announce at the target rate again after an outage of an hour, within 70 minutes', () => {
    const crowd = aSettledCrowd()
    crowd.run(2 * HOUR)
    crowd.failUntil(3 * HOUR)
    crowd.run(SIX_HOURS)
    expect(crowd.rates(2 * HOUR, 3 * HOUR, HOUR)).toEqual([0])
    expect(misses(crowd, 3 * HOUR + 70 * MINUTE, 5 * MINUTE)).toEqual([])
  })
})

describe('the target rate', () => {
  it('is held after 65 minutes, when half of the clients come every 30 minutes whatever they are told', () => {
    const crowd = new AnnounceCrowd(TARGET, SIX_HOURS)
    crowd.add(500_000, 0, 1800)
    crowd.addIgnoring(500_000, 0, 1800, 1800)
    crowd.run(SIX_HOURS)
    expect(misses(crowd, 65 * MINUTE, 5 * MINUTE)).toEqual([])
    expect(swing(crowd, 4 * HOUR)).toBeLessThan(20)
  })

  it('is held from the first minute, when the swarms of a million clients are loaded from a snapshot', () => {
    const crowd = aSettledCrowd()
    crowd.run(SIX_HOURS)
    expect(misses(crowd, 0, 5 * MINUTE)).toEqual([])
    expect(swing(crowd, 0)).toBeLessThan(60)
  })

  it('is held within one interval of the population doubling', () => {
    const crowd = aSettledCrowd()
    crowd.run(2 * HOUR)
    crowd.add(1_000_000, 2 * HOUR, MINUTE)
    crowd.run(SIX_HOURS)
    expect(misses(crowd, 2 * HOUR + 5 * MINUTE, 5 * MINUTE)).toEqual([])
    expect(Math.abs(crowd.control.intervalSeconds - 3637)).toBeLessThan(20)
  })

  it('is held within one interval of the population halving', () => {
    const crowd = aSettledCrowd({ ...TARGET, minSeconds: 300 })
    crowd.run(2 * HOUR)
    crowd.removeShare(0.5)
    crowd.run(SIX_HOURS)
    expect(misses(crowd, 2 * HOUR + 35 * MINUTE, 5 * MINUTE)).toEqual([])
    expect(Math.abs(crowd.control.intervalSeconds - 910)).toBeLessThan(10)
  })

  it('is not lost when the clock jumps by a day', () => {
    const crowd = aSettledCrowd({ ...TARGET, minSeconds: 300 })
    crowd.run(2 * HOUR)
    crowd.control.step({ elapsedSeconds: 86_400, announces: 0, peers: crowd.peers })
    crowd.run(SIX_HOURS)
    expect(misses(crowd, 2 * HOUR, 10 * MINUTE)).toEqual([])
  })

  it('leaves the interval at its shortest while there are few clients, after the ramp of an empty tracker', () => {
    const crowd = new AnnounceCrowd(TARGET, SIX_HOURS)
    crowd.add(20_000, 0, 1800)
    crowd.run(SIX_HOURS)
    expect(crowd.intervals[0]).toBe(301)
    expect(crowd.intervals[900]).toBe(1201)
    expect(new Set(crowd.intervals.subarray(1500))).toEqual(new Set([1800]))
  })

  it('is exceeded when the longest interval is too short for it, and then replies are shortened', () => {
    const crowd = new AnnounceCrowd({ ...TARGET, announcesPerSecond: 60 }, SIX_HOURS)
    crowd.add(1_000_000, 0, 1800)
    crowd.run(SIX_HOURS)
    expect(Math.max(...crowd.intervals)).toBe(9000)
    const { isShedding, peerShare } = crowd.control
    expect(isShedding).toBe(true)
    expect(peerShare).toBeLessThan(0.5)
  })
})
