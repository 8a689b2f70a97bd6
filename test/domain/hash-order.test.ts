import { describe, expect, it } from '@jest/globals'
import { networkWord, sortKeyOf, wordOfSortKey } from '../../src/domain/hash-order.ts'
import { type InfoHash, infoHashFromWords, infoHashToWords } from '../../src/domain/info-hash.ts'
import { hashWords } from '../model/announcing.ts'
import { SeededRandom } from '../model/seeded-random.ts'

const random = new SeededRandom(1)
const SOME_WORDS = [0, -1, 1, 0x7fffffff, -0x80000000, ...Array.from({ length: 100 }, () => random.word())]
function hexOf(word: number): string {
  return infoHashFromWords(Int32Array.of(word, 0, 0, 0, 0), 0).slice(0, 8)
}

describe('the order of a word', () => {
  it('follows its bytes as on the wire', () => {
    const byOrder = SOME_WORDS.toSorted((a, b) => sortKeyOf(a) - sortKeyOf(b)).map(hexOf)
    expect(byOrder).toEqual(SOME_WORDS.map(hexOf).toSorted())
  })

  it('leads back to the word', () => {
    for (const word of SOME_WORDS) expect(wordOfSortKey(sortKeyOf(word))).toBe(word)
  })
})

describe('the network word', () => {
  it('is the number in four bytes', () => {
    expect(networkWord(hashWords('01020304'.padEnd(40, '0'))[0])).toBe(0x01020304)
    expect(networkWord(hashWords('ff020304'.padEnd(40, '0'))[0])).toBe(0xff020304 | 0)
  })
})

describe('an info hash', () => {
  it('becomes words and comes back', () => {
    for (let n = 0; n < 100; n++) {
      const words = Int32Array.from({ length: 7 }, () => random.word())
      const infoHash = infoHashFromWords(words, 1)
      expect(infoHash).toBe(Buffer.from(words.buffer, 4, 20).toString('hex'))
      const copy = new Int32Array(7)
      infoHashToWords(infoHash, copy, 1)
      expect(copy.subarray(1, 6)).toEqual(words.subarray(1, 6))
      infoHashToWords(infoHash.toUpperCase() as InfoHash, copy, 1)
      expect(copy.subarray(1, 6)).toEqual(words.subarray(1, 6))
    }
  })
})
