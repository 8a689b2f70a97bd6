// Keys of a stranger's choice must spread like any others, and not where the stranger expects (protocol rule SEC-21).

import { describe, expect, it } from '@jest/globals'
import { hashFiveWords, hashHalfwords, hashWords } from '../../../src/domain/swarm/keyed-hash.ts'
import { Chance } from '../../model/chance.ts'

const KEYS = 100_000
const SLOTS = 1024

/** Info hashes that agree in their first and last 8 bytes, by the number in between. */
const crafted = (words: Int32Array, n: number): void => {
  words.fill(0x41414141)
  words[2] = n
}

/** Pearson's statistic of the keys over slots, in standard deviations from its mean. */
function unevenness(slotOf: (words: Int32Array) => number, craft = crafted): number {
  const counts = new Int32Array(SLOTS)
  const words = new Int32Array(5)
  for (let n = 0; n < KEYS; n++) {
    craft(words, n)
    counts[slotOf(words)]++
  }
  const expected = KEYS / SLOTS
  const chi = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  return (chi - (SLOTS - 1)) / Math.sqrt(2 * (SLOTS - 1))
}

describe('the hash of an info hash', () => {
  it.each([
    [0, 0],
    [1, -1],
    [0x12345678, 0x0fedcba9],
  ])('spreads crafted keys evenly under the secret %d, %d', (key0, key1) => {
    expect(unevenness((words) => hashFiveWords(words, 0, key0, key1) >>> 22)).toBeLessThan(5)
    const high = (words: Int32Array, n: number) => {
      crafted(words, n << 15)
    }
    expect(unevenness((words) => hashFiveWords(words, 0, key0, key1) & (SLOTS - 1), high)).toBeLessThan(5)
  })

  it('puts the same keys elsewhere under another secret', () => {
    const words = new Int32Array(5)
    let same = 0
    for (let n = 0; n < KEYS; n++) {
      crafted(words, n)
      if (hashFiveWords(words, 0, 1, 2) >>> 22 === hashFiveWords(words, 0, 1, 3) >>> 22) same++
    }
    expect(same).toBeGreaterThan(0.5 * (KEYS / SLOTS))
    expect(same).toBeLessThan(2 * (KEYS / SLOTS))
  })

  it('depends on every bit of key and secret', () => {
    const chance = new Chance(1)
    const words = Int32Array.from({ length: 5 }, () => chance.word())
    const seen = new Set([hashFiveWords(words, 0, 5, 6)])
    for (let bit = 0; bit < 160; bit++) {
      words[bit >> 5] ^= 1 << (bit & 31)
      seen.add(hashFiveWords(words, 0, 5, 6))
      words[bit >> 5] ^= 1 << (bit & 31)
    }
    for (let bit = 0; bit < 32; bit++)
      seen.add(hashFiveWords(words, 0, 5 ^ (1 << bit), 6)).add(hashFiveWords(words, 0, 5, 6 ^ (1 << bit)))
    expect(seen.size).toBe(1 + 160 + 64)
  })

  it('reads its key wherever it stands', () => {
    const words = Int32Array.from({ length: 9 }, (_, i) => i * 99)
    expect(hashFiveWords(words, 4, 1, 2)).toBe(hashFiveWords(words.slice(4), 0, 1, 2))
  })
})

describe('the hashes inside a list', () => {
  it('spread neighbouring endpoints and ids evenly', () => {
    const halfwords = new Uint16Array(3)
    const ofEndpoint = (words: Int32Array): number => {
      halfwords[0] = 20
      halfwords[1] = words[2]
      halfwords[2] = words[2] >> 16
      return hashHalfwords(halfwords, 0, 3, 77, 99) >> 6
    }
    expect(unevenness(ofEndpoint)).toBeLessThan(5)
    expect(unevenness((words) => hashWords(words, 0, 5, 77, 99) >> 6)).toBeLessThan(5)
  })

  it('fit in 16 bits and are never 0, which means an empty slot', () => {
    const chance = new Chance(2)
    const words = new Int32Array(5)
    let isFit = true
    for (let n = 0; n < 300_000; n++) {
      words[n % 5] = chance.word()
      const hash = hashWords(words, 0, 5, 1, 2)
      if (hash < 1 || hash > 0xffff) isFit = false
    }
    expect(isFit).toBe(true)
  })
})
