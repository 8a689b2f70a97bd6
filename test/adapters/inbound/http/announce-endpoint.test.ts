import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { AnnounceEndpoint } from '../../../../src/adapters/inbound/http/announce-endpoint.ts'
import { IpAddress } from '../../../../src/adapters/protocol/http/address-text.ts'
import { readBencoded } from '../../../../src/adapters/protocol/http/bencode-reader.ts'
import { Verdict } from '../../../../src/domain/verdict.ts'
import { ANNOUNCE_QUERY, FOREIGN_REPLY, INFO_HASH, latin1, PEER_ID } from '../../../fixtures/http-vectors.ts'
import { FakeCounters, FakeTracker } from './fake-tracker.ts'

const CLIENT = new IpAddress()
CLIENT.bytes.set([203, 0, 113, 7])

const anEndpoint = ({ random = (): number => 0, sendsExternalAddress = false } = {}) => {
  const tracker = new FakeTracker()
  const counters = new FakeCounters()
  const policy = {
    intervalSeconds: 1800,
    jitterSeconds: 360,
    minIntervalSeconds: 900,
    defaultNumwant: 50,
    mostNumwant: 200,
  }
  const endpoint = new AnnounceEndpoint(tracker, counters, { ...policy, sendsExternalAddress }, 8192, random)
  return { tracker, counters, endpoint }
}
const failure = (text: string, interval = 1800) =>
  `d14:failure reason${text.length}:${text}8:intervali${interval}e12:min intervali900ee`

