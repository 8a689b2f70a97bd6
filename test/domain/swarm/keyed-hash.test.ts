import { describe, expect, it } from '@jest/globals'
import { GROUP_BITS, hashGrouped, hashHalfwords, hashWords } from '../../../src/domain/swarm/keyed-hash.ts'
import { unevenness } from '../../model/evenness.ts'
import { SeededRandom } from '../../model/seeded-random.ts'

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

  it('keep a group together, and spread groups and what is in them', () => {
    const endpoint = Uint16Array.of(20, 7, 0)
    const ofGroup = new Set<number>()
    for (endpoint[2] = 1; endpoint[2] < 2000; endpoint[2]++) ofGroup.add(hashGrouped(endpoint, 0, 2, 3, 77, 99))
    expect(new Set([...ofGroup].map((hash) => hash & GROUP_BITS)).size).toBe(1)
    expect(ofGroup.size).toBe(8)
    const halfwords = new Uint16Array(3)
    const ofEndpoint = (words: Int32Array): number => {
      halfwords[0] = words[2]
      halfwords[1] = words[2] >> 16
      halfwords[2] = 6881
      return hashGrouped(halfwords, 0, 2, 3, 77, 99) >> 6
    }
    expect(unevenness(ofEndpoint)).toBeLessThan(5)
  })

  it('fit in 16 bits and are never 0, which means an empty slot', () => {
    const random = new SeededRandom(2)
    const words = new Int32Array(5)
    let isFit = true
    for (let n = 0; n < 300_000; n++) {
      words[n % 5] = random.word()
      const hash = hashWords(words, 0, 5, 1, 2)
      if (hash < 1 || hash > 0xffff) isFit = false
    }
    expect(isFit).toBe(true)
  })
})
