import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  readHashCount,
  readScrapeReply,
  writeScrapeReply,
  writeScrapeRequest,
  writeScrapeRow,
} from '../../../../src/adapters/protocol/udp/scrape.ts'
import { SwarmCounts } from '../../../../src/domain/scrape.ts'
import { bytesOf, hexOf, INFO_HASH, OTHER_INFO_HASH, SCRAPE, SCRAPE_REPLY } from '../../../fixtures/udp-vectors.ts'

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

function someCounts(seeders: number, completed: number, leechers: number): SwarmCounts {
  return Object.assign(new SwarmCounts(), { seeders, completed, leechers, downloaders: leechers })
}

describe('a scrape request', () => {
  it('is written as laid out by hand', () => {
    const bytes = new Uint8Array(56)
    const infoHashes = [bytesOf(INFO_HASH), bytesOf(OTHER_INFO_HASH)]
    const scrape = { connectionId: 0x84789586864995b4n, transactionId: 1, infoHashes }
    expect(writeScrapeRequest(viewOf(bytes), 0, scrape)).toBe(56)
    expect(hexOf(bytes)).toBe(SCRAPE)
  })

  it.each([
    { length: 16, hashes: 0 },
    { length: 17, hashes: 0 },
    { length: 35, hashes: 0 },
    { length: 36, hashes: 1 },
    { length: 55, hashes: 1 },
    { length: 56, hashes: 2 },
    { length: 1496, hashes: 74 },
    { length: 1516, hashes: 74 },
    { length: 2048, hashes: 74 },
  ])('of $length bytes has $hashes hashes', ({ length, hashes }) => {
    expect(readHashCount(length)).toBe(hashes)
  })
})

describe('a scrape reply', () => {
  it('is written as laid out by hand', () => {
    const bytes = new Uint8Array(32)
    let length = writeScrapeReply(viewOf(bytes), 0, 1)
    length += writeScrapeRow(viewOf(bytes), length, someCounts(11, 13772, 19))
    length += writeScrapeRow(viewOf(bytes), length, someCounts(0, 0, 0))
    expect(length).toBe(32)
    expect(hexOf(bytes)).toBe(SCRAPE_REPLY)
  })

  it('is read back as it was written', () => {
    const count = fc.integer({ min: 0, max: 0x7fffffff })
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.tuple(count, count, count), { maxLength: 74 }), (transactionId, rows) => {
        const bytes = new Uint8Array(8 + 12 * rows.length)
        let length = writeScrapeReply(viewOf(bytes), 0, transactionId)
        for (const row of rows) length += writeScrapeRow(viewOf(bytes), length, someCounts(...row))
        const expected = rows.map(([seeders, completed, leechers]) => ({ seeders, completed, leechers }))
        expect(readScrapeReply(viewOf(bytes))).toEqual({ transactionId, rows: expected })
      }),
    )
  })

  it('is read from any bytes without throwing, with a row for every 12 complete bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const scrape = new Uint8Array([0, 0, 0, 2, ...bytes])
        const rows = readScrapeReply(viewOf(scrape))?.rows.length
        expect(rows).toBe(bytes.length < 4 ? undefined : Math.floor((bytes.length - 4) / 12))
      }),
    )
  })
})
