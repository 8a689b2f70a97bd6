import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { UnprovenShare } from '../../../../src/adapters/inbound/udp/unproven-share.ts'
import { Family } from '../../../../src/domain/announce.ts'
import { ExternalAddress } from '../../../../src/domain/external-address.ts'
import { Verdict } from '../../../../src/domain/verdict.ts'
import {
  ANNOUNCE,
  ANNOUNCE_IPV6,
  ANNOUNCE_OF_A_PROBE,
  ANNOUNCE_PAUSED,
  ANNOUNCE_REPLY,
  ANNOUNCE_REPLY_IPV6,
  ANNOUNCE_REPLY_WHEN_FULL,
  ANNOUNCE_REPLY_WITHOUT_PEERS,
  ANNOUNCE_WITH_URL,
  anAnnounce,
  anError,
  aScrape,
  bytesOf,
  CLIENT_IPV4,
  CLIENT_IPV6,
  CONNECT_REPLY,
  CONNECT_REQUEST,
  CONNECTION_IDS,
  ERROR_MISMATCH,
  ERROR_PORT,
  hexOf,
  INFO_HASH,
  NOW_SECONDS,
  OTHER_INFO_HASH,
  PEER_A,
  PEER_B,
  PEER_IPV6,
  REPLIES,
  SCRAPE,
  SCRAPE_REPLY,
  SCRAPE_REPLY_TWICE_THE_SAME,
  SCRAPE_TWICE_THE_SAME,
  TRANSACTION,
} from '../../../fixtures/udp-vectors.ts'
import { HandlerOnADesk } from './a-handler.ts'

const NO_REPLY = ''
const MALFORMED = anError('malformed packet')
const UNKNOWN_ACTION = anError('unknown action')
const BAD_ID = 'ffffffffffffffff'

function first(hex: string, bytes: number): string {
  return hex.slice(0, 2 * bytes)
}

/** A handler whose tracker returns the counts and peers of the reply vectors. */
function aDesk(peers: readonly string[] = [PEER_A, PEER_B]): HandlerOnADesk {
  const desk = new HandlerOnADesk()
  return Object.assign(desk, { tracker: Object.assign(desk.tracker, { intervalSeconds: 1920, peers }) })
}

describe('a connect', () => {
  it('is answered with an id bound to the address', () => {
    expect(aDesk().answerHex(CONNECT_REQUEST)).toBe(CONNECT_REPLY)
  })

  it.each(CONNECTION_IDS)('from $address in slot +$slot gets $id', ({ address, slot, id }) => {
    const desk = new HandlerOnADesk({ nowSeconds: NOW_SECONDS + 32 * slot })
    expect(desk.answerHex(CONNECT_REQUEST, address)).toBe(`00000000${TRANSACTION}${id}`)
  })

  it.each([1, 100])('with %i trailing bytes is answered with 16 bytes (BU-04)', (bytes) => {
    expect(aDesk().answerHex(CONNECT_REQUEST + '00'.repeat(bytes))).toBe(CONNECT_REPLY)
  })

  it.each([
    { why: 'no magic (BU-05)', datagram: `000000000000000000000000${TRANSACTION}` },
    { why: 'a byte-swapped magic (BU-06)', datagram: `801910271704000000000000${TRANSACTION}` },
    { why: 'a valid id instead of the magic', datagram: `84789586864995b400000000${TRANSACTION}` },
  ])('with $why gets no reply', ({ datagram }) => {
    const desk = aDesk()
    expect(desk.answerHex(datagram)).toBe(NO_REPLY)
    expect(desk.counted('udp_datagrams_with_wrong_magic')).toBe(1)
  })

  it.each(['::ffff:', '64:ff9b::'])(
    'gives an address in %s the id of the IPv4 address that it contains (BU-70)',
    (prefix) => {
      expect(aDesk().answerHex(CONNECT_REQUEST, `${prefix}${CLIENT_IPV4}`)).toBe(CONNECT_REPLY)
    },
  )

  it.each(['64:ff9b:1::', '64:ff9b:0:1::', '64:ff9b::1:0:', '64:ff9a::', '::'])(
    'uses an address in %s as it is',
    (prefix) => {
      expect(aDesk().answerHex(CONNECT_REQUEST, `${prefix}${CLIENT_IPV4}`)).not.toBe(CONNECT_REPLY)
    },
  )
})

