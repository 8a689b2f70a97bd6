import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { AnnounceEndpoint } from '../../../../src/adapters/inbound/http/announce-endpoint.ts'
import { IpAddress, readAddress } from '../../../../src/adapters/protocol/address-text.ts'
import { readBencoded } from '../../../../src/adapters/protocol/http/bencode-reader.ts'
import { IpParameter } from '../../../../src/adapters/protocol/http/ip-parameter.ts'
import { Family } from '../../../../src/domain/announce.ts'
import { ExternalAddress } from '../../../../src/domain/external-address.ts'
import { Verdict } from '../../../../src/domain/verdict.ts'
import { ANNOUNCE_QUERY, FOREIGN_REPLY, INFO_HASH, latin1, PEER_ID } from '../../../fixtures/http-vectors.ts'
import { FakeCounters, FakeTracker } from './fake-tracker.ts'

function address(text: string): IpAddress {
  const read = new IpAddress()
  if (!readAddress(text, 0, text.length, read)) throw new Error(`no address: ${text}`)
  return read
}

const CLIENT = address('203.0.113.7')

interface Options {
  readonly random?: () => number
  readonly sendsExternalAddress?: boolean
  readonly sendsDownloaders?: boolean
  readonly externalAddress?: ExternalAddress
  readonly ipParameter?: IpParameter
}

function anEndpoint({
  random = () => 0,
  sendsExternalAddress = false,
  sendsDownloaders = false,
  externalAddress,
  ipParameter,
}: Options = {}) {
  const tracker = new FakeTracker()
  const counters = new FakeCounters()
  const policy = {
    intervalSeconds: 1800,
    jitterSeconds: 360,
    minIntervalSeconds: 900,
    defaultPeersPerAnnounce: 50,
    maxPeersPerAnnounce: 200,
  }
  const replies = { ...policy, sendsExternalAddress, sendsDownloaders }
  const endpoint = new AnnounceEndpoint(
    tracker,
    counters,
    { replies, externalAddress, ipParameter, maxTargetBytes: 8192 },
    random,
  )
  const announce = (query: string, path = '/announce', client = CLIENT) => {
    endpoint.readTarget(`${path}?${query}`)
    return endpoint.announce(client)
  }
  const scrape = (query: string, path = '/scrape') => {
    endpoint.readTarget(`${path}?${query}`)
    return endpoint.scrape(undefined)
  }
  return { tracker, counters, endpoint, announce, scrape }
}

function failure(text: string, interval = 1800) {
  return `d14:failure reason${text.length}:${text}8:intervali${interval}e12:min intervali900ee`
}

