import { describe, expect, it } from '@jest/globals'
import { Random } from '../../../src/domain/swarm/random.ts'

/** Pearson's statistic of a number of throws. */
function chiSquare(random: Random, sides: number, throws: number): number {
  const counts = new Array(sides).fill(0)
  for (let i = 0; i < throws; i++) counts[random.below(sides)]++
  const expected = throws / sides
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

describe('random numbers', () => {
  // The 0.1 % quantile is about 3.1 standard deviations, each the root of twice the degrees of freedom, above their
  // number.
  it.each([2, 3, 6, 50, 360, 1000])('below %d are fair', (sides) => {
    for (const seed of [1, 0, -5, 0x7fffffff]) {
      const chi = chiSquare(new Random(seed), sides, sides * 200)
      expect(chi).toBeLessThan(sides - 1 + 3.5 * Math.sqrt(2 * (sides - 1)) + 5)
    }
  })

  it('never leave their range, up to 65,536 sides', () => {
    const random = new Random(3)
    for (const sides of [1, 2, 65_535, 65_536]) {
      let least = sides
      let max = -1
      for (let i = 0; i < 200_000; i++) {
        const value = random.below(sides)
        least = Math.min(least, value)
        max = Math.max(max, value)
      }
      expect(least).toBeGreaterThanOrEqual(0)
      expect(max).toBeLessThan(sides)
      expect(max).toBeGreaterThanOrEqual(Math.floor(sides * 0.999) - 1)
    }
  })

  it('do not get stuck for any seed', () => {
    for (const seed of [0, 1, -1, 2 ** 31]) {
      const random = new Random(seed)
      expect(new Set(Array.from({ length: 1000 }, () => random.bits())).size).toBe(1000)
    }
  })
})