describe('any datagram', () => {
  it.each(['', '00', first(CONNECT_REQUEST, 15)])('shorter than a header gets no reply: "%s"', (datagram) => {
    const desk = aDesk()
    expect(desk.answerHex(datagram)).toBe(NO_REPLY)
    expect(desk.counted('udp_datagrams_too_short')).toBe(1)
  })

  it('from port 0 gets no reply (BU-08)', () => {
    const desk = aDesk()
    expect(desk.answerHex(CONNECT_REQUEST, CLIENT_IPV4, 0)).toBe(NO_REPLY)
    expect(desk.counted('udp_datagrams_from_port_zero')).toBe(1)
  })

  it.each(['0.0.0.0', '0.1.2.3', '224.0.0.1', '255.255.255.255', '::', 'ff02::1'])(
    'from %s gets no reply',
    (address) => {
      expect(aDesk().answerHex(CONNECT_REQUEST, address)).toBe(NO_REPLY)
    },
  )

  it.each([
    { own: '127.0.0.1', source: '127.0.0.1' },
    { own: '0.0.0.0', source: '127.0.0.1' },
    { own: '::1', source: '::1' },
    { own: '127.0.0.1', source: '::ffff:127.0.0.1' },
  ])('from the own endpoint $own as $source gets no reply', ({ own, source }) => {
    const desk = aDesk()
    desk.handler.ownEndpoints.add({ address: own, port: 6969 })
    expect(desk.answerHex(CONNECT_REQUEST, source, 6969)).toBe(NO_REPLY)
    expect(desk.answerHex(CONNECT_REQUEST, source, 6970)).not.toBe(NO_REPLY)
  })

  it('from another address with the same port is answered', () => {
    const desk = aDesk()
    desk.handler.ownEndpoints.add({ address: '127.0.0.1', port: 6969 })
    expect(desk.answerHex(CONNECT_REQUEST, CLIENT_IPV4, 6969)).toBe(CONNECT_REPLY)
  })

  it.each(['00000000', 'ffffffff', '80000000'])('has its transaction id %s echoed (BU-09)', (transaction) => {
    expect(first(aDesk().answerHex(`000004172710198000000000${transaction}`), 8)).toBe(`00000000${transaction}`)
    expect(first(aDesk().answerHex(anAnnounce({ transaction })), 8)).toBe(`00000001${transaction}`)
    expect(first(aDesk().answerHex(aScrape({ transaction })), 8)).toBe(`00000002${transaction}`)
  })

  it.each(REPLIES)('that is a reply of a tracker gets no reply (BU-69): %s', (reply) => {
    expect(aDesk().answerHex(reply)).toBe(NO_REPLY)
  })

  it.each(['00000004', '01000000', 'ffffffff'])('with action %s gets an error if its id is valid', (action) => {
    const desk = aDesk()
    expect(desk.answerHex(anAnnounce({ action, options: '00'.repeat(12) }))).toBe(UNKNOWN_ACTION)
    expect(desk.answerHex(anAnnounce({ action, id: BAD_ID }))).toBe(NO_REPLY)
    expect(desk.counted('udp_unknown_actions')).toBe(1)
  })

  it('with the error action gets no reply, whatever its id', () => {
    expect(aDesk().answerHex(anAnnounce({ action: '00000003' }))).toBe(NO_REPLY)
    expect(aDesk().answerHex(anAnnounce({ action: '00000003', id: BAD_ID }))).toBe(NO_REPLY)
  })

  it('is answered in any slot', () => {
    const answers = [0, 1, 31].map((slot) => new HandlerOnADesk({ slot }).answerHex(CONNECT_REQUEST))
    expect(answers).toEqual([CONNECT_REPLY, CONNECT_REPLY, CONNECT_REPLY])
  })
})

