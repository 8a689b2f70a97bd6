import { once } from 'node:events'
import { gunzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from '@jest/globals'
import { readHttpAnnounceReply } from '../../../../src/adapters/protocol/http/reply-reader.ts'
import { AnnounceEvent } from '../../../../src/domain/announce.ts'
import {
  ANNOUNCE_QUERY,
  AWKWARD_INFO_HASH,
  INFO_HASH,
  latin1,
  NEWTRACKON_TARGET,
  OTHER_INFO_HASH,
} from '../../../fixtures/http-vectors.ts'
import {
  type Changes,
  closeAll,
  connectTo,
  DRIVERS,
  exchange,
  get,
  listen as listenWith,
  splitReplies,
  untilClosed,
  untilReplies,
} from './http-exchange.ts'

const ANNOUNCE = `/announce?${ANNOUNCE_QUERY}`
function HASHES(count: number) {
  return Array.from({ length: count }, (_, i) => `info_hash=${`%${(i + 16).toString(16)}`.repeat(20)}`).join('&')
}

function failureOf(body: string) {
  return readHttpAnnounceReply(latin1(body))?.failureReason
}

afterEach(closeAll)

describe.each(DRIVERS)('over the %s driver,', (driver) => {
  // It does not say what HTTP/1.1 does by default.
  const isPlain = driver === 'plain'
  const listen = (changes: Changes = {}) => listenWith({ driver, ...changes })

  describe('an announce', () => {
    it('registers the address of the socket and is answered with the expected headers', async () => {
      const { tracker, counters, port } = await listen()
      tracker.peers = ['c633640a1ae1']
      const { status, headers, body } = await get(port, ANNOUNCE)
      expect(status).toBe(200)
      expect(body).toContain('5:peers6:\xc63d\x0a\x1a\xe1')
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-type': 'text/plain',
        'content-length': String(body.length),
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      })
      for (const name of [
        'server',
        'set-cookie',
        'transfer-encoding',
        'access-control-allow-origin',
        'content-encoding',
      ]) {
        expect(headers.has(name)).toBe(false)
      }
      expect(tracker.announces).toMatchObject([{ infoHash: OTHER_INFO_HASH.hex, address: '7f000001', port: 51413 }])
      expect(counters.of('http_requests')).toBe(1)
    })

    it('keeps an unescaped # as part of the hash', async () => {
      const { tracker, port } = await listen()
      await get(port, ANNOUNCE.replace('%23', '#'))
      expect(tracker.announces).toMatchObject([{ infoHash: OTHER_INFO_HASH.hex }])
    })

    it('accepts the probe of newTrackon', async () => {
      const { tracker, port } = await listen()
      const { status, body } = await get(
        port,
        NEWTRACKON_TARGET,
        'User-Agent: qBittorrent/4.3.9',
        'Accept-Encoding: gzip',
      )
      const reply = readHttpAnnounceReply(latin1(body))
      expect(status).toBe(200)
      expect(reply?.failureReason).toBeUndefined()
      expect(body).toContain('5:peers')
      expect(reply?.intervalSeconds).toBeGreaterThanOrEqual(300)
      expect(reply?.intervalSeconds).toBeLessThanOrEqual(10800)
      expect(tracker.announces).toMatchObject([{ infoHash: AWKWARD_INFO_HASH.hex, isSeeding: true }])
    })

    it.each([
      ['/announce', 'missing info_hash'],
      ['/announce?', 'missing info_hash'],
      ['/announce/', 'missing info_hash'],
      ['/announce?INFO_HASH=x', 'missing info_hash'],
      [ANNOUNCE.replace('port=51413', 'port=65536'), 'invalid port'],
      [ANNOUNCE.replace('&port=51413', ''), 'invalid port'],
    ])('of %s is answered with status 200 and a failure reason', async (target, reason) => {
      const { tracker, port } = await listen()
      const { status, body } = await get(port, target)
      expect([status, failureOf(body)]).toEqual([200, reason])
      expect(tracker.announces).toHaveLength(0)
    })

    it.each([
      ['without a port', ANNOUNCE.replace('&port=51413', '&event=stopped')],
      ['with port 0', `${ANNOUNCE}&port=0&event=stopped`],
    ])('with the event stopped is served %s', async (_, target) => {
      const { tracker, port } = await listen()
      const { body } = await get(port, target)
      expect(failureOf(body)).toBeUndefined()
      expect(tracker.announces).toMatchObject([{ port: 0, event: AnnounceEvent.Stopped }])
    })

    it.each([
      `/announce/?${ANNOUNCE_QUERY}`,
      `/0123456789abcdef/announce?${ANNOUNCE_QUERY}`,
      `/announce/0123456789abcdef?${ANNOUNCE_QUERY}`,
      `http://tracker.example:6969${ANNOUNCE}`,
      `${ANNOUNCE}&&&a&b&=c`,
      `${ANNOUNCE}&__proto__=1&constructor=2&toString=3`,
      `${ANNOUNCE}&ip=8.8.8.8&ipv4=8.8.8.8&ipv6=2001:4860::1`,
      `${ANNOUNCE}&event=${'x'.repeat(6000)}`,
    ])('is served at %s', async (target) => {
      const { tracker, port } = await listen()
      expect((await get(port, target)).status).toBe(200)
      expect(tracker.announces).toMatchObject([{ infoHash: OTHER_INFO_HASH.hex, address: '7f000001', port: 51413 }])
    })

    it('with a thousand parameters is rejected', async () => {
      const { tracker, counters, port } = await listen()
      expect((await get(port, `${ANNOUNCE}${'&a=b'.repeat(1000)}`)).status).toBe(400)
      expect(tracker.announces).toHaveLength(0)
      expect(counters.of('http_rejected_requests')).toBe(1)
    })

    it('is served over IPv6, and over IPv4 on a dual-stack socket', async () => {
      const { tracker, listener, port } = await listen({ host: '::' })
      expect(listener.address.family).toBe('IPv6')
      const request = `GET ${ANNOUNCE} HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n`
      await exchange(port, request, '::1')
      await exchange(port, request, '127.0.0.1')
      expect(tracker.announces.map(({ address }) => address)).toEqual([`${'00'.repeat(15)}01`, '7f000001'])
    })

    it('is not possible over IPv4 on an IPv6-only socket', async () => {
      const { port } = await listen({ host: '::', ipv6Only: true })
      const [error] = await once(connectTo(port), 'error')
      expect(error).toMatchObject({ code: 'ECONNREFUSED' })
    })
  })

  describe('a scrape', () => {
    it.each(['/scrape', '/scrape/', '/key/scrape', '/scrape/key'])('is answered at %s', async (path) => {
      const { tracker, port } = await listen()
      const { status, body } = await get(port, `${path}?info_hash=${INFO_HASH.spellings['every byte escaped']}`)
      expect(status).toBe(200)
      expect(body).toMatch(/^d5:filesd20:/)
      expect(tracker.scrapes).toEqual([INFO_HASH.hex])
      expect(tracker.announces).toHaveLength(0)
    })

    it('of everything fails', async () => {
      const { port } = await listen()
      const { headers, body } = await get(port, '/scrape')
      expect(failureOf(body)).toBe('full scrape not allowed')
      expect(headers.get('content-type')).toBe('text/plain')
    })

    it('is answered for 74 of 75 hashes, and once for a repeated hash', async () => {
      const { tracker, port } = await listen()
      await get(port, `/scrape?${HASHES(75)}`)
      expect(tracker.scrapes).toHaveLength(74)
      await get(port, `/scrape?${HASHES(1)}&${HASHES(1)}`)
      expect(tracker.scrapes).toHaveLength(75)
    })

    it('is compressed when long, for clients that accept gzip', async () => {
      const { port } = await listen()
      const target = `/scrape?${HASHES(20)}`
      const plain = await get(port, target)
      const packed = await get(port, target, 'Accept-Encoding: deflate, gzip')
      expect(packed.headers.get('content-encoding')).toBe('gzip')
      expect(packed.headers.get('vary')).toBe('Accept-Encoding')
      expect(packed.body.length).toBeLessThan(plain.body.length)
      expect(gunzipSync(latin1(packed.body)).toString('latin1')).toBe(plain.body)
    })

    it.each([
      ['short', HASHES(2), 'gzip'],
      ['long, for a client that does not accept gzip', HASHES(20), 'gzip;q=0, br'],
      ['long, for a client with an empty Accept-Encoding', HASHES(20), ''],
    ])('is sent uncompressed when %s', async (_, query, encodings) => {
      const { port } = await listen()
      const { headers, body } = await get(port, `/scrape?${query}`, `Accept-Encoding: ${encodings}`)
      expect(headers.has('content-encoding')).toBe(false)
      expect(body).toMatch(/^d5:files/)
    })
  })

  describe('other paths and methods', () => {
    it('answer the health check', async () => {
      const { port } = await listen()
      const { status, headers, body } = await get(port, '/health_check')
      expect([status, body]).toEqual([200, '{"status":"Ok"}'])
      expect(headers.get('content-type')).toMatch(/^application\/json/)
      expect((await exchange(port, 'GET /health_check HTTP/1.0\r\n\r\n')).body).toBe('{"status":"Ok"}')
    })

    it.each(['/', '//announce', '/announce.php', '/Announce', '/announce%20', '/stats'])(
      'get 404 for %s',
      async (path) => {
        const { tracker, port } = await listen()
        const { status, headers, body } = await get(port, `${path}?${ANNOUNCE_QUERY}`)
        expect([status, body, headers.get('transfer-encoding')]).toEqual([404, '', undefined])
        expect(tracker.announces).toHaveLength(0)
      },
    )

    it.each(['GET', 'HEAD', 'POST'])('get 404 for %s *', async (method) => {
      const { tracker, port } = await listen()
      const request = `${method} * HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n`
      const { status, headers, body } = await exchange(port, request)
      expect([status, body, headers.get('transfer-encoding')]).toEqual([404, '', undefined])
      expect(tracker.scrapes).toHaveLength(0)
    })

    it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'TRACE'])('do not treat %s as an announce', async (method) => {
      const { tracker, port } = await listen()
      for (const target of [ANNOUNCE, '/scrape?a=b', '/health_check']) {
        const { status, headers, body } = await exchange(
          port,
          `${method} ${target} HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n`,
        )
        expect([status, headers.get('allow'), body]).toEqual([405, 'GET, HEAD', ''])
      }
      expect(tracker.announces).toHaveLength(0)
      expect(tracker.scrapes).toHaveLength(0)
    })

    it.each([
      { target: ANNOUNCE, status: 200 },
      { target: '/announce?a=b', status: 200 },
      { target: `/announce?${'&a=b'.repeat(129)}`, status: 400 },
      { target: `/scrape?${HASHES(3)}`, status: 200 },
      { target: `/scrape?${HASHES(30)}`, status: 200, line: 'Accept-Encoding: gzip' },
      { target: '/scrape', status: 200 },
      { target: `/scrape?${'&a=b'.repeat(129)}`, status: 400 },
      { target: ANNOUNCE, status: 403, line: 'Origin: https://e.example' },
      { target: '/', status: 404 },
    ])('answer HEAD of $target as GET, without the body: $status', async ({ target, status, line }) => {
      const { tracker, counters, port } = await listen()
      const ask = async (method: string) => {
        const socket = connectTo(port)
        const answer = untilClosed(socket)
        const lines = [`${method} ${target} HTTP/1.1`, 'Host: t', 'Connection: close', ...(line ? [line] : []), '', '']
        socket.write(lines.join('\r\n'))
        const [head = '', ...body] = (await answer).split('\r\n\r\n')
        const [first = '', ...headers] = head.split('\r\n').filter((header) => !header.startsWith('Date: '))
        // The drivers have them in different orders.
        return { body: body.join(), headers: [first, ...headers.sort()] }
      }
      const head = await ask('HEAD')
      expect([tracker.announces, counters.of('http4_announces'), counters.of('http_bytes_sent')]).toEqual([[], 0, 0])
      const { headers } = await ask('GET')
      expect(head.body).toBe('')
      expect(head.headers[0]).toBe(headers[0])
      expect(headers[0]).toContain(` ${status} `)
      // Only the tracker could tell the length of an announce's reply.
      const isServed = target.startsWith('/announce') && status === 200
      expect(head.headers).toEqual(isServed ? headers.filter((name) => !name.startsWith('Content-Length')) : headers)
    })

    it('keep a connection after HEAD', async () => {
      const { tracker, port } = await listen()
      const socket = connectTo(port)
      const answer = untilClosed(socket)
      const head = `HEAD ${ANNOUNCE} HTTP/1.1\r\nHost: t\r\n\r\n`
      socket.write(`${head}${head}GET ${ANNOUNCE} HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n`)
      expect((await answer).match(/HTTP\/1.1 200 OK/g)).toHaveLength(3)
      expect(tracker.announces).toHaveLength(1)
    })

    it.each(['/announce', '/scrape', '*', '/', '/health_check', '/nothing/here', '//a'])(
      'answer OPTIONS %s with Allow but without CORS headers',
      async (target) => {
        const { port } = await listen()
        const request = `OPTIONS ${target} HTTP/1.1\r\nHost: t\r\nOrigin: https://e.example\r\nConnection: close\r\n\r\n`
        const { status, headers } = await exchange(port, request)
        expect([status, headers.get('allow')]).toEqual([204, 'GET, HEAD'])
        expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
      },
    )

    it('answer the plain check of a load balancer', async () => {
      const { port } = await listen()
      expect((await exchange(port, 'OPTIONS / HTTP/1.0\r\n\r\n')).status).toBe(204)
    })

    it.each([
      'Origin: https://evil.example',
      'Origin: null',
      'Sec-Fetch-Site: cross-site',
      'sec-fetch-site: same-site',
    ])('reject requests of a web page with %s', async (line) => {
      const { tracker, port } = await listen()
      const { status, headers, body } = await get(port, ANNOUNCE, line)
      expect([status, body, headers.has('access-control-allow-origin')]).toEqual([403, '', false])
      expect((await get(port, `/scrape?${HASHES(1)}`, line)).status).toBe(403)
      expect(tracker.announces).toHaveLength(0)
    })

    it.each(['Sec-Fetch-Site: none', 'Sec-Fetch-Site: same-origin', 'X-Header: abcdefg'])(
      'serve announces with %s',
      async (line) => {
        const { tracker, port } = await listen()
        await get(port, ANNOUNCE, line)
        expect(tracker.announces).toHaveLength(1)
      },
    )
  })

  describe('the protocol', () => {
    it('speaks HTTP/1.0 and closes', async () => {
      const { tracker, port } = await listen()
      const { status, headers, body } = await exchange(port, `GET ${ANNOUNCE} HTTP/1.0\r\n\r\n`)
      expect([status, headers.get('content-length')]).toEqual([200, String(body.length)])
      expect(tracker.announces).toHaveLength(1)
    })

    it('answers pipelined requests in order and keeps the connection open', async () => {
      const { tracker, port } = await listen()
      const socket = connectTo(port)
      const answers = untilReplies(socket, 3)
      const request = (target: string) => `GET ${target} HTTP/1.1\r\nHost: t\r\n\r\n`
      socket.write(request(ANNOUNCE) + request('/scrape') + request(`${ANNOUNCE}&port=6881`))
      const replies = splitReplies(await answers)
      expect(replies.map(({ body }) => failureOf(body))).toEqual([undefined, 'full scrape not allowed', undefined])
      expect(replies[0]?.headers.get('connection')).toBe(isPlain ? undefined : 'keep-alive')
      expect(tracker.announces.map(({ port }) => port)).toEqual([51413, 6881])
      socket.destroy()
    })

    it.each([
      ['HTTP/1.1 without a host', `GET ${ANNOUNCE} HTTP/1.1\r\n\r\n`],
      ['bare line feeds', `GET ${ANNOUNCE} HTTP/1.1\nHost: t\n\n`],
      ['a method in lower case', `get ${ANNOUNCE} HTTP/1.1\r\nHost: t\r\n\r\n`],
      ['a raw byte above 0x7f', `GET ${ANNOUNCE}\x80 HTTP/1.1\r\nHost: t\r\n\r\n`],
      ['a raw 0xff', `GET /announce?info_hash=\xff HTTP/1.1\r\nHost: t\r\n\r\n`],
      ['a space in the target', 'GET /announce ?info_hash=x HTTP/1.1\r\nHost: t\r\n\r\n'],
      [
        'a length and chunks',
        `GET ${ANNOUNCE} HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      ],
      ['a line break in a header', `GET ${ANNOUNCE} HTTP/1.1\r\nHost: t\r\nUser-Agent: x\rfoo\r\n\r\n`],
      ['no HTTP at all', '\x13BitTorrent protocol\0\0\0\0\0\0\0\0'],
      ['a TLS ClientHello', '\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03'],
    ])('rejects %s with 400 and closes', async (_, bytes) => {
      const { tracker, port } = await listen()
      expect((await exchange(port, bytes)).status).toBe(400)
      expect(tracker.announces).toHaveLength(0)
    })

    it.each(['/announce', '/health_check', '/nothing'])(
      'rejects a request without a host for %s, with a Content-Length',
      async (target) => {
        const { port } = await listen()
        const { status, headers } = await exchange(port, `GET ${target} HTTP/1.1\r\nConnection: close\r\n\r\n`)
        expect([status, headers.get('content-length'), headers.has('transfer-encoding')]).toEqual([400, '0', false])
      },
    )

    it('rejects requests of nine kilobytes', async () => {
      const { tracker, counters, port } = await listen()
      expect((await get(port, `${ANNOUNCE}&x=${'y'.repeat(9 * 1024)}`)).status).toBe(431)
      expect((await get(port, ANNOUNCE, `User-Agent: ${'y'.repeat(9 * 1024)}`)).status).toBe(431)
      expect(tracker.announces).toHaveLength(0)
      expect(counters.of('http_connection_errors')).toBe(2)
    })

    it('accepts two hundred headers', async () => {
      const { port } = await listen()
      const lines = Array.from({ length: 200 }, (_, index) => `X-${index}: y`)
      expect((await get(port, ANNOUNCE, ...lines)).status).toBe(200)
    })

    it('answers a request that has a body and then closes', async () => {
      const { tracker, port } = await listen()
      const request = `GET ${ANNOUNCE} HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nGET /`
      const { status, headers } = await exchange(port, request)
      expect([status, headers.get('connection')]).toEqual([200, 'close'])
      expect(tracker.announces).toHaveLength(1)
    })

    it.each([
      ['Content-Length: 100000000', 'GET', ANNOUNCE, 200],
      ['Content-Length: 100000000', 'POST', ANNOUNCE, 405],
      ['Content-Length: 100000000', 'POST', '/nothing', 404],
      ['Transfer-Encoding: chunked', 'POST', ANNOUNCE, 405],
      ['Content-Length: 100000000\r\nExpect: 100-continue', 'POST', ANNOUNCE, 405],
    ])('does not wait for a body with %s of %s %s', async (line, method, target, status) => {
      const { port } = await listen()
      expect(await exchange(port, `${method} ${target} HTTP/1.1\r\nHost: t\r\n${line}\r\n\r\nbegin`)).toMatchObject({
        status,
      })
    })

    it('answers requests with an unknown expectation, with a Content-Length', async () => {
      const { tracker, counters, port } = await listen()
      const { status, headers } = await get(port, ANNOUNCE, 'Expect: foo')
      expect([status, headers.has('content-length'), headers.has('transfer-encoding')]).toEqual([200, true, false])
      expect(tracker.announces).toHaveLength(1)
      expect(counters.of('http_requests')).toBe(1)
    })

    it('asks clients to close after the configured number of requests', async () => {
      const { port } = await listen({ limits: { maxRequestsPerConnection: 2 } })
      const socket = connectTo(port)
      const answer = untilReplies(socket, 2)
      socket.write(`GET ${ANNOUNCE} HTTP/1.1\r\nHost: t\r\n\r\n`.repeat(2))
      expect(splitReplies(await answer).map(({ headers }) => headers.get('connection'))).toEqual([
        isPlain ? undefined : 'keep-alive',
        'close',
      ])
      socket.destroy()
    })

    it('survives clients that reset the connection', async () => {
      const { port, counters } = await listen()
      const socket = connectTo(port)
      await once(socket, 'connect')
      socket.write(`GET ${ANNOUNCE} HTTP/1.1\r\nHost: t\r\n\r\n`.repeat(20))
      socket.resetAndDestroy()
      await once(socket, 'close')
      expect((await get(port, ANNOUNCE)).status).toBe(200)
      expect(counters.of('internal_errors')).toBe(0)
    })
  })

  describe('connections', () => {
    const HASTY = { headersTimeoutMs: 100, requestTimeoutMs: 150, checkingIntervalMs: 50 }

    it('that send nothing are closed', async () => {
      const { port } = await listen({ limits: HASTY })
      // The plain driver says nothing to a client that has said nothing.
      expect((await exchange(port, '')).status).toBe(isPlain ? 0 : 408)
    })

    it('that send nothing are closed earlier during an attack', async () => {
      const limits = { headersTimeoutMs: 3000, requestTimeoutMs: 4000, checkingIntervalMs: 50 }
      const [calm, attacked] = [await listen({ limits }), await listen({ limits })]
      attacked.attack.set(true)
      const [waiting, first] = [connectTo(calm.port), connectTo(attacked.port)]
      await untilClosed(first)
      expect(waiting.closed).toBe(false)
      expect((await get(attacked.port, ANNOUNCE)).status).toBe(200)
      waiting.destroy()
    })

    it('that send one byte at a time are closed', async () => {
      const { tracker, port } = await listen({ limits: HASTY })
      const socket = connectTo(port)
      const closed = untilClosed(socket)
      const drip = setInterval(() => socket.write('G'), 20)
      socket.write('GET /announce?')
      await closed
      clearInterval(drip)
      expect(tracker.announces).toHaveLength(0)
    })

    it('are limited per address: the one that has been idle for longest makes room for another', async () => {
      const { counters, port } = await listen({ limits: { maxConnectionsPerAddress: 3 } })
      const held = [connectTo(port), connectTo(port), connectTo(port)]
      const served = held.map((socket) => {
        const reply = untilReplies(socket, 1)
        socket.write(`GET ${ANNOUNCE} HTTP/1.1\r\nHost: t\r\n\r\n`)
        return reply
      })
      await Promise.all(served)
      const firstEnd = untilClosed(held[0])
      expect((await get(port, ANNOUNCE)).status).toBe(200)
      await firstEnd
      expect(counters.of('http_connections_displaced_by_address')).toBe(1)
      const request = `GET ${ANNOUNCE} HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n`
      expect((await exchange(port, request, '127.0.0.1', '127.0.0.2')).status).toBe(200)
      const others = held.slice(1).map((socket) => untilReplies(socket, 1))
      for (const socket of held.slice(1)) socket.write(`GET ${ANNOUNCE} HTTP/1.1\r\nHost: t\r\n\r\n`)
      await Promise.all(others)
      for (const socket of held) socket.destroy()
      await Promise.all(held.slice(1).map((socket) => once(socket, 'close')))
      for (let i = 0; i < 10; i++) expect((await get(port, ANNOUNCE)).status).toBe(200)
      expect(counters.of('http_connections_displaced_by_address')).toBe(1)
      expect(counters.of('http_connections_refused')).toBe(0)
    })

    it('that do not read their replies are closed', async () => {
      const { port } = await listen({
        limits: { idleTimeoutMs: 200, requestTimeoutMs: 60_000, maxRequestsPerConnection: 1_000_000 },
      })
      const socket = connectTo(port)
      socket.pause()
      socket.write(`GET /scrape?${HASHES(74)} HTTP/1.1\r\nHost: t\r\n\r\n`.repeat(4000))
      const [error] = await once(socket, 'error')
      expect(error.code).toMatch(/ECONNRESET|EPIPE/)
    })

    it('are limited in total: an idle one makes room for another', async () => {
      const { counters, port } = await listen({ limits: { maxConnections: 1 } })
      const held = connectTo(port)
      const reply = untilReplies(held, 1)
      held.write(`GET ${ANNOUNCE} HTTP/1.1\r\nHost: t\r\n\r\n`)
      await reply
      const heldEnd = untilClosed(held)
      expect((await get(port, ANNOUNCE)).status).toBe(200)
      await heldEnd
      expect(counters.of('http_connections_displaced_by_total')).toBe(1)
      expect(counters.of('http_connections_refused')).toBe(0)
    })

    it('end after their current request when the listener closes', async () => {
      const { listener, port } = await listen()
      const idle = connectTo(port)
      const answer = untilReplies(idle, 1)
      idle.write(`GET ${ANNOUNCE} HTTP/1.1\r\nHost: t\r\n\r\n`)
      await answer
      const busy = connectTo(port)
      await once(busy, 'connect')
      busy.write(`GET ${ANNOUNCE} HTTP/1.1\r\n`)
      // The incomplete request has arrived once a later one has been answered.
      await get(port, ANNOUNCE)
      const idleEnd = once(idle, 'close')
      const busyEnd = untilClosed(busy)
      const closed = listener.close(60_000)
      await idleEnd
      busy.write('Host: t\r\n\r\n')
      expect(splitReplies(await busyEnd)[0]?.headers.get('connection')).toBe('close')
      await closed
      const [error] = await once(connectTo(port), 'error')
      expect(error).toMatchObject({ code: 'ECONNREFUSED' })
    })

    it('that never finish do not delay the close beyond the deadline', async () => {
      const { listener, port } = await listen()
      const stuck = connectTo(port)
      const ended = untilClosed(stuck)
      stuck.write('GET /announce')
      await get(port, ANNOUNCE)
      await listener.close(10)
      expect(await ended).toBe('')
    })
  })

  describe('a listener', () => {
    it('names the address that cannot be bound', async () => {
      const { port } = await listen()
      await expect(listen({ port })).rejects.toMatchObject({ code: 'EADDRINUSE', port })
    })

    it('shares its port with another one if both enable it', async () => {
      const { port } = await listen({ reusePort: true })
      expect((await listen({ reusePort: true, port })).port).toBe(port)
    })
  })
})
