// What a trace says about requests, over sockets.

import { afterEach, describe, expect, it } from '@jest/globals'
import { Verdict } from '../../../../src/domain/verdict.ts'
import { type Changes, closeAll, DRIVERS, exchange, get, listen as listenWith, type Opened } from './http-exchange.ts'

const HASH = 'aaaaaaaaaaaaaaaaaaaa'
const KEY = 'YZSl4lMZupRuOpSRC3krIKR5BPB14nrJ'
const QUERY = `info_hash=${HASH}&peer_id=-qB5240-abcdefghijkl&port=6881&left=1`
const FIELDS = { kind: 'announce', infoHash: '61'.repeat(20), event: 'none', port: 6881 }

afterEach(closeAll)

describe.each(DRIVERS)('over the %s driver,', (driver) => {
  const listen = (changes: Changes = {}) => listenWith({ driver, ...changes })

  async function tracing(changes: Changes = {}): Promise<Opened> {
    const opened = await listen(changes)
    opened.tap.traced = [127, 0, 0, 1]
    return opened
  }

  describe('the trace of an HTTP request', () => {
    it('tells of an announce, without its key', async () => {
      const { port, tap, tracker } = await tracing({ port: 0 })
      tracker.peers = ['c633640a1ae1']
      await get(port, `/announce/${KEY}?${QUERY}&event=started&numwant=30&passkey=${KEY}`)
      expect(tap.noted).toEqual([
        {
          ...FIELDS,
          listener: 'http://127.0.0.1:0',
          client: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
          event: 'started',
          numwant: 30,
          verdict: 'answered',
          seeders: 0,
          leechers: 1,
          peers: 1,
        },
      ])
      expect(JSON.stringify(tap.noted)).not.toContain(KEY)
    })

    it.each([
      [`/announce?${QUERY}`, Verdict.Unregistered, { ...FIELDS, verdict: 'refused', reason: 'unregistered torrent' }],
      [`/announce?${QUERY}`, Verdict.Full, { ...FIELDS, verdict: 'answered', peers: 0 }],
      ['/announce?port=1', Verdict.Served, { kind: 'announce', verdict: 'refused', reason: 'missing info_hash' }],
      [`/announce?${'a&'.repeat(200)}`, Verdict.Served, { kind: 'announce', verdict: 'refused', reason: 'status 400' }],
      [
        `/scrape?info_hash=${HASH}&info_hash=bbbbbbbbbbbbbbbbbbbb`,
        Verdict.Served,
        { kind: 'scrape', infoHash: '61'.repeat(20), hashes: 2, verdict: 'answered' },
      ],
      ['/scrape', Verdict.Served, { kind: 'scrape', verdict: 'refused', reason: 'full scrape not allowed' }],
      ['/favicon.ico', Verdict.Served, { kind: 'other', verdict: 'refused', reason: 'status 404' }],
      ['/health_check', Verdict.Served, { kind: 'other', verdict: 'answered' }],
    ] as const)('tells of %s, verdict %s', async (target, verdict, told) => {
      const { port, tap, tracker } = await tracing()
      tracker.verdict = verdict
      await get(port, target)
      expect(tap.noted).toMatchObject([told])
    })

    it('tells of a method that is not served', async () => {
      const { port, tap } = await tracing()
      await exchange(
        port,
        `POST /announce?${QUERY} HTTP/1.1\r\nHost: t\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
      )
      expect(tap.noted).toMatchObject([{ ...FIELDS, verdict: 'refused', reason: 'status 405' }])
    })

    it('goes by the address that a trusted proxy reports', async () => {
      const { port, tap } = await tracing({ trustedProxies: ['127.0.0.1'] })
      tap.traced = [192, 0, 2, 1]
      await get(port, `/announce?${QUERY}`, 'X-Forwarded-For: 192.0.2.2')
      await get(port, `/announce?${QUERY}`, 'X-Forwarded-For: 192.0.2.1')
      expect(tap.noted).toMatchObject([{ client: '192.0.2.1', verdict: 'answered' }])
    })

    it('is empty for other clients, and when it is off', async () => {
      const { port, tap } = await tracing()
      tap.traced = [127, 0, 0, 2]
      await get(port, `/announce?${QUERY}`)
      tap.traced = undefined
      await get(port, `/announce?${QUERY}`)
      expect(tap.noted).toEqual([])
    })
  })
})
