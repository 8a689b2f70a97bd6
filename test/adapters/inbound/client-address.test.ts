import { afterEach, describe, expect, it } from '@jest/globals'
import { ClientAddresses } from '../../../src/adapters/inbound/client-address.ts'
import { readHttpAnnounceReply } from '../../../src/adapters/protocol/http/reply-reader.ts'
import { ANNOUNCE_QUERY, latin1 } from '../../fixtures/http-vectors.ts'
import { type Changes, closeAll, DRIVERS, exchange, get, listen as listenWith } from './http/http-exchange.ts'

const ANNOUNCE = `/announce?${ANNOUNCE_QUERY}`
const TRUSTED = ['127.0.0.1', '10.0.0.0/8', '2001:db8::/32']

afterEach(closeAll)

describe.each(DRIVERS)('over the %s driver,', (driver) => {
  const listen = (changes: Changes = {}) => listenWith({ driver, ...changes })

  /** Announces from 127.0.0.1 with these header lines; returns the address in hex, or the failure reason. */
  async function announced(trustedProxies: readonly string[], ...lines: string[]) {
    const { tracker, port } = await listen({ trustedProxies })
    const { body } = await get(port, ANNOUNCE, ...lines)
    return tracker.announces[0]?.address ?? readHttpAnnounceReply(latin1(body))?.failureReason
  }

  describe('behind a trusted proxy', () => {
    it.each([
      [['X-Forwarded-For: 9.9.9.9'], '09090909'],
      [['x-forwarded-for: 6.6.6.6, 9.9.9.9'], '09090909'],
      [['X-Forwarded-For: 6.6.6.6', 'X-Forwarded-For: 9.9.9.9'], '09090909'],
      [['X-Forwarded-For: 9.9.9.9', 'X-Forwarded-For: 127.0.0.1'], '09090909'],
      [['X-Forwarded-For: 9.9.9.9, 127.0.0.1'], '09090909'],
      [['X-Forwarded-For: unknown, 9.9.9.9, 10.1.2.3 ,127.0.0.1'], '09090909'],
      [['X-Forwarded-For: 9.9.9.9:4321'], '09090909'],
      [['X-Forwarded-For: ::ffff:9.9.9.9'], '09090909'],
      [['X-Forwarded-For: 9.9.9.9, ::ffff:127.0.0.1'], '09090909'],
      [['X-Forwarded-For: 2001:4860::1'], '20014860000000000000000000000001'],
      [['X-Forwarded-For: [2001:4860::1]'], '20014860000000000000000000000001'],
      [['X-Forwarded-For: [2001:4860::1]:80, 2001:db8::9'], '20014860000000000000000000000001'],
      [['X-Forwarded-For: 10.0.0.9'], '0a000009'],
      [['X-Forwarded-For: 10.0.0.9, 10.0.0.1, 127.0.0.1'], '0a000009'],
      [['X-Forwarded-For: 10.0.0.9', 'X-Forwarded-For: 127.0.0.1'], '0a000009'],
      [['X-Forwarded-For: 127.0.0.1'], '7f000001'],
      [['X-Forwarded-For: 64:ff9b::9.9.9.9'], '09090909'],
      [['X-Forwarded-For: 9.9.9.9, 64:ff9b::a00:1'], '09090909'],
      [['X-Forwarded-For: 9.9.9.9, 64:ff9b:1::a00:1'], '0064ff9b00010000000000000a000001'],
      [['X-Forwarded-For: 9.9.9.9,'], '09090909'],
      [['X-Forwarded-For: 9.9.9.9, '], '09090909'],
      [['X-Forwarded-For: 9.9.9.9, , 10.0.0.7'], '09090909'],
      [['X-Forwarded-For: 9.9.9.9,,,\t,10.0.0.7,,'], '09090909'],
      [['X-Forwarded-For: , 10.0.0.5'], '0a000005'],
      [['X-Forwarded-For: ,,10.0.0.5,, 10.0.0.7 ,'], '0a000005'],
      [['X-Forwarded-For:', 'X-Forwarded-For: 10.0.0.5'], '0a000005'],
      [['X-Forwarded-For: 10.0.0.5', 'X-Forwarded-For:'], '0a000005'],
      [['X-Forwarded-For: ,127.0.0.1'], '7f000001'],
      [['X-Forwarded-For: unknown, 10.0.0.1, 127.0.0.1'], '0a000001'],
      [['X-Forwarded-For: 9.9.9.9, unknown, 10.0.0.1'], '0a000001'],
      [['X-Forwarded-For: 9.9.9.9, 1.2.3.4.5, , 2001:db8::9, 10.0.0.1'], '20010db8000000000000000000000009'],
      [['X-Forwarded-For: 9.9.9.9, [], 10.0.0.1'], '0a000001'],
      [['X-Forwarded-For: unknown, 9.9.9.9'], '09090909'],
    ])('the client of %j is %s', async (lines, address) => {
      expect(await announced(TRUSTED, ...lines)).toBe(address)
    })

    it.each([
      [[]],
      [['X-Forwarded-For:']],
      [['X-Forwarded-For: unknown']],
      [['X-Forwarded-For: 1.2.3.4.5']],
      [['X-Forwarded-For: ,']],
      [['X-Forwarded-For: , , ,']],
      [['X-Forwarded-For:', 'X-Forwarded-For: ']],
      [['X-Forwarded-For: 9.9.9.9, unknown']],
      [['X-Forwarded-For: 9.9.9.9, unknown, ']],
      [['X-Forwarded-For: 10.0.0.1, []']],
      [['X-Forwarded-For: 9.9.9.9:']],
      [['X-Forwarded-For: [9.9.9.9']],
      [['X-Forwarded-For: localhost']],
      [['X-Real-IP: 9.9.9.9', 'Forwarded: for=9.9.9.9', 'CF-Connecting-IP: 9.9.9.9']],
    ])('the client of %j is unknown', async (lines) => {
      expect(await announced(TRUSTED, ...lines)).toBe('client address unknown')
    })

    it('a scrape is answered whether or not the client is known', async () => {
      const { tracker, port } = await listen({ trustedProxies: TRUSTED })
      const target = `/scrape?${ANNOUNCE_QUERY}`
      for (const lines of [[], ['X-Forwarded-For: unknown'], ['X-Forwarded-For: 9.9.9.9']]) {
        expect((await get(port, target, ...lines)).body).toMatch(/^d5:filesd20:/)
      }
      expect(tracker.scrapes).toHaveLength(3)
    })

    it('the limit of connections per address does not apply', async () => {
      const { counters, port } = await listen({ trustedProxies: TRUSTED, limits: { maxConnectionsPerAddress: 1 } })
      const replies = await Promise.all([1, 2, 3].map(() => get(port, ANNOUNCE, 'X-Forwarded-For: 9.9.9.9')))
      expect(replies.map(({ status }) => status)).toEqual([200, 200, 200])
      expect(counters.of('http_connections_refused')).toBe(0)
    })
  })

  describe('without a proxy', () => {
    const lines = [
      'X-Forwarded-For: 9.9.9.9',
      'X-Real-IP: 9.9.9.9',
      'Forwarded: for=9.9.9.9',
      'CF-Connecting-IP: 9.9.9.9',
    ]

    it('no header changes the address of a client', async () => {
      expect(await announced([], ...lines)).toBe('7f000001')
    })

    it('an untrusted client cannot forward an address', async () => {
      const { tracker, port } = await listen({ trustedProxies: TRUSTED })
      const request = `GET ${ANNOUNCE} HTTP/1.1\r\nHost: t\r\nConnection: close\r\nX-Forwarded-For: 9.9.9.9\r\n\r\n`
      await exchange(port, request, '127.0.0.1', '127.0.0.2')
      expect(tracker.announces).toMatchObject([{ address: '7f000002' }])
    })
  })
})

describe('ClientAddresses', () => {
  it.each(['proxy.example', '10.0.0.0/33', '10.0.0/8', ''])('refuses to trust %p', (range) => {
    expect(() => new ClientAddresses([range])).toThrow()
  })
})
