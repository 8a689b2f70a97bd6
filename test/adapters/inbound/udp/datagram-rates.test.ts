// Rate limits over UDP: silence for what is above the rate of its source, and no effect on other clients.

import { describe, expect, it } from '@jest/globals'
import type { RateOptions } from '../../../../src/adapters/inbound/request-rates.ts'
import { Verdict } from '../../../../src/domain/verdict.ts'
import { someRates } from '../../../fixtures/rates.ts'
import {
  ANNOUNCE,
  ANNOUNCE_IPV6,
  anAnnounce,
  anError,
  aScrape,
  bytesOf,
  CLIENT_IPV4,
  CLIENT_IPV6,
  CONNECT_REPLY,
  CONNECT_REQUEST,
  ERROR_MISMATCH,
  REPLIES,
} from '../../../fixtures/udp-vectors.ts'
import { HandlerOnADesk } from './a-handler.ts'

const BAD_ID = 'ffffffffffffffff'
const OTHER_IPV4 = '203.0.113.8'

function limited(changes: Partial<RateOptions> = {}, slot?: number): HandlerOnADesk {
  return new HandlerOnADesk({ rates: someRates(changes), ...(slot !== undefined && { slot }) })
}

/** How many of `count` datagrams are answered. */
function answered(desk: HandlerOnADesk, hex: string, count: number, address = CLIENT_IPV4): number {
  const datagram = bytesOf(hex)
  let sum = 0
  for (let i = 0; i < count; i++) if (desk.answer(datagram, address).length > 0) sum++
  return sum
}

describe('ten thousand connects in a second', () => {
  /** Spread over the second, in which the clock moves on. */
  function replies(desk: HandlerOnADesk, address: string): number {
    const before = answered(desk, CONNECT_REQUEST, 4000, address)
    desk.nowSeconds++
    return before + answered(desk, CONNECT_REQUEST, 6000, address)
  }

  it.each([CLIENT_IPV4, CLIENT_IPV6, `::ffff:${CLIENT_IPV4}`])('from %s get at most 550 replies (BU-68)', (address) => {
    const desk = limited()
    const count = replies(desk, address)
    expect(count).toBeGreaterThanOrEqual(500)
    expect(count).toBeLessThanOrEqual(550)
    expect(desk.counted('udp_rate_limited')).toBe(10_000 - count)
    expect(desk.counted('udp4_connects') + desk.counted('udp6_connects')).toBe(count)
  })

  it('do not affect another address, nor announces of their own', () => {
    const desk = limited()
    replies(desk, CLIENT_IPV4)
    expect(answered(desk, CONNECT_REQUEST, 500, OTHER_IPV4)).toBe(500)
    expect(answered(desk, CONNECT_REQUEST, 500, CLIENT_IPV6)).toBe(500)
    expect(answered(desk, ANNOUNCE, 100)).toBe(100)
  })

  it('are all answered from loopback, from private addresses, and without limits', () => {
    expect(['127.0.0.1', '10.0.0.1', '::1', 'fd00::1'].map((address) => replies(limited(), address))).toEqual(
      Array(4).fill(10_000),
    )
    expect(replies(limited({ isOn: false }), CLIENT_IPV4)).toBe(10_000)
    expect(replies(limited({ appliesToPrivate: true }), '127.0.0.1')).toBeLessThanOrEqual(550)
  })

  it('are forgotten after ten seconds', () => {
    const desk = limited()
    replies(desk, CLIENT_IPV4)
    desk.nowSeconds += 10
    expect(desk.answerHex(CONNECT_REQUEST).slice(0, 16)).toBe(CONNECT_REPLY.slice(0, 16))
  })
})

describe('a client above its rate', () => {
  it('of announces has further ones dropped before they reach the tracker', () => {
    const desk = limited()
    expect(answered(desk, ANNOUNCE, 6000)).toBe(5000)
    expect(desk.tracker.announces).toHaveLength(5000)
    expect(desk.counted('udp_rate_limited')).toBe(1000)
    expect(desk.counted('udp4_announces')).toBe(5000)
  })

  it('of scrapes gets no reply', () => {
    const desk = limited()
    expect(answered(desk, aScrape(), 60)).toBe(50)
    expect(desk.counted('udp_rate_limited')).toBe(10)
    desk.nowSeconds++
    expect(answered(desk, aScrape(), 60)).toBe(10)
  })

  it.each([
    ['a wrong connection id', anAnnounce({ id: BAD_ID }), 'udp_connection_id_mismatches'],
    ['an announce that is too short', ANNOUNCE.slice(0, 2 * 97), 'udp_malformed_requests'],
    ['an unknown action', anAnnounce({ action: '00000009' }), 'udp_unknown_actions'],
  ] as const)('of errors gets silence: %s', (_, datagram, counter) => {
    const desk = limited()
    expect(answered(desk, datagram, 30)).toBe(10)
    expect(desk.counted('udp_errors_withheld')).toBe(20)
    expect(desk.counted(counter)).toBe(30)
    expect(desk.counted('udp4_announce_errors') + desk.counted('udp4_other_errors')).toBe(10)
    desk.nowSeconds++
    expect(answered(desk, datagram, 30)).toBe(1)
  })

  it('of errors gets silence for announces that are refused (BU-58)', () => {
    const desk = limited()
    desk.tracker.verdict = Verdict.KeyRequired
    expect(desk.answerHex(ANNOUNCE)).toBe(anError('authentication required'))
    expect(answered(desk, ANNOUNCE, 30)).toBe(9)
    expect(desk.counted('udp_errors_withheld')).toBe(21)
    expect(desk.counted('udp4_announce_errors')).toBe(10)
    expect(answered(desk, ANNOUNCE_IPV6, 1, CLIENT_IPV6)).toBe(1)
  })

  it('of errors is still served', () => {
    const desk = limited()
    answered(desk, anAnnounce({ id: BAD_ID }), 30)
    expect(desk.answerHex(anAnnounce({ id: BAD_ID }))).toBe('')
    expect(answered(desk, ANNOUNCE, 5)).toBe(5)
    expect(answered(desk, CONNECT_REQUEST, 5)).toBe(5)
    expect(desk.answerHex(anAnnounce({ id: BAD_ID }), OTHER_IPV4)).toBe(ERROR_MISMATCH)
  })
})

describe('with limits', () => {
  it.each(REPLIES)('the reply of a tracker still gets no reply (BU-69): %s', (reply) => {
    expect(limited().answerHex(reply)).toBe('')
  })

  it.each([
    ['a connect', CONNECT_REQUEST, 600, { kind: 'connect' }],
    ['a scrape', aScrape(), 60, { kind: 'scrape' }],
    ['an error', anAnnounce({ action: '00000009' }), 20, { kind: 'other' }],
  ])('a trace says so of %s', (_, hex, count, told) => {
    const desk = limited({}, 63)
    answered(desk, hex, count)
    desk.tap.traced = [203, 0, 113, 7]
    const datagram = bytesOf(hex)
    desk.answer(datagram)
    desk.handler.trace(63, datagram.length, { address: '::', port: 6969 })
    expect(desk.tap.noted).toMatchObject([{ ...told, verdict: 'dropped', reason: 'rate limit' }])
    desk.answer(datagram, OTHER_IPV4)
    desk.tap.traced = [203, 0, 113, 8]
    desk.handler.trace(63, datagram.length, { address: '::', port: 6969 })
    expect(desk.tap.noted[1]).not.toMatchObject({ reason: 'rate limit' })
  })
})
