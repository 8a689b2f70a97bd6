import { describe, expect, it } from '@jest/globals'
import { COUNTER_NAMES, Counter, readTotals } from '../../../../src/adapters/protocol/metrics/counters.ts'
import { Family } from '../../../../src/domain/announce.ts'
import { TRACKER_COUNTER_NAMES, TrackerCounter } from '../../../../src/domain/ports/outbound/counters.ts'
import { PlainCounters } from '../../../fakes/plain-counters.ts'

describe('the tables of counters', () => {
  it('name each counter once', () => {
    expect(new Set(COUNTER_NAMES).size).toBe(COUNTER_NAMES.length)
  })

  it("give the tracker's own counters the indices that the tracker uses", () => {
    expect(TRACKER_COUNTER_NAMES.map((name) => Counter[name])).toEqual(
      TRACKER_COUNTER_NAMES.map((name) => TrackerCounter[name]),
    )
  })

  it('place the two address families of a counter at the offsets of `Family`', () => {
    const paired = COUNTER_NAMES.filter((name) => /^[a-z]+[46]_/.test(name))
    expect(paired.length).toBeGreaterThan(0)
    for (const name of paired) {
      const first = Counter[name.replace(/6_/, '4_') as keyof typeof Counter]
      expect([name, Counter[name] - first]).toEqual([name, name.includes('6_') ? Family.IPv6 : Family.IPv4])
    }
  })

  it('return every total by its name', () => {
    const counters = new PlainCounters()
    counters.add(Counter.udp4_connects, 3)
    const totals = readTotals(counters)
    expect(Object.keys(totals)).toEqual([...COUNTER_NAMES])
    expect([totals.udp4_connects, totals.udp4_scrapes]).toEqual([3, 0])
  })
})
