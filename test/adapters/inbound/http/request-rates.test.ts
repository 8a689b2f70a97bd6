// Rate limits over HTTP: a bencoded failure with an interval, before the query is read; behind a proxy, by client.

import { afterEach, describe, expect, it } from '@jest/globals'
import { RateKind } from '../../../../src/adapters/inbound/rate-memory.ts'
import { announceTarget, scrapeTarget } from '../../../fixtures/announce-targets.ts'
import { decodeMap } from '../../../fixtures/bencode.ts'
import { DEFAULT_RATES, someRates } from '../../../fixtures/rates.ts'
import {
  type Changes,
  closeAll,
  connectTo,
  DRIVERS,
  get,
  listen as listenWith,
  type Opened,
  type Reply,
  untilClosed,
} from './http-exchange.ts'

const INFO_HASH = Buffer.alloc(20, 7)
const ANNOUNCE = announceTarget(INFO_HASH)
const SCRAPE = scrapeTarget(INFO_HASH)
const SLOW_DOWN = /^d14:failure reason9:slow down8:intervali(\d+)e12:min intervali900ee$/

const FEW = {
  ...DEFAULT_RATES,
  rates: { ...DEFAULT_RATES.rates, [RateKind.HttpRequest]: { perSecond: 1, burst: 3 } },
}

afterEach(closeAll)

describe.each(DRIVERS)('over the %s driver,', (driver) => {
  const listen = (changes: Changes, rates: ReturnType<typeof someRates>) =>
    listenWith({ driver, stopsClock: true, ...changes }, rates)

  /** A listener behind a proxy on loopback; a source may send three requests, then one a second. */
  function behindProxy(changes: Partial<typeof FEW> = {}): Promise<Opened> {
    return listen({ trustedProxies: ['127.0.0.0/8'] }, someRates({ ...FEW, ...changes }))
  }

  function ask({ port }: Opened, from: string, target = ANNOUNCE): Promise<Reply> {
    return get(port, target, `X-Forwarded-For: ${from}`)
  }

  /** The failure reasons of requests that are sent one after the other; undefined for each that is served. */
  async function reasons(opened: Opened, from: string, targets: readonly string[]): Promise<unknown[]> {
    const failures: unknown[] = []
    for (const target of targets)
      failures.push(decodeMap(Buffer.from((await ask(opened, from, target)).body, 'latin1')).get('failure reason'))
    return failures
  }

  describe('a client above its rate', () => {
    it('is told to slow down, with an interval', async () => {
      const opened = await behindProxy()
      for (let i = 0; i < 3; i++) expect((await ask(opened, '8.8.8.8')).body).toContain('8:intervali1900e')
      const { status, headers, body } = await ask(opened, '8.8.8.8')
      expect([status, headers.get('content-type')]).toEqual([200, 'text/plain'])
      expect(body).toMatch(SLOW_DOWN)
      const interval = Number(SLOW_DOWN.exec(body)?.[1])
      expect(interval).toBeGreaterThanOrEqual(1800)
      expect(interval).toBeLessThan(2160)
    })

    it('does not reach the tracker, and is counted', async () => {
      const opened = await behindProxy()
      const failures = await reasons(opened, '8.8.8.8', Array(5).fill(ANNOUNCE))
      expect(failures).toEqual([undefined, undefined, undefined, 'slow down', 'slow down'])
      expect(opened.tracker.announces).toHaveLength(3)
      expect(opened.counters.of('http4_announces')).toBe(3)
      expect(opened.counters.of('http_rate_limited')).toBe(2)
      expect(opened.counters.of('http_failures')).toBe(2)
    })

    it('is answered before its query is read', async () => {
      const opened = await behindProxy()
      const invalid = ['/announce', '/announce?port=x', '/announce', '/announce', `/announce?${'a=1&'.repeat(200)}`]
      const failures = await reasons(opened, '8.8.8.8', invalid)
      expect(failures).toEqual([
        'missing info_hash',
        'missing info_hash',
        'missing info_hash',
        'slow down',
        'slow down',
      ])
    })

    it('has one rate for announces and scrapes', async () => {
      const opened = await behindProxy()
      const failures = await reasons(opened, '8.8.8.8', [SCRAPE, ANNOUNCE, SCRAPE, ANNOUNCE, SCRAPE])
      expect(failures).toEqual([undefined, undefined, undefined, 'slow down', 'slow down'])
      expect(opened.tracker.scrapes).toHaveLength(2)
    })

    it('is served again when time has passed', async () => {
      const opened = await behindProxy()
      await reasons(opened, '8.8.8.8', Array(4).fill(ANNOUNCE))
      opened.clock.seconds++
      expect(await reasons(opened, '8.8.8.8', [ANNOUNCE, ANNOUNCE])).toEqual([undefined, 'slow down'])
    })

    it('does not affect other clients of the same proxy', async () => {
      const opened = await behindProxy()
      await reasons(opened, '8.8.8.8', Array(10).fill(ANNOUNCE))
      for (const other of ['8.8.8.9', '2600::1', '2600:0:0:1::1']) {
        expect(await reasons(opened, other, Array(4).fill(ANNOUNCE))).toEqual([
          undefined,
          undefined,
          undefined,
          'slow down',
        ])
      }
    })

    it('gets the same answer to HEAD, without the body', async () => {
      const opened = await behindProxy()
      await reasons(opened, '8.8.8.8', Array(3).fill(ANNOUNCE))
      const request = [
        'HEAD ',
        ANNOUNCE,
        ' HTTP/1.1\r\nHost: t\r\nConnection: close\r\nX-Forwarded-For: 8.8.8.8\r\n\r\n',
      ]
      const socket = connectTo(opened.port)
      socket.write(request.join(''))
      const [head = '', body] = (await untilClosed(socket)).split('\r\n\r\n')
      expect(head).toContain('HTTP/1.1 200 OK')
      expect(head).toContain(
        `Content-Length: ${'d14:failure reason9:slow down8:intervali1800e12:min intervali900ee'.length}`,
      )
      expect(body).toBe('')
      expect(opened.counters.of('http_rate_limited')).toBe(1)
    })

    it('may ask for anything else', async () => {
      const opened = await behindProxy()
      await reasons(opened, '8.8.8.8', Array(4).fill(ANNOUNCE))
      expect((await ask(opened, '8.8.8.8', '/health_check')).status).toBe(200)
    })
  })

  describe('no limit applies', () => {
    it.each(['127.0.0.1', '10.0.0.1', 'fd00::1'])('to the private address %s', async (from) => {
      expect(await reasons(await behindProxy(), from, Array(6).fill(ANNOUNCE))).toEqual(Array(6).fill(undefined))
    })

    it('when rates are off', async () => {
      const opened = await behindProxy({ isOn: false })
      expect(await reasons(opened, '8.8.8.8', Array(6).fill(ANNOUNCE))).toEqual(Array(6).fill(undefined))
    })

    it('to clients that connect from loopback, unless asked for', async () => {
      const spared = await listen({}, someRates(FEW))
      const limited = await listen({}, someRates({ ...FEW, appliesToPrivate: true }))
      for (let i = 0; i < 4; i++) expect((await get(spared.port, ANNOUNCE)).body).not.toContain('slow down')
      for (let i = 0; i < 3; i++) await get(limited.port, ANNOUNCE)
      expect((await get(limited.port, ANNOUNCE)).body).toMatch(SLOW_DOWN)
    })
  })
})