describe('a request without a valid id', () => {
  it.each([
    { why: 'the magic instead of an id (BU-10)', datagram: anAnnounce({ id: '0000041727101980' }) },
    { why: 'an id of zero (BU-12)', datagram: anAnnounce({ id: '0000000000000000' }) },
    { why: 'an id of all ones', datagram: anAnnounce({ id: BAD_ID }) },
    { why: 'an id of another address', datagram: anAnnounce({ id: '8440b7509ae9ecc9' }) },
    {
      why: 'one hash to scrape (BU-14)',
      datagram: aScrape({ id: BAD_ID, transaction: TRANSACTION, hashes: INFO_HASH }),
    },
    { why: 'just enough bytes', datagram: first(anAnnounce({ id: BAD_ID }), 31) },
  ])('gets an error: $why', ({ datagram }) => {
    const desk = aDesk()
    expect(desk.answerHex(datagram)).toBe(ERROR_MISMATCH)
    expect(desk.tracker.announces).toEqual([])
    expect(desk.counted('udp_connection_id_mismatches')).toBe(1)
    expect(desk.counted('udp4_announce_errors') + desk.counted('udp4_scrape_errors')).toBe(1)
  })

  it.each([16, 30])('and of %i bytes gets no reply, because the error would be longer (BU-13)', (bytes) => {
    expect(aDesk().answerHex(first(anAnnounce({ id: BAD_ID }), bytes))).toBe(NO_REPLY)
  })

  it('gets no reply if configured so', () => {
    const desk = new HandlerOnADesk({ policy: { validates: true, answersMismatches: false } })
    expect(desk.answerHex(anAnnounce({ id: BAD_ID }))).toBe(NO_REPLY)
  })

  it('is one with any bit of the id wrong (BU-18)', () => {
    const desk = aDesk()
    const answers = Array.from({ length: 64 }, (_, bit) => {
      const announce = bytesOf(ANNOUNCE)
      announce[bit >> 3] ^= 1 << (bit & 7)
      return Buffer.from(desk.answer(announce)).toString('hex')
    })
    expect(new Set(answers)).toEqual(new Set([ERROR_MISMATCH]))
    expect(desk.tracker.announces).toEqual([])
  })

  it.each([
    { when: 'too old (BU-20)', seconds: 3664, maxAgeSeconds: 3600 },
    { when: 'too old for a strict tracker', seconds: 192, maxAgeSeconds: 120 },
    { when: 'from the future (BU-21)', seconds: -96, maxAgeSeconds: 3600 },
  ])('is one with an id that is $when', ({ seconds, maxAgeSeconds }) => {
    const desk = new HandlerOnADesk({
      nowSeconds: NOW_SECONDS + seconds,
      listeners: [{ connectionIdMaxAgeSeconds: maxAgeSeconds }],
    })
    expect(desk.answerHex(ANNOUNCE)).toBe(ERROR_MISMATCH)
  })

  it('is judged by the lifetime of the listener that received it', () => {
    const listeners = [120, 600, 7200].map((connectionIdMaxAgeSeconds) => ({ connectionIdMaxAgeSeconds }))
    const desk = new HandlerOnADesk({ listeners })
    const accepting = (seconds: number) => {
      desk.nowSeconds = NOW_SECONDS + seconds
      return listeners.flatMap((_, listener) => {
        desk.listener = listener
        return desk.answerHex(ANNOUNCE) === ERROR_MISMATCH ? [] : [listener]
      })
    }
    expect([0, 150, 192, 560, 640, 7200, 7264].map(accepting)).toEqual([
      [0, 1, 2],
      [0, 1, 2],
      [1, 2],
      [1, 2],
      [2],
      [2],
      [],
    ])
    // Listeners alternate within a second, as sockets of one thread do.
    expect([192, 192, 0].map(accepting)).toEqual([
      [1, 2],
      [1, 2],
      [0, 1, 2],
    ])
  })

  it('never gets a reply longer than itself, whatever the bytes', () => {
    const desk = aDesk([PEER_A])
    desk.tracker.repeats = true
    const header = fc.constantFrom('0000041727101980', BAD_ID, '84789586864995b5')
    const action = fc.constantFrom('00000000', '00000001', '00000002', '00000003', '00000004')
    const shaped = fc
      .tuple(header, action, fc.uint8Array({ maxLength: 1600 }))
      .map(([id, code, rest]) => new Uint8Array([...bytesOf(id + code), ...rest]))
    fc.assert(
      fc.property(fc.oneof(shaped, fc.uint8Array({ maxLength: 2048 })), (datagram) => {
        expect(desk.answer(datagram).length).toBeLessThanOrEqual(datagram.length)
      }),
      { numRuns: 2000 },
    )
    expect(desk.tracker.announces).toEqual([])
  })
})

describe('an id', () => {
  it('is valid from another port (BU-16) and, over IPv6, from the whole /64 (BU-17)', () => {
    expect(first(aDesk().answerHex(ANNOUNCE, CLIENT_IPV4, 1), 4)).toBe('00000001')
    expect(first(aDesk([]).answerHex(ANNOUNCE_IPV6, '2001:db8:1:2::99'), 4)).toBe('00000001')
  })

  it('is valid after two minutes and after an hour', () => {
    const answers = [120, 3600].map((age) => new HandlerOnADesk({ nowSeconds: NOW_SECONDS + age }).answerHex(ANNOUNCE))
    expect(answers.map((answer) => first(answer, 4))).toEqual(['00000001', '00000001'])
  })

  it('is not checked if configured so; then only well-formed requests are answered', () => {
    const desk = new HandlerOnADesk({ policy: { validates: false, answersMismatches: true } })
    expect(first(desk.answerHex(anAnnounce({ id: BAD_ID })), 4)).toBe('00000001')
    expect(desk.answerHex(first(anAnnounce({ id: BAD_ID }), 97))).toBe(NO_REPLY)
    expect(desk.answerHex(anAnnounce({ id: BAD_ID, action: '00000009' }))).toBe(NO_REPLY)
    const bounced = REPLIES.map((reply) => desk.answerHex(reply)).filter((answer) => answer !== NO_REPLY)
    expect(bounced).toEqual([])
  })
})