describe('AnnounceEndpoint', () => {
  it('answers an announce with the peers that the tracker chose', () => {
    const { tracker, counters, endpoint } = anEndpoint({ sendsExternalAddress: true })
    tracker.peers = ['c633640a1ae1']
    expect(endpoint.announce(ANNOUNCE_QUERY, 0, CLIENT)).toBe(
      'd8:completei0e10:downloadedi0e11:external ip4:\xcb\x00q\x0710:incompletei1e8:intervali1900e12:min intervali900e5:peers6:\xc63d\x0a\x1a\xe1e',
    )
    expect(tracker.announces).toMatchObject([{ address: 'cb007107', port: 51413, isSeeding: false }])
    expect(counters.of('http_announces')).toBe(1)
    expect(counters.of('http_failures')).toBe(0)
  })

  it('lists the peers for compact=0', () => {
    const { tracker, endpoint } = anEndpoint()
    tracker.peers = ['c633640a1ae1']
    const reply = endpoint.announce(`${ANNOUNCE_QUERY}&compact=0&no_peer_id=1`, 0, CLIENT)
    expect(reply).toContain('5:peersld2:ip13:198.51.100.104:porti6881eee')
  })

  it.each([
    ['', 'missing info_hash'],
    [`${ANNOUNCE_QUERY}&info_hash=x`, 'multiple info_hash'],
    ['info_hash=short', 'invalid info_hash'],
    [`info_hash=${'a'.repeat(20)}`, 'missing peer_id'],
    [`info_hash=${'a'.repeat(20)}&peer_id=<script>alert(1)</script>`, 'invalid peer_id'],
    [`info_hash=${'a'.repeat(20)}&peer_id=${PEER_ID}&port=x`, 'invalid port'],
  ])('fails the query %p with one sentence', (query, text) => {
    const { tracker, counters, endpoint } = anEndpoint()
    expect(endpoint.announce(query, 0, CLIENT)).toBe(failure(text))
    expect(tracker.announces).toHaveLength(0)
    expect(counters.of('http_failures')).toBe(1)
  })

  it('does not read the query of a client that comes from nowhere', () => {
    const { endpoint } = anEndpoint()
    expect(endpoint.announce('', 0, undefined)).toBe(failure('client address unknown'))
  })

  it('passes on why the tracker refused', () => {
    const { tracker, endpoint } = anEndpoint()
    tracker.verdict = Verdict.UnusableAddress
    expect(endpoint.announce(ANNOUNCE_QUERY, 0, CLIENT)).toBe(failure('client address unknown'))
  })

  it('answers with an empty success when the tracker is full, as long as the tracker says', () => {
    const { tracker, endpoint } = anEndpoint()
    tracker.verdict = Verdict.Full
    const reply = readBencoded(latin1(endpoint.announce(ANNOUNCE_QUERY, 0, CLIENT) ?? '')) as ReadonlyMap<
      string,
      unknown
    >
    const shedding = readBencoded(FOREIGN_REPLY.shedding) as ReadonlyMap<string, unknown>
    for (const [key, value] of shedding) expect([key, reply.get(key)]).toEqual([key, value])
  })

  it('spreads the return of refused clients over a fifth of the interval', () => {
    expect(anEndpoint({ random: () => 0.999 }).endpoint.announce('', 0, CLIENT)).toBe(
      failure('missing info_hash', 2159),
    )
  })

  it('keeps no peers or warning of the request before', () => {
    const { tracker, endpoint } = anEndpoint()
    tracker.peers = ['c633640a1ae1']
    expect(endpoint.announce(`${ANNOUNCE_QUERY}&port=25`, 0, CLIENT)).toContain('port 25 is not accepted')
    tracker.peers = []
    const reply = endpoint.announce(ANNOUNCE_QUERY, 0, CLIENT)
    expect(reply).toContain('5:peers0:e')
    expect(reply).not.toContain('warning')
  })

  it('has no bencoded answer to too many parameters', () => {
    const { endpoint } = anEndpoint()
    expect(endpoint.announce('a=b&'.repeat(1000), 0, CLIENT)).toBeUndefined()
    expect(endpoint.scrape('a=b&'.repeat(1000), 0)).toBeUndefined()
  })

  it('answers any announce with sorted, well-formed bencoding', () => {
    const { tracker, endpoint } = anEndpoint({ sendsExternalAddress: true })
    tracker.peers = ['c633640a1ae1', 'c0000237c8d5']
    const value = fc.string({ unit: fc.integer({ min: 33, max: 126 }).map((code) => String.fromCharCode(code)) })
    const name = fc.constantFrom(
      'port',
      'left',
      'event',
      'numwant',
      'compact',
      'no_peer_id',
      'key',
      'info_hash',
      'peer_id',
      'x',
    )
    const query = fc.array(fc.tuple(name, fc.oneof(value, fc.constantFrom('0', '1', '25', 'stopped'))))
    fc.assert(
      fc.property(query, fc.boolean(), (pairs, isComplete) => {
        const given = pairs.map(([key, text]) => `${key}=${text}`).join('&')
        const reply = endpoint.announce(isComplete ? `${given}&${ANNOUNCE_QUERY}` : given, 0, CLIENT)
        expect(readBencoded(latin1(reply ?? ''))).toBeInstanceOf(Map)
      }),
      { numRuns: 500 },
    )
  })

  it('scrapes in byte order and says how long to wait', () => {
    const { tracker, counters, endpoint } = anEndpoint()
    const reply =
      endpoint.scrape(`info_hash=${'b'.repeat(20)}&info_hash=${INFO_HASH.spellings['upper-case escapes']}`, 0) ?? ''
    const files = (readBencoded(latin1(reply)) as ReadonlyMap<string, ReadonlyMap<string, unknown>>).get('files')
    expect([...(files?.keys() ?? [])].map((key) => latin1(key).toString('hex'))).toEqual([
      INFO_HASH.hex,
      '62'.repeat(20),
    ])
    expect(reply).toContain('d8:completei1e10:downloadedi2e11:downloadersi3e10:incompletei4ee')
    expect(reply).toMatch(/5:flagsd20:min_request_intervali900eee$/)
    expect(tracker.scrapes).toHaveLength(2)
    expect(counters.of('http_scrapes')).toBe(1)
  })

  it('does not scrape everything', () => {
    expect(anEndpoint().endpoint.scrape('', 0)).toBe(failure('full scrape not allowed'))
  })
})
