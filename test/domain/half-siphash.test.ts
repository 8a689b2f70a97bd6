// Keys chosen by a client must spread like any others, and not where the client expects (protocol rule SEC-21).

import { describe, expect, it } from '@jest/globals'
import { halfSipHash } from '../../src/domain/half-siphash.ts'
import { crafted, KEYS, SLOTS, unevenness } from '../model/evenness.ts'
import { SeededRandom } from '../model/seeded-random.ts'

describe('the hash of an info hash', () => {
  it.each([
    [0, 0],
    [1, -1],
    [0x12345678, 0x0fedcba9],
  ])('spreads crafted keys evenly under the secret %d, %d', (key0, key1) => {
    expect(unevenness((words) => halfSipHash(words, 0, 5, key0, key1) >>> 22)).toBeLessThan(5)
    const high = (words: Int32Array, n: number) => {
      crafted(words, n << 15)
    }
    expect(unevenness((words) => halfSipHash(words, 0, 5, key0, key1) & (SLOTS - 1), high)).toBeLessThan(5)
  })

  it('puts the same keys elsewhere under another secret', () => {
    const words = new Int32Array(5)
    let same = 0
    for (let n = 0; n < KEYS; n++) {
      crafted(words, n)
      if (halfSipHash(words, 0, 5, 1, 2) >>> 22 === halfSipHash(words, 0, 5, 1, 3) >>> 22) same++
    }
    expect(same).toBeGreaterThan(0.5 * (KEYS / SLOTS))
    expect(same).toBeLessThan(2 * (KEYS / SLOTS))
  })

  it('depends on every bit of key and secret', () => {
    const random = new SeededRandom(1)
    const words = Int32Array.from({ length: 5 }, () => random.word())
    const seen = new Set([halfSipHash(words, 0, 5, 5, 6)])
    for (let bit = 0; bit < 160; bit++) {
      words[bit >> 5] ^= 1 << (bit & 31)
      seen.add(halfSipHash(words, 0, 5, 5, 6))
      words[bit >> 5] ^= 1 << (bit & 31)
    }
    for (let bit = 0; bit < 32; bit++)
      seen.add(halfSipHash(words, 0, 5, 5 ^ (1 << bit), 6)).add(halfSipHash(words, 0, 5, 5, 6 ^ (1 << bit)))
    expect(seen.size).toBe(1 + 160 + 64)
  })

  it('reads its key at any offset', () => {
    const words = Int32Array.from({ length: 9 }, (_, i) => i * 99)
    expect(halfSipHash(words, 4, 5, 1, 2)).toBe(halfSipHash(words.slice(4), 0, 5, 1, 2))
  })
})

describe('the hash of a key', () => {
  it('depends on every bit of all its words, and on their number', () => {
    const random = new SeededRandom(3)
    const words = Int32Array.from({ length: 8 }, () => random.word())
    const seen = new Set([halfSipHash(words, 0, 8, 5, 6), halfSipHash(words, 0, 7, 5, 6)])
    for (let bit = 0; bit < 256; bit++) {
      words[bit >> 5] ^= 1 << (bit & 31)
      seen.add(halfSipHash(words, 0, 8, 5, 6))
      words[bit >> 5] ^= 1 << (bit & 31)
    }
    expect(seen.size).toBe(2 + 256)
  })
})