describe('an announce', () => {
  it('is answered as laid out by hand', () => {
    const desk = aDesk()
    Object.assign(desk.tracker, { leechers: 3, seeders: 1 })
    expect(desk.answerHex(ANNOUNCE)).toBe(ANNOUNCE_REPLY)
    expect(desk.counted('udp4_announces')).toBe(1)
  })

  it('is answered as laid out by hand when there are no peers', () => {
    const desk = aDesk([])
    desk.tracker.leechers = 1
    expect(desk.answerHex(ANNOUNCE)).toBe(ANNOUNCE_REPLY_WITHOUT_PEERS)
  })

  it('is answered with 18 bytes per peer over IPv6', () => {
    const desk = aDesk([PEER_IPV6])
    Object.assign(desk.tracker, { intervalSeconds: 1800, leechers: 1 })
    expect(desk.answerHex(ANNOUNCE_IPV6, CLIENT_IPV6)).toBe(ANNOUNCE_REPLY_IPV6)
  })

  it('passes its fields to the tracker, with its source address (BU-44)', () => {
    const desk = aDesk()
    desk.answerHex(anAnnounce({ address: '08080808', downloaded: '0000000000000001', uploaded: '0000000000000002' }))
    expect(desk.tracker.announces).toEqual([
      {
        infoHash: INFO_HASH,
        peerId: '2d7142353234302d6162636465666768696a6b6c',
        figures: ['0000000000000001', '0000000000100000', '0000000000000002'],
        event: 2,
        key: 0xa1b2c3d4 | 0,
        numwant: 50,
        family: Family.IPv4,
        endpoint: 'cb007107c8d5',
        port: 51413,
        wantsBothFamilies: false,
        shownKey: undefined,
      },
    ])
  })

  it('passes all 18 bytes of an IPv6 endpoint to the tracker', () => {
    const desk = aDesk([])
    desk.answerHex(ANNOUNCE_IPV6, CLIENT_IPV6)
    const [{ family, endpoint }] = desk.tracker.announces
    expect({ family, endpoint }).toEqual({ family: Family.IPv6, endpoint: '20010db8000100020003000400050006c8d5' })
  })

  it.each(['::ffff:', '64:ff9b::'])('from an address in %s is an IPv4 announce (BU-70)', (prefix) => {
    const desk = aDesk([PEER_A])
    expect(desk.answerHex(ANNOUNCE, `${prefix}${CLIENT_IPV4}`)).toHaveLength(2 * 26)
    const [{ family, endpoint }] = desk.tracker.announces
    expect({ family, endpoint }).toEqual({ family: Family.IPv4, endpoint: 'cb007107c8d5' })
  })

  it.each([
    { numwant: 'ffffffff', family: Family.IPv4, wanted: 50 },
    { numwant: '80000000', family: Family.IPv4, wanted: 50 },
    { numwant: '00000050', family: Family.IPv4, wanted: 80 },
    { numwant: '7fffffff', family: Family.IPv4, wanted: 200 },
    { numwant: 'ffffffff', family: Family.IPv6, wanted: 50 },
    { numwant: '00000050', family: Family.IPv6, wanted: 67 },
  ])('that wants $numwant peers in family $family gets at most $wanted', ({ numwant, family, wanted }) => {
    const isIPv4 = family === Family.IPv4
    const desk = aDesk([isIPv4 ? PEER_A : PEER_IPV6])
    desk.tracker.repeats = true
    const id = isIPv4 ? '84789586864995b4' : '842d1c44475d9319'
    const answer = desk.answerHex(anAnnounce({ id, numwant }), isIPv4 ? CLIENT_IPV4 : CLIENT_IPV6)
    expect(desk.tracker.announces[0].numwant).toBe(wanted)
    expect(answer).toHaveLength(2 * (20 + wanted * (isIPv4 ? 6 : 18)))
  })

  it.each([
    { why: 'when a download starts', event: '00000002', wanted: 50 },
    { why: 'when it starts with one byte left', event: '00000002', left: '0000000000000001', wanted: 50 },
    { why: 'when it starts with 4 GiB left', event: '00000002', left: '0000000100000000', wanted: 50 },
    { why: 'when a seeder starts', event: '00000002', left: '0000000000000000', wanted: 0 },
    { why: 'in a periodic announce', event: '00000000', wanted: 0 },
    { why: 'when a download completes', event: '00000001', wanted: 0 },
    { why: 'when a client leaves', event: '00000003', wanted: 0 },
    { why: 'from a partial seed', event: '00000004', wanted: 0 },
  ])('that wants 0 peers, $why, gets $wanted (UDP-14)', ({ event, left, wanted }) => {
    const desk = aDesk([PEER_A])
    desk.answerHex(anAnnounce({ numwant: '00000000', event, ...(left && { left }) }))
    expect(desk.tracker.announces[0].numwant).toBe(wanted)
  })

  it.each([
    { numwant: 'ffffffff', wanted: 10 },
    { numwant: '00000000', wanted: 10 },
    { numwant: '00000014', wanted: 20 },
    { numwant: '7fffffff', wanted: 30 },
  ])('gets $wanted peers for $numwant with a default of 10 and a maximum of 30', ({ numwant, wanted }) => {
    const desk = new HandlerOnADesk({ announces: { defaultPeersPerAnnounce: 10, maxPeersPerAnnounce: 30 } })
    desk.answerHex(anAnnounce({ numwant }))
    expect(desk.tracker.announces[0].numwant).toBe(wanted)
  })

  it.each(['00000005', 'ffffffff', '01000002'])('with event %s is a periodic announce (BU-32)', (event) => {
    const desk = aDesk()
    expect(first(desk.answerHex(anAnnounce({ event })), 4)).toBe('00000001')
    expect(desk.tracker.announces[0].event).toBe(0)
  })

  it('may be a paused announce', () => {
    const desk = aDesk()
    desk.answerHex(ANNOUNCE_PAUSED)
    expect(desk.tracker.announces[0]).toMatchObject({
      event: 4,
      figures: ['0000000000000000', '0000000000000200', '0000000000000000'],
    })
  })

  it('may have the info hash as its peer id, as probes do', () => {
    const desk = aDesk()
    expect(first(desk.answerHex(ANNOUNCE_OF_A_PROBE), 8)).toBe('000000010000007b')
    expect(desk.tracker.announces[0]).toMatchObject({ infoHash: OTHER_INFO_HASH, peerId: OTHER_INFO_HASH, port: 30461 })
  })

  it.each(['00'.repeat(20), 'ff'.repeat(20)])('may have the info hash and peer id %s (BU-46)', (id) => {
    const desk = aDesk()
    expect(first(desk.answerHex(anAnnounce({ infoHash: id, peerId: id })), 4)).toBe('00000001')
    expect(desk.tracker.announces[0]).toMatchObject({ infoHash: id, peerId: id })
  })

  it.each([16, 31, 36, 84, 96, 97])('cut to %i bytes is malformed (BU-28 to BU-30)', (bytes) => {
    const desk = aDesk()
    expect(desk.answerHex(first(ANNOUNCE, bytes))).toBe(MALFORMED)
    expect(desk.tracker.announces).toEqual([])
    expect(desk.counted('udp_malformed_requests')).toBe(1)
  })

  it.each([
    { what: 'URL data', datagram: ANNOUNCE_WITH_URL },
    { what: 'an option without length (BU-50)', datagram: `${ANNOUNCE}02` },
    { what: '1300 bytes of padding (BU-52)', datagram: ANNOUNCE + '01'.repeat(1300) },
    { what: 'an unknown option (BU-53)', datagram: `${ANNOUNCE}050002092f616e6e6f756e6365` },
    { what: 'a 16-bit zero (BU-54)', datagram: `${ANNOUNCE}0000` },
    { what: 'odd URL data (BU-56)', datagram: `${ANNOUNCE}0206000d0a257a7a` },
    { what: 'far more bytes than the tracker reads (BU-66)', datagram: ANNOUNCE + 'ab'.repeat(65409) },
  ])('followed by $what is answered as if nothing followed', ({ datagram }) => {
    expect(aDesk().answerHex(datagram)).toBe(aDesk().answerHex(ANNOUNCE))
  })

  it('gets the reason as an error if the tracker rejects it', () => {
    const desk = aDesk()
    desk.tracker.verdict = Verdict.InvalidPort
    expect(desk.answerHex(anAnnounce({ port: '0000' }))).toBe(ERROR_PORT)
    expect(desk.tracker.announces[0].port).toBe(0)
    expect(desk.counted('udp4_announce_errors')).toBe(1)
    desk.tracker.verdict = Verdict.UnusableAddress
    expect(desk.answerHex(ANNOUNCE)).toBe(anError('client address unknown'))
  })

  it('is answered with a long interval and no peers if the tracker is full', () => {
    const desk = aDesk([])
    Object.assign(desk.tracker, { verdict: Verdict.Full, intervalSeconds: 3600 })
    expect(desk.answerHex(ANNOUNCE)).toBe(ANNOUNCE_REPLY_WHEN_FULL)
    expect(desk.counted('udp4_announce_errors')).toBe(0)
  })
})

