// What a trace says about datagrams, from their bytes and those of the reply.

import { describe, expect, it } from '@jest/globals'
import { UnprovenShare } from '../../../../src/adapters/inbound/udp/unproven-share.ts'
import type { Bans } from '../../../../src/domain/ports/inbound/bans.ts'
import type { TracedRequest } from '../../../../src/domain/ports/outbound/request-tap.ts'
import { Verdict } from '../../../../src/domain/verdict.ts'
import { NO_BANS } from '../../../fakes/no-bans.ts'
import {
  ANNOUNCE,
  ANNOUNCE_IPV6,
  anAnnounce,
  aScrape,
  bytesOf,
  CLIENT_IPV4,
  CLIENT_IPV6,
  CONNECT_REQUEST,
  INFO_HASH,
  OTHER_INFO_HASH,
  PEER_A,
  PEER_B,
} from '../../../fixtures/udp-vectors.ts'
import { HandlerOnADesk } from './a-handler.ts'

const SLOT = 63
const BOUND = { address: '::', port: 6969 }
const BAD_ID = 'ffffffffffffffff'
const WHERE = { listener: 'udp://[::]:6969', client: '203.0.113.7:40000' }
const FIELDS = { infoHash: INFO_HASH, event: 'started', port: 51413 }

interface Sent {
  readonly address?: string
  readonly port?: number
  readonly verdict?: Verdict
  readonly validates?: boolean
  readonly share?: UnprovenShare
  readonly bans?: Bans
}

function traced(hex: string, sent: Sent = {}): TracedRequest[] {
  const { address = CLIENT_IPV4, port, verdict, validates = true, share, bans = NO_BANS } = sent
  const desk = new HandlerOnADesk({ slot: SLOT, policy: { validates, answersMismatches: false }, bans })
  Object.assign(desk.tracker, { peers: [PEER_A, PEER_B], seeders: 1, leechers: 3, verdict: verdict ?? Verdict.Served })
  desk.tap.traced = [203, 0, 113, 7]
  if (share !== undefined) desk.handler.limitUnproven(share)
  const datagram = bytesOf(hex)
  desk.answer(datagram, address, port)
  desk.handler.trace(SLOT, datagram.length, BOUND)
  return desk.tap.noted
}

describe('the trace of a datagram', () => {
  it.each([
    ['a connect', CONNECT_REQUEST, {}, { kind: 'connect', verdict: 'answered' }],
    [
      'an announce',
      ANNOUNCE,
      {},
      { kind: 'announce', ...FIELDS, verdict: 'answered', seeders: 1, leechers: 3, peers: 2 },
    ],
    [
      'an announce with a number of peers',
      anAnnounce({ numwant: '00000001' }),
      {},
      { kind: 'announce', ...FIELDS, numwant: 1, verdict: 'answered', seeders: 1, leechers: 3, peers: 1 },
    ],
    [
      'a refused announce',
      ANNOUNCE,
      { verdict: Verdict.Unregistered },
      { kind: 'announce', ...FIELDS, verdict: 'refused', reason: 'unregistered torrent' },
    ],
    [
      'an announce with a wrong connection id',
      anAnnounce({ id: BAD_ID }),
      {},
      { kind: 'announce', ...FIELDS, verdict: 'dropped', reason: 'connection id mismatch' },
    ],
    [
      'a short announce',
      ANNOUNCE.slice(0, 2 * 97),
      {},
      { kind: 'announce', verdict: 'refused', reason: 'malformed packet' },
    ],
    [
      'a short announce where ids are not checked',
      ANNOUNCE.slice(0, 2 * 97),
      { validates: false },
      { kind: 'announce', verdict: 'dropped', reason: 'malformed' },
    ],
    [
      'a scrape',
      aScrape({ hashes: OTHER_INFO_HASH + INFO_HASH }),
      {},
      { kind: 'scrape', infoHash: OTHER_INFO_HASH, hashes: 2, verdict: 'answered' },
    ],
    [
      'a scrape of nothing',
      aScrape({ hashes: '' }),
      {},
      { kind: 'scrape', verdict: 'refused', reason: 'no info_hash' },
    ],
    [
      'an unknown action',
      anAnnounce({ action: '00000009' }),
      {},
      { kind: 'other', verdict: 'refused', reason: 'unknown action' },
    ],
    ['a few bytes', '0102', {}, { kind: 'other', verdict: 'dropped', reason: 'too short' }],
    [
      'a connect with a wrong magic number',
      CONNECT_REQUEST.replace('0417', '0418'),
      {},
      { kind: 'connect', verdict: 'dropped', reason: 'wrong magic number' },
    ],
  ])('tells of %s', (_, hex, sent: Sent, told) => {
    expect(traced(hex, sent)).toEqual([{ ...WHERE, ...told }])
  })

  it('tells of a connect that was one too many', () => {
    const share = new UnprovenShare()
    for (let batch = 0; batch < 100; batch++) share.adjust(1, 1)
    const connects = Array.from({ length: 100 }, () => traced(CONNECT_REQUEST, { share })[0])
    expect(connects.filter(({ verdict }) => verdict === 'answered').length).toBeLessThan(30)
    expect(connects).toContainEqual({ ...WHERE, kind: 'connect', verdict: 'dropped', reason: 'too many connects' })
  })

  it('tells of a source port that cannot be answered', () => {
    expect(traced(CONNECT_REQUEST, { port: 0 })).toMatchObject([{ verdict: 'dropped', reason: 'source port 0' }])
  })

  it('takes an IPv4 address in IPv6 for the IPv4 address', () => {
    expect(traced(CONNECT_REQUEST, { address: `::ffff:${CLIENT_IPV4}` })).toMatchObject([WHERE])
  })

  it('is empty for other clients', () => {
    expect(traced(ANNOUNCE, { address: '203.0.113.8' })).toEqual([])
    expect(traced(ANNOUNCE_IPV6, { address: CLIENT_IPV6 })).toEqual([])
  })

  it('is asked for once a batch', () => {
    const desk = new HandlerOnADesk()
    expect(desk.handler.isTracing).toBe(false)
    desk.tap.traced = [203, 0, 113, 7]
    expect(desk.handler.isTracing).toBe(false)
    desk.handler.beginBatch()
    expect(desk.handler.isTracing).toBe(true)
  })

  it.each([CONNECT_REQUEST, ANNOUNCE])('says that the client is banned: %s', (datagram) => {
    const bans = { isBanned: () => true }
    expect(traced(datagram, { bans })).toMatchObject([{ verdict: 'dropped', reason: 'banned' }])
    expect(traced(datagram, { bans, port: 0 })).toMatchObject([{ reason: 'source port 0' }])
  })
})
