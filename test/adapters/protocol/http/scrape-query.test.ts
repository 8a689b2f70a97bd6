import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { HttpOutcome } from '../../../../src/adapters/protocol/http/http-outcome.ts'
import { MAX_HASHES, ScrapeQuery } from '../../../../src/adapters/protocol/http/scrape-query.ts'
import { INFO_HASH, OTHER_INFO_HASH } from '../../../fixtures/http-vectors.ts'

const ONE = INFO_HASH.spellings['lower-case escapes']
const OTHER = OTHER_INFO_HASH.spellings['upper-case escapes']
function read(query: string) {
  const scrape = new ScrapeQuery()
  const outcome = scrape.read(Buffer.from(query, 'latin1'), 0, query.length)
  const sorted = Array.from({ length: scrape.count }, (_, place) => {
    const at = (scrape.order[place] as number) * 20
    return Buffer.from(scrape.bytes).toString('hex', at, at + 20)
  })
  return { outcome, sorted }
}

function escaped(bytes: Uint8Array) {
  return Buffer.from(bytes).toString('hex').replace(/../g, '%$&')
}

describe('ScrapeQuery', () => {
  it('sorts the hashes by their bytes', () => {
    expect(read(`info_hash=${OTHER}&info_hash=${ONE}`)).toEqual({
      outcome: HttpOutcome.Read,
      sorted: [INFO_HASH.hex, OTHER_INFO_HASH.hex],
    })
  })

  it('removes duplicate hashes, however they are escaped', () => {
    expect(read(`info_hash=${ONE}&info_hash=${INFO_HASH.spellings['every byte escaped']}`).sorted).toEqual([
      INFO_HASH.hex,
    ])
  })

  it.each(['', 'a=b', 'info_hash', 'INFO_HASH=x'])('rejects the full scrape %p', (query) => {
    expect(read(query).outcome).toBe(HttpOutcome.FullScrape)
  })

  it.each([`info_hash=${ONE}&info_hash=short`, 'info_hash=', `info_hash=%zz&info_hash=${ONE}`])(
    'rejects %s',
    (query) => {
      expect(read(query).outcome).toBe(HttpOutcome.InvalidInfoHash)
    },
  )

  it('keeps the first 74 hashes', () => {
    const hashes = Array.from(
      { length: 75 },
      (_, index) => `info_hash=${escaped(new Uint8Array(20).fill(100 - index))}`,
    )
    const { outcome, sorted } = read(hashes.join('&'))
    expect(outcome).toBe(HttpOutcome.Read)
    expect(sorted).toHaveLength(MAX_HASHES)
    expect(sorted[0]).toBe('1b'.repeat(20))
  })

  it('rejects more than 128 pairs', () => {
    expect(read(`info_hash=${ONE}${'&a=b'.repeat(128)}`).outcome).toBe(HttpOutcome.TooManyParameters)
  })

  it('returns any set of hashes without duplicates and in order', () => {
    const hash = fc.array(fc.constantFrom(0, 1, 127, 128, 255), { minLength: 20, maxLength: 20 })
    fc.assert(
      fc.property(fc.array(hash, { minLength: 1, maxLength: 74 }), (hashes) => {
        const expected = [...new Set(hashes.map((bytes) => Buffer.from(bytes).toString('hex')))].sort()
        expect(read(hashes.map((bytes) => `info_hash=${escaped(Uint8Array.from(bytes))}`).join('&')).sorted).toEqual(
          expected,
        )
      }),
    )
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.constantFrom('info_hash=', '%', '%00', '&', '=', 'a')), (text, pieces) => {
        expect(read(text + pieces.join('')).sorted.length).toBeLessThanOrEqual(MAX_HASHES)
      }),
    )
  })
})