describe('an announce at a listener with an external address', () => {
  const externalAddress = new ExternalAddress(Family.IPv4, Uint8Array.of(99, 1, 2, 3))
  const externalIPv6 = new ExternalAddress(Family.IPv6, new Uint8Array(16).fill(0x26))
  const LISTENERS = [{ externalAddress }, {}, { externalAddress: externalIPv6 }]

  /** Connects and announces at the listener; returns the endpoint that the tracker was given. */
  function announced(desk: HandlerOnADesk, listener: number, client: string): string | undefined {
    desk.listener = listener
    const id = hexOf(desk.answer(bytesOf(CONNECT_REQUEST), client)).slice(16)
    // The address in the datagram is ignored, as always.
    desk.answerHex(anAnnounce({ id, address: '08080808' }), client)
    return desk.tracker.announces.at(-1)?.endpoint
  }

  it.each([
    ['127.0.0.1', '63010203c8d5'],
    ['127.255.255.255', '63010203c8d5'],
    ['::ffff:127.0.0.1', '63010203c8d5'],
    ['128.0.0.1', '80000001c8d5'],
    ['10.0.0.1', '0a000001c8d5'],
    ['::1', `${'0'.repeat(31)}1c8d5`],
  ])('of IPv4 lists %s as %s', (client, endpoint) => {
    expect(announced(new HandlerOnADesk({ listeners: LISTENERS }), 0, client)).toBe(endpoint)
  })

  it.each([
    ['::1', `${'26'.repeat(16)}c8d5`],
    ['fd00::1', `fd00${'0'.repeat(27)}1c8d5`],
    ['127.0.0.1', '7f000001c8d5'],
  ])('of IPv6 lists %s as %s', (client, endpoint) => {
    expect(announced(new HandlerOnADesk({ listeners: LISTENERS }), 2, client)).toBe(endpoint)
  })

  it('does not affect the other listeners of the thread', () => {
    const desk = new HandlerOnADesk({ listeners: LISTENERS })
    expect([1, 0, 1, 2, 0].map((listener) => announced(desk, listener, '127.0.0.1'))).toEqual([
      '7f000001c8d5',
      '63010203c8d5',
      '7f000001c8d5',
      '7f000001c8d5',
      '63010203c8d5',
    ])
  })
})

