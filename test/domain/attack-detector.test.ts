import { describe, expect, it } from '@jest/globals'
import { type AttackChange, AttackDetector, type SignalCounts } from '../../src/domain/attack-detector.ts'

const SIGNALS = [
  { name: 'junk', weight: 1, graceSeconds: 0 },
  { name: 'connections', weight: 0.1, graceSeconds: 0 },
  { name: 'wrong_ids', weight: 1, graceSeconds: 180 },
]

interface Second {
  readonly junk?: number
  readonly connections?: number
  readonly wrongIds?: number
  readonly served?: number
}

function aDetector(bounds = { minPerSecond: 1000, ratio: 2 }) {
  const detector = new AttackDetector(SIGNALS, bounds)
  const second = (counts: Second, elapsed = 1): AttackChange | undefined => {
    const { junk = 0, connections = 0, wrongIds = 0, served = 0 } = counts
    const signals: readonly SignalCounts[] = [junk, connections, wrongIds].map((bad) => ({ bad, served }))
    return detector.step(elapsed, signals)
  }
  /** The changes in so many seconds, each with the number of its second. */
  const seconds = (count: number, counts: Second): readonly [number, AttackChange][] =>
    Array.from({ length: count }, (_, i) => [i + 1, second(counts)] as const).filter(
      (change): change is [number, AttackChange] => change[1] !== undefined,
    )
  return { second, seconds }
}

describe('an attack begins', () => {
  it('after five seconds above the bound, with the rate and the bound', () => {
    const { seconds } = aDetector()
    expect(seconds(100, { junk: 1001 })).toEqual([
      [5, { kind: 'began', rates: [{ name: 'junk', perSecond: 1001, boundPerSecond: 1000 }] }],
    ])
  })

  it('never at the bound, nor by a few stray datagrams of a quiet tracker', () => {
    expect(aDetector().seconds(1000, { junk: 1000 })).toEqual([])
    expect(aDetector().seconds(1000, { junk: 10 })).toEqual([])
  })

  it('never below the multiple of what is served', () => {
    expect(aDetector().seconds(1000, { junk: 40_000, served: 20_000 })).toEqual([])
    expect(aDetector().seconds(5, { junk: 40_001, served: 20_000 })).toMatchObject([
      [5, { rates: [{ boundPerSecond: 40_000 }] }],
    ])
  })

  it('only when the five seconds follow one another', () => {
    const { seconds } = aDetector()
    for (let round = 0; round < 100; round++) {
      expect(seconds(4, { junk: 500_000 })).toEqual([])
      expect(seconds(1, { junk: 1000 })).toEqual([])
    }
  })

  it('by signals whose events cost more at a lower rate', () => {
    expect(aDetector().seconds(100, { connections: 100 })).toEqual([])
    expect(aDetector().seconds(100, { connections: 101 })).toHaveLength(1)
  })

  it('in rates, however long a step is, and never in one step', () => {
    const { second } = aDetector()
    expect(second({ junk: 9900 }, 10)).toBeUndefined()
    expect(second({ junk: 900_000 }, 10)).toBeUndefined()
    expect(second({ junk: 900_000 }, 10)).toBeUndefined()
    expect(second({ junk: 900_000 }, 10)).toMatchObject({ kind: 'began', rates: [{ perSecond: 90_000 }] })
  })

  it('by nothing in its time of grace', () => {
    const { seconds } = aDetector()
    expect(seconds(180, { wrongIds: 50_000 })).toEqual([])
    expect(seconds(5, { wrongIds: 50_000 })).toMatchObject([[5, { kind: 'began' }]])
  })
})

describe('an attack ends', () => {
  it('after a minute below half of the bound, with how long it lasted and the highest rates', () => {
    const { seconds } = aDetector()
    seconds(5, { junk: 2000 })
    seconds(10, { junk: 150_000, connections: 99 })
    seconds(1, { junk: 1500, connections: 250 })
    expect(seconds(60, { junk: 499 })).toEqual([
      [
        60,
        {
          kind: 'ended',
          seconds: 71,
          rates: [
            { name: 'junk', perSecond: 150_000, boundPerSecond: 1000 },
            { name: 'connections', perSecond: 250, boundPerSecond: 100 },
          ],
        },
      ],
    ])
  })

  it('never while a signal is at half of its bound once a minute', () => {
    const { seconds } = aDetector()
    seconds(5, { junk: 2000 })
    for (let minute = 0; minute < 60; minute++) {
      expect(seconds(59, {})).toEqual([])
      expect(seconds(1, { junk: 500 })).toEqual([])
    }
    expect(seconds(60, {})).toHaveLength(1)
  })

  it('and can begin again after another five seconds: never more than once a minute', () => {
    const { seconds } = aDetector()
    const changes = Array.from({ length: 100 }, (_, i) => seconds(10, { junk: i % 2 === 0 ? 5000 : 0 })).flat()
    expect(changes).toMatchObject([[5, { kind: 'began' }]])
    expect(seconds(60, {})).toHaveLength(1)
    expect(seconds(5, { junk: 5000 })).toMatchObject([[5, { kind: 'began' }]])
  })

  it('with peaks of its own', () => {
    const { seconds } = aDetector()
    seconds(10, { junk: 90_000 })
    seconds(60, {})
    seconds(5, { junk: 3000 })
    expect(seconds(60, {})).toMatchObject([[60, { rates: [{ perSecond: 3000 }] }]])
  })
})
