import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readMetainfo } from '../../../../src/adapters/protocol/metainfo/metainfo.ts'
import { type Bencoded, type BencodedMap, encode } from '../../../fixtures/bencode.ts'

function dictionary(entries: Readonly<Record<string, Bencoded>>): BencodedMap {
  return new Map(Object.entries(entries))
}

const V1 = { length: 5, name: 'a', 'piece length': 16384, pieces: 'x'.repeat(20) }
const V2 = {
  'file tree': dictionary({ a: dictionary({ '': dictionary({ length: 5 }) }) }),
  'meta version': 2,
  name: 'a',
}

function torrent(info: Readonly<Record<string, Bencoded>>, others: Readonly<Record<string, Bencoded>> = {}): Buffer {
  return encode(dictionary({ ...others, info: dictionary(info) }))
}

describe('a torrent file', () => {
  it.each([
    ['v1', V1, true, false],
    ['v2', V2, false, true],
    ['hybrid', { ...V1, ...V2 }, true, true],
  ])('of version %s is recognized', (_, info, isV1, isV2) => {
    const read = readMetainfo(torrent(info))
    expect(read).toMatchObject({ isV1, isV2, trackers: [] })
    expect(Buffer.from(read?.info ?? [])).toEqual(encode(dictionary(info)))
  })

  it('keeps the info dictionary as it stands, even with keys out of order', () => {
    const info = 'd4:name1:a6:pieces0:6:lengthi5ee'
    expect(Buffer.from(readMetainfo(Buffer.from(`d4:info${info}e`))?.info ?? []).toString()).toBe(info)
  })

  it('has the trackers of all tiers, each once, instead of the single one', () => {
    const others = {
      announce: 'http://z/',
      'announce-list': [['http://a/', 'udp://b:1'], ['http://a/'], ['http://c/']],
    }
    expect(readMetainfo(torrent(V1, others))?.trackers).toEqual(['http://a/', 'udp://b:1', 'http://c/'])
    expect(readMetainfo(torrent(V1, { announce: 'http://z/' }))?.trackers).toEqual(['http://z/'])
    expect(readMetainfo(torrent(V1, { announce: 'http://z/', 'announce-list': [] }))?.trackers).toEqual(['http://z/'])
  })

  it.each([
    ['nothing', ''],
    ['no dictionary', 'i1e'],
    ['no info', 'd8:announce9:http://a/e'],
    ['an info that is no dictionary', 'd4:infoi1ee'],
    ['two of them', 'd4:infod6:pieces0:e4:infod6:pieces0:ee'],
    ['neither version', 'd4:infod4:name1:aee'],
    ['a later version', 'd4:infod9:file treede12:meta versioni3eee'],
    ['a version that is text', 'd4:infod9:file treede12:meta version1:2ee'],
    ['a length below zero', 'd4:infod6:piecesl-3:eee'],
    ['a length beyond the end', 'd4:infod6:pieces9:aee'],
    ['a length of too many digits', `d4:infod6:pieces${'0'.repeat(30)}1:aee`],
    ['no end', 'd4:infod6:pieces0:e'],
    ['an integer without digits', 'd4:infod6:pieces0:1:xieee'],
    ['deep nesting', `d4:infod6:pieces${'l'.repeat(100_000)}${'e'.repeat(100_000)}ee`],
  ])('is not what has %s', (_, text) => {
    expect(readMetainfo(Buffer.from(text))).toBeUndefined()
  })

  it('is never read beyond its end, whatever its bytes', () => {
    const start = torrent({ ...V1, ...V2 }, { 'announce-list': [['http://a/']] })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(start.length), fc.constantFrom(...Buffer.from('ldie:-0129')))),
        (changes) => {
          const bytes = Buffer.from(start)
          for (const [at, byte] of changes) bytes[at] = byte
          const read = readMetainfo(bytes)
          return read === undefined || bytes.includes(read.info)
        },
      ),
    )
    for (let length = 0; length < start.length; length++)
      expect(readMetainfo(start.subarray(0, length))).toBeUndefined()
  })
})