describe('a batch', () => {
  it('prefetches what its announces need before the first is answered', () => {
    const desk = aDesk()
    desk.prefetch(bytesOf(ANNOUNCE))
    expect(desk.tracker.announces).toEqual([])
    expect(desk.tracker.prefetches).toHaveLength(1)
    expect(desk.tracker.prefetches[0]).toHaveLength(2)
    expect(desk.tracker.prefetches[0]).toContain(INFO_HASH)
  })

  it('prefetches nothing for a single announce', () => {
    const desk = aDesk()
    desk.answerAlone(bytesOf(ANNOUNCE))
    desk.answer(bytesOf(SCRAPE))
    expect(desk.tracker.prefetches).toEqual([])
    expect(desk.tracker.announces).toHaveLength(1)
  })
})

describe('while the receive buffer fills up', () => {
  /** A hundred times the same datagram; returns the number of replies. */
  function replies(desk: HandlerOnADesk, datagram: string): number {
    return Array.from({ length: 100 }, () => desk.answerHex(datagram)).filter((reply) => reply !== NO_REPLY).length
  }

  function aDeskUnderLoad(): HandlerOnADesk {
    const desk = aDesk()
    const share = new UnprovenShare()
    for (let batch = 0; batch < 100; batch++) share.adjust(1, 1)
    desk.handler.limitUnproven(share)
    return desk
  }

  it('a connect seldom gets a reply, and is counted', () => {
    const desk = aDeskUnderLoad()
    const connects = replies(desk, CONNECT_REQUEST)
    expect(connects).toBeGreaterThan(0)
    expect(connects).toBeLessThan(15)
    expect(desk.counted('udp4_connects')).toBe(connects)
    expect(desk.counted('udp_connects_shed')).toBe(100 - connects)
  })

  it('a wrong id seldom gets an error, and is counted as before', () => {
    const desk = aDeskUnderLoad()
    const errors = replies(desk, anAnnounce({ id: BAD_ID }))
    expect(errors).toBeGreaterThan(0)
    expect(errors).toBeLessThan(15)
    expect(desk.counted('udp_connection_id_mismatches')).toBe(100)
    expect(desk.counted('udp4_announce_errors')).toBe(errors)
    expect(desk.counted('udp_connects_shed')).toBe(0)
  })

  it.each([ANNOUNCE, SCRAPE])('a request with a valid id always gets its reply: %s', (datagram) => {
    expect(replies(aDeskUnderLoad(), datagram)).toBe(100)
  })
})