describe('AnnounceEndpoint', () => {
  it('answers an announce with the peers that the tracker chose', () => {
    const { tracker, counters, announce } = anEndpoint({ sendsExternalAddress: true })
    tracker.peers = ['c633640a1ae1']
    expect(announce(ANNOUNCE_QUERY)).toBe(
      'd8:completei0e10:downloadedi0e11:external ip4:\xcb\x00q\x0710:incompletei1e8:intervali1900e12:min intervali900e5:peers6:\xc63d\x0a\x1a\xe1e',
    )
    expect(tracker.announces).toMatchObject([{ address: 'cb007107', port: 51413, isSeeding: false }])
    expect(counters.of('http4_announces')).toBe(1)
    expect(counters.of('http_failures')).toBe(0)
  })

  describe('with an external address', () => {
    const externalAddress = new ExternalAddress(Family.IPv4, Uint8Array.of(192, 0, 2, 1))

    it.each([
      ['127.0.0.1', 'c0000201'],
      ['127.255.255.254', 'c0000201'],
      ['::ffff:127.0.0.1', 'c0000201'],
      ['126.255.255.255', '7effffff'],
      ['10.0.0.1', '0a000001'],
      ['203.0.113.7', 'cb007107'],
      ['::1', `${'0'.repeat(31)}1`],
    ])('lists the client at %s with %s, and tells it so', (client, listed) => {
      const { tracker, counters, announce } = anEndpoint({ sendsExternalAddress: true, externalAddress })
      const reply = readBencoded(latin1(announce(ANNOUNCE_QUERY, '/announce', address(client)) ?? ''))
      expect(tracker.announces).toMatchObject([{ address: listed, port: 51413 }])
      const told = (reply as ReadonlyMap<string, Uint8Array>).get('external ip')
      expect(Buffer.from(told ?? []).toString('hex')).toBe(listed)
      // Counted by where the request came from.
      expect(counters.of(client.startsWith('::1') ? 'http6_announces' : 'http4_announces')).toBe(1)
    })

    it('prefers the address that the client names, if it is honoured', () => {
      const { tracker, announce } = anEndpoint({ externalAddress, ipParameter: new IpParameter(undefined) })
      for (const ip of ['8.8.8.8', '2600::1', '10.0.0.9', 'junk']) {
        announce(`${ANNOUNCE_QUERY}&ip=${ip}`, '/announce', address('127.0.0.1'))
      }
      expect(tracker.announces.map((seen) => seen.address)).toEqual([
        '08080808',
        `2600${'0'.repeat(27)}1`,
        'c0000201',
        'c0000201',
      ])
    })

    it('lists each client with its own after one from loopback', () => {
      const { tracker, announce } = anEndpoint({ externalAddress })
      for (const client of ['127.0.0.1', '203.0.113.7', '::1', '127.0.0.1']) {
        announce(ANNOUNCE_QUERY, '/announce', address(client))
      }
      expect(tracker.announces.map((seen) => seen.address)).toEqual([
        'c0000201',
        'cb007107',
        `${'0'.repeat(31)}1`,
        'c0000201',
      ])
    })
  })

  it('lists the peers for compact=0', () => {
    const { tracker, announce } = anEndpoint()
    tracker.peers = ['c633640a1ae1']
    const reply = announce(`${ANNOUNCE_QUERY}&compact=0&no_peer_id=1`)
    expect(reply).toContain('5:peersld2:ip13:198.51.100.104:porti6881eee')
  })

  it.each([
    ['', 'missing info_hash'],
    [`${ANNOUNCE_QUERY}&info_hash=x`, 'multiple info_hash'],
    ['info_hash=short', 'invalid info_hash'],
    [`info_hash=${'a'.repeat(20)}`, 'missing peer_id'],
    [`info_hash=${'a'.repeat(20)}&peer_id=<script>alert(1)</script>`, 'invalid peer_id'],
    [`info_hash=${'a'.repeat(20)}&peer_id=${PEER_ID}&port=x`, 'invalid port'],
  ])('answers the query %p with a constant failure reason', (query, text) => {
    const { tracker, counters, announce } = anEndpoint()
    expect(announce(query)).toBe(failure(text))
    expect(tracker.announces).toHaveLength(0)
    expect(counters.of('http_failures')).toBe(1)
  })

  it('does not read the query of a client without a known address', () => {
    const { endpoint } = anEndpoint()
    endpoint.readTarget('/announce?')
    expect(endpoint.announce(undefined)).toBe(failure('client address unknown'))
  })

  it('passes on the reason of a rejection', () => {
    const { tracker, announce } = anEndpoint()
    tracker.verdict = Verdict.UnusableAddress
    expect(announce(ANNOUNCE_QUERY)).toBe(failure('client address unknown'))
  })

  it('answers without peers and with the interval of the tracker when the tracker is full', () => {
    const { tracker, announce } = anEndpoint()
    tracker.verdict = Verdict.Full
    const reply = readBencoded(latin1(announce(ANNOUNCE_QUERY) ?? '')) as ReadonlyMap<string, unknown>
    const shedding = readBencoded(FOREIGN_REPLY.shedding) as ReadonlyMap<string, unknown>
    for (const [key, value] of shedding) expect([key, reply.get(key)]).toEqual([key, value])
  })

  it('adds up to a fifth of the interval at random for rejected clients', () => {
    expect(anEndpoint({ random: () => 0.999 }).announce('')).toBe(failure('missing info_hash', 2159))
  })

  it('keeps no peers or warning of the previous request', () => {
    const { tracker, announce } = anEndpoint()
    tracker.peers = ['c633640a1ae1']
    expect(announce(`${ANNOUNCE_QUERY}&port=25`)).toContain('port 25 is not accepted')
    tracker.peers = []
    const reply = announce(ANNOUNCE_QUERY)
    expect(reply).toContain('5:peers0:e')
    expect(reply).not.toContain('warning')
  })

  it('has no bencoded reply to too many parameters', () => {
    const { announce, scrape } = anEndpoint()
    expect(announce('a=b&'.repeat(1000))).toBeUndefined()
    expect(scrape('a=b&'.repeat(1000))).toBeUndefined()
  })

  it('answers any announce with sorted, well-formed bencoding', () => {
    const { tracker, announce } = anEndpoint({ sendsExternalAddress: true })
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
        const reply = announce(isComplete ? `${given}&${ANNOUNCE_QUERY}` : given)
        expect(readBencoded(latin1(reply ?? ''))).toBeInstanceOf(Map)
      }),
      { numRuns: 500 },
    )
  })

  it('scrapes in byte order and returns the minimum interval', () => {
    const { tracker, counters, scrape } = anEndpoint()
    const reply = scrape(`info_hash=${'b'.repeat(20)}&info_hash=${INFO_HASH.spellings['upper-case escapes']}`) ?? ''
    const files = (readBencoded(latin1(reply)) as ReadonlyMap<string, ReadonlyMap<string, unknown>>).get('files')
    expect([...(files?.keys() ?? [])].map((key) => latin1(key).toString('hex'))).toEqual([
      INFO_HASH.hex,
      '62'.repeat(20),
    ])
    expect(reply).toContain('d8:completei1e10:downloadedi2e10:incompletei4ee')
    expect(reply).toMatch(/5:flagsd20:min_request_intervali900eee$/)
    expect(tracker.scrapes).toHaveLength(2)
    expect(counters.of('http4_scrapes')).toBe(1)
  })

  it('has downloaders in a scrape only when the policy says so', () => {
    const { scrape } = anEndpoint({ sendsDownloaders: true })
    expect(scrape(`info_hash=${'b'.repeat(20)}`)).toContain(
      'd8:completei1e10:downloadedi2e11:downloadersi3e10:incompletei4ee',
    )
  })

  it('rejects a full scrape', () => {
    expect(anEndpoint().scrape('')).toBe(failure('full scrape not allowed'))
  })
})

