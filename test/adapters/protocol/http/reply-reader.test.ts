import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readBencoded } from '../../../../src/adapters/protocol/http/bencode-reader.ts'
import { readHttpAnnounceReply } from '../../../../src/adapters/protocol/http/reply-reader.ts'
import { FOREIGN_REPLY, latin1, REPLY } from '../../../fixtures/http-vectors.ts'

describe('readBencoded', () => {
  it('reads integers, byte strings, lists and dictionaries', () => {
    expect(readBencoded(latin1('d1:ai-7e1:bl2:\xff\x00i0eee'))).toEqual(
      new Map<string, unknown>([
        ['a', -7],
        ['b', [Uint8Array.of(255, 0), 0]],
      ]),
    )
  })

  it.each([
    '',
    'i',
    'ie',
    'i-0e',
    'i01e',
    'i1',
    'i 1e',
    'i1.5e',
    'i9007199254740993e',
    '3:ab',
    '-1:a',
    '01:a',
    '1a',
    'l',
    'li1e',
    'd',
    'd1:a',
    'd1:ae',
    'di1ei1ee',
    'd1:bi1e1:ai1ee',
    'd1:ai1e1:ai1ee',
    'i1ei2e',
    'e',
    'x',
    `${'l'.repeat(9)}${'e'.repeat(9)}`,
  ])('rejects %p', (text) => {
    expect(readBencoded(latin1(text))).toBeUndefined()
  })

  it('reads a key as long as the longest reply, whose bytes would not fit the stack as arguments', () => {
    const key = 'k'.repeat(500_000)
    expect(readBencoded(latin1(`d500000:${key}i1ee`))).toEqual(new Map([[key, 1]]))
  })

  it('never throws, and rejects a truncated value', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat({ max: REPLY.scrape.length - 1 }), (bytes, length) => {
        readBencoded(bytes)
        expect(readBencoded(REPLY.scrape.subarray(0, length))).toBeUndefined()
      }),
    )
  })
})

describe('readAnnounceReply', () => {
  it('reads compact peers of both families', () => {
    expect(readHttpAnnounceReply(REPLY.bothFamilies)).toMatchObject({
      failureReason: undefined,
      intervalSeconds: 1800,
      minIntervalSeconds: 300,
      complete: 1,
      incomplete: 2,
      downloaded: 0,
      peers: [
        { family: 0, address: Uint8Array.of(198, 51, 100, 10), port: 6881 },
        { family: 1, address: Uint8Array.from([32, 1, 13, 184, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10]), port: 6881 },
      ],
    })
  })

  it('reads listed peers, and their ids if present', () => {
    expect(readHttpAnnounceReply(REPLY.listWithoutIds)?.peers).toEqual([{ address: '198.51.100.10', port: 6881 }])
    const second = readHttpAnnounceReply(REPLY.list)?.peers[1]
    expect(second).toMatchObject({ address: '2001:db8::a', port: 51413 })
    expect(String.fromCharCode(...(second?.peerId ?? []))).toBe('-qB5240-abcdefghijkl')
  })

  it('reads the external address and the warning', () => {
    expect(readHttpAnnounceReply(REPLY.compact)?.externalAddress).toEqual(Uint8Array.of(203, 0, 113, 7))
    expect(readHttpAnnounceReply(REPLY.warning)?.warningMessage).toBe('port 25 is not accepted')
  })

  it.each([
    ['unregistered torrent', FOREIGN_REPLY.unregistered, 3600],
    ['tracker overloaded, please wait', FOREIGN_REPLY.overloaded, 1920],
    ['Not a tracker', FOREIGN_REPLY.never, undefined],
    ['full scrape not allowed', FOREIGN_REPLY.bareScrapeFailure, undefined],
  ])('reads the failure %p', (failureReason, body, intervalSeconds) => {
    expect(readHttpAnnounceReply(body)).toMatchObject({ failureReason, intervalSeconds, peers: [] })
  })

  it('reads a failure as long as the longest reply', () => {
    const failureReason = 'x'.repeat(1_000_000)
    const body = latin1(`d14:failure reason${failureReason.length}:${failureReason}e`)
    expect(readHttpAnnounceReply(body)).toMatchObject({ failureReason })
  })

  it('accepts replies without the optional numbers', () => {
    expect(readHttpAnnounceReply(FOREIGN_REPLY.shedding)).toMatchObject({
      downloaded: undefined,
      intervalSeconds: 3600,
    })
  })

  it.each(['le', 'd5:peersi1ee', 'd5:peers5:abcdee', 'd6:peers66:abcdefe', 'd5:peersli1eee', 'd5:peersld2:ip1:aeee'])(
    'rejects %s',
    (text) => {
      expect(readHttpAnnounceReply(latin1(text))).toBeUndefined()
    },
  )
})