describe('an announce to a private tracker', () => {
  const ACCESS_KEY = '0123456789abcdefGHIJKLMNOPQRSTuv'
  const OTHER_KEY = 'z'.repeat(32)
  const privateOptions = { announces: { readsKeys: true } }
  /** URLData in one option. */
  const url = (text: string): string =>
    `02${text.length.toString(16).padStart(2, '0')}${Buffer.from(text).toString('hex')}`
  const keyReadFrom = (options: string): string | undefined => {
    const desk = new HandlerOnADesk(privateOptions)
    desk.answerHex(anAnnounce({ options }))
    return desk.tracker.announces[0].shownKey
  }
  const escaped = Buffer.from(ACCESS_KEY).toString('hex').replace(/../g, '%$&')

  it.each([
    { how: 'before announce', options: url(`/${ACCESS_KEY}/announce`) },
    { how: 'after announce', options: url(`/announce/${ACCESS_KEY}`) },
    { how: 'before a trailing slash', options: url(`/announce/${ACCESS_KEY}/`) },
    { how: 'as a passkey', options: url(`/announce?a=b&passkey=${ACCESS_KEY}`) },
    { how: 'as a passkey without a path', options: url(`?passkey=${ACCESS_KEY}`) },
    { how: 'with every character escaped', options: url(`/${escaped}/announce`) },
    { how: 'escaped as a passkey', options: url(`/?passkey=${escaped}`) },
    { how: 'in the path, before a passkey', options: url(`/${ACCESS_KEY}/announce?passkey=${OTHER_KEY}`) },
    { how: 'in the query if the path has no valid one', options: url(`/short/announce?passkey=${ACCESS_KEY}`) },
    { how: 'in pieces', options: url(`/${ACCESS_KEY.slice(0, 9)}`) + url(ACCESS_KEY.slice(9)) + url('/announce') },
    { how: 'in pieces, with other options between', options: `${url('/announce/')}017f02aabb${url(ACCESS_KEY)}00` },
    { how: 'after padding', options: `${'01'.repeat(1300)}${url(`/${ACCESS_KEY}/announce`)}` },
    { how: 'before a truncated option', options: `${url(`/${ACCESS_KEY}/announce`)}0205616263` },
  ])('has its key read $how', ({ options }) => {
    expect(keyReadFrom(options)).toBe(ACCESS_KEY)
  })

  it.each([
    { why: 'it has no options', options: '' },
    { why: 'it has no path', options: '0200' },
    { why: 'its path has no key', options: url('/announce') },
    { why: 'the key is short', options: url(`/${ACCESS_KEY.slice(1)}/announce`) },
    { why: 'the key is long', options: url(`/${ACCESS_KEY}0/announce`) },
    { why: 'the key has other characters', options: url(`/${'-'.repeat(32)}/announce`) },
    { why: 'an escape is broken', options: url(`/${ACCESS_KEY.slice(1)}%4/announce`) },
    { why: 'the path is not a tracker path', options: url(`/a/${ACCESS_KEY}/announce`) },
    { why: 'the path is that of a scrape', options: url(`/${ACCESS_KEY}/scrape`) },
    { why: 'the parameter has another name', options: url(`/announce?key=${ACCESS_KEY}`) },
    { why: 'the last passkey is invalid', options: url(`/announce?passkey=${ACCESS_KEY}&passkey=x`) },
    { why: 'the option is truncated', options: url(`/${ACCESS_KEY}/announce`).slice(0, -2) },
    { why: 'the options end before it', options: `00${url(`/${ACCESS_KEY}/announce`)}` },
    { why: 'it is in another option', options: `03${url(`/${ACCESS_KEY}/announce`).slice(2)}` },
  ])('has no key when $why', ({ options }) => {
    expect(keyReadFrom(options)).toBeUndefined()
  })

  it('does not get the key of an earlier announce in the same slot', () => {
    const desk = new HandlerOnADesk(privateOptions)
    desk.answerHex(anAnnounce({ options: url(`/${ACCESS_KEY}/announce`) }))
    desk.answerHex(anAnnounce({}))
    expect(desk.tracker.announces.map(({ shownKey }) => shownKey)).toEqual([ACCESS_KEY, undefined])
  })

  it('has its key ignored by a tracker that is not private', () => {
    const desk = new HandlerOnADesk()
    desk.answerHex(anAnnounce({ options: url(`/${ACCESS_KEY}/announce`) }))
    expect(desk.tracker.announces[0].shownKey).toBeUndefined()
  })

  it.each([
    { verdict: Verdict.KeyRequired, text: 'authentication required' },
    { verdict: Verdict.Unregistered, text: 'unregistered torrent' },
  ])('gets the error "$text", no longer than the announce', ({ verdict, text }) => {
    const desk = new HandlerOnADesk(privateOptions)
    desk.tracker.verdict = verdict
    expect(desk.answerHex(ANNOUNCE)).toBe(anError(text))
    expect(anError(text).length).toBeLessThanOrEqual(ANNOUNCE.length)
    expect(desk.counted('udp4_announce_errors')).toBe(1)
  })

  it('may have any bytes as options', () => {
    const desk = new HandlerOnADesk(privateOptions)
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map(hexOf),
      fc.string({ unit: 'binary-ascii', maxLength: 60 }).map(url),
      fc.constantFrom('00', '01', '02', '02ff', url(`/${ACCESS_KEY}/announce`), url('?passkey=')),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        desk.tracker.announces.length = 0
        desk.answerHex(anAnnounce({ options: pieces.join('') }))
        expect(desk.tracker.announces[0].shownKey ?? ACCESS_KEY).toMatch(/^[0-9A-Za-z]{32}$/)
      }),
    )
  })
})