describe('a key', () => {
  const KEY = '0123456789abcdefGHIJKLMNOPQRSTuv'
  const OTHER = 'z'.repeat(32)
  const ESCAPED = Buffer.from(KEY).toString('hex').replace(/../g, '%$&')
  const SCRAPE_QUERY = `info_hash=${INFO_HASH.spellings['upper-case escapes']}`
  /** The keys read from an announce and from a scrape; `*` in the path stands for either word. */
  const shown = (path: string, rest: string): readonly (string | undefined)[] => {
    const { tracker, announce, scrape } = anEndpoint()
    announce(ANNOUNCE_QUERY + rest, path.replace('*', 'announce'))
    scrape(SCRAPE_QUERY + rest, path.replace('*', 'scrape'))
    return tracker.shownKeys
  }

  it.each([
    { path: `/${KEY}/*`, rest: '' },
    { path: `/*/${KEY}`, rest: '' },
    { path: `/*/${KEY}/`, rest: '' },
    { path: `http://tracker.example/${KEY}/*`, rest: '' },
    { path: `/${ESCAPED}/*`, rest: '' },
    { path: '/*', rest: `&passkey=${KEY}` },
    { path: '/*', rest: `&passkey=${ESCAPED}` },
    { path: '/*', rest: `&passkey=${OTHER}&passkey=${KEY}` },
    { path: `/${KEY}/*`, rest: `&passkey=${OTHER}` },
    { path: `/${KEY}/*`, rest: '&passkey=x' },
    { path: '/short/*', rest: `&passkey=${KEY}` },
  ])('is read from $path?...$rest', ({ path, rest }) => {
    expect(shown(path, rest)).toEqual([KEY, KEY])
  })

  it.each([
    { path: '/*', rest: '' },
    { path: `/${KEY.slice(1)}/*`, rest: '' },
    { path: `/*/${KEY}0`, rest: '' },
    { path: `/${'-'.repeat(32)}/*`, rest: '' },
    { path: `/${KEY.slice(2)}%zz/*`, rest: '' },
    { path: '/*', rest: `&passkey=${KEY.slice(1)}+` },
    { path: '/*', rest: `&key=${KEY}` },
    { path: '/*', rest: `&passkey=${KEY}&passkey=` },
  ])('is not read from $path?...$rest', ({ path, rest }) => {
    expect(shown(path, rest)).toEqual([undefined, undefined])
  })

  it('is not carried over from the previous request', () => {
    const { tracker, announce, scrape } = anEndpoint()
    announce(ANNOUNCE_QUERY, `/${KEY}/announce`)
    announce(ANNOUNCE_QUERY)
    scrape(`${SCRAPE_QUERY}&passkey=${KEY}`)
    scrape(SCRAPE_QUERY)
    expect(tracker.shownKeys).toEqual([KEY, undefined, KEY, undefined])
  })

  it('that is missing or invalid makes a client wait for an hour', () => {
    const { tracker, counters, announce } = anEndpoint({ random: () => 0.999 })
    tracker.verdict = Verdict.KeyRequired
    expect(announce(ANNOUNCE_QUERY)).toBe(failure('authentication required', 3600))
    tracker.verdict = Verdict.Unregistered
    expect(announce(ANNOUNCE_QUERY)).toBe(failure('unregistered torrent', 2159))
    expect(counters.of('http_failures')).toBe(2)
  })
})
