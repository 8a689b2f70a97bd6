import { describe, expect, it } from '@jest/globals'
import { Dice } from '../../../src/domain/swarm/random.ts'

/** Pearson's statistic of so many throws. */
function chiSquare(dice: Dice, sides: number, throws: number): number {
  const counts = new Array(sides).fill(0)
  for (let i = 0; i < throws; i++) counts[dice.below(sides)]++
  const expected = throws / sides
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

describe('dice', () => {
  // The 0.1 % quantile lies about 3.1 standard deviations, each the root of twice the degrees of freedom, above their number.
  it.each([2, 3, 6, 50, 360, 1000])('with %d sides are fair', (sides) => {
    for (const seed of [1, 0, -5, 0x7fffffff]) {
      const chi = chiSquare(new Dice(seed), sides, sides * 200)
      expect(chi).toBeLessThan(sides - 1 + 3.5 * Math.sqrt(2 * (sides - 1)) + 5)
    }
  })

  it('never leave their range, up to 65,536 sides', () => {
    const dice = new Dice(3)
    for (const sides of [1, 2, 65_535, 65_536]) {
      let least = sides
      let most = -1
      for (let i = 0; i < 200_000; i++) {
        const value = dice.below(sides)
        least = Math.min(least, value)
        most = Math.max(most, value)
      }
      expect(least).toBeGreaterThanOrEqual(0)
      expect(most).toBeLessThan(sides)
      expect(most).toBeGreaterThanOrEqual(Math.floor(sides * 0.999) - 1)
    }
  })

  it('do not stand still for any seed', () => {
    for (const seed of [0, 1, -1, 2 ** 31]) {
      const dice = new Dice(seed)
      expect(new Set(Array.from({ length: 1000 }, () => dice.bits())).size).toBe(1000)
    }
  })
})
