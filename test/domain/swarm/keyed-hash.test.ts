import { describe, expect, it } from '@jest/globals'
import { hashHalfwords, hashWords } from '../../../src/domain/swarm/keyed-hash.ts'
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