describe('a scrape', () => {
  it('is answered as laid out by hand, with zeros for unknown hashes (BU-65)', () => {
    const desk = aDesk()
    expect(desk.answerHex(SCRAPE)).toBe(SCRAPE_REPLY)
    expect(desk.counted('udp4_scrapes')).toBe(1)
  })

  it('has one row per requested hash, also for repeated ones (BU-64)', () => {
    expect(aDesk().answerHex(SCRAPE_TWICE_THE_SAME)).toBe(SCRAPE_REPLY_TWICE_THE_SAME)
  })

  it('with an incomplete hash at its end is answered for the complete ones (BU-60)', () => {
    const hashes = INFO_HASH + first(OTHER_INFO_HASH, 19)
    expect(aDesk().answerHex(aScrape({ hashes }))).toBe(first(SCRAPE_REPLY, 20))
  })

  it.each(['', '00'])('without a complete hash gets an error (BU-61): "%s"', (hashes) => {
    const datagram = aScrape({ hashes, transaction: TRANSACTION })
    expect(aDesk().answerHex(datagram)).toBe(anError('no info_hash'))
  })

  it.each([
    { asked: 74, answered: 74 },
    { asked: 75, answered: 74 },
    { asked: 100, answered: 74 },
  ])('for $asked hashes gets $answered rows (BU-62)', ({ asked, answered }) => {
    expect(aDesk().answer(bytesOf(aScrape({ hashes: INFO_HASH.repeat(asked) })))).toHaveLength(8 + 12 * answered)
  })
})

describe('any bytes with a valid id', () => {
  it('never cause an exception, and get at most 1232 bytes', () => {
    const desk = aDesk([PEER_A])
    desk.tracker.repeats = true
    const id = bytesOf('84789586864995b4')
    const action = fc.constantFrom('00000001', '00000002', '00000004').map(bytesOf)
    fc.assert(
      fc.property(action, fc.uint8Array({ maxLength: 2036 }), (code, rest) => {
        expect(desk.answer(new Uint8Array([...id, ...code, ...rest])).length).toBeLessThanOrEqual(1232)
      }),
      { numRuns: 1000 },
    )
  })

  it('never cause an exception if they are the beginning of a valid request', () => {
    const desk = aDesk()
    const requests = [CONNECT_REQUEST, ANNOUNCE, ANNOUNCE_WITH_URL, SCRAPE]
    const lengths = requests.flatMap((request) =>
      Array.from({ length: request.length / 2 }, (_, bytes) => desk.answer(bytesOf(first(request, bytes))).length),
    )
    expect(Math.max(...lengths)).toBe(32)
  })
})
