import { mkdtempSync, rmSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectOverTls } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { probeHttp } from '../../../src/adapters/client/service-probe.ts'
import { IpAddress, readAddress } from '../../../src/adapters/protocol/address-text.ts'
import { readHttpAnnounceReply } from '../../../src/adapters/protocol/http/reply-reader.ts'
import { writeBinaryHeader } from '../../../src/adapters/protocol/proxy/binary-header.ts'
import type { ProxiedConnection } from '../../../src/adapters/protocol/proxy/proxied-connection.ts'
import { writeTextHeader } from '../../../src/adapters/protocol/proxy/text-header.ts'
import { certify, filesIn } from '../../fixtures/certificates.ts'
import { ANNOUNCE_QUERY, latin1 } from '../../fixtures/http-vectors.ts'
import {
  closeAll,
  connectTo,
  listen,
  type Opened,
  splitReplies,
  untilClosed,
  untilReplies,
} from './http/http-exchange.ts'

const PROXIED = { proxyProtocol: true, ignoresForwarded: true, trustedProxies: ['127.0.0.1', '10.0.0.0/8'] }
const REQUEST = `GET /announce?${ANNOUNCE_QUERY} HTTP/1.1\r\nHost: t\r\n`
const LAST = `${REQUEST}Connection: close\r\n\r\n`

const root = mkdtempSync(join(tmpdir(), 'muster-gate-'))
beforeAll(() => void certify(root, 'one'))
afterAll(() => rmSync(root, { recursive: true }))
afterEach(closeAll)

function from(source: string, destination = source.includes(':') ? '2001:db8::1' : '192.0.2.1'): ProxiedConnection {
  const end = (text: string, port: number) => {
    const address = new IpAddress()
    readAddress(text, 0, text.length, address)
    return { address, port }
  }
  return { source: end(source, 40_000), destination: end(destination, 80) }
}

/** Sends these bytes; returns everything that comes back. */
async function answerTo(socket: Socket, ...parts: readonly (Buffer | string)[]): Promise<string> {
  const answer = untilClosed(socket)
  for (const part of parts) socket.write(part)
  return await answer
}

function failureIn(answer: string): string | undefined {
  return readHttpAnnounceReply(latin1(splitReplies(answer)[0]?.body ?? ''))?.failureReason
}

async function untilCounted({ counters }: Opened, name: Parameters<Opened['counters']['of']>[0]): Promise<void> {
  while (counters.of(name) === 0) await new Promise((resolve) => setImmediate(resolve))
}

describe.each([
  ['1', writeTextHeader],
  ['2', writeBinaryHeader],
])('a PROXY header of version %s', (_, write) => {
  it.each([
    ['9.9.9.9', '09090909'],
    ['2001:4860::1', '20014860000000000000000000000001'],
    // Of a proxy, which is the client where it forwards for no other.
    ['10.0.0.9', '0a000009'],
  ])('from a trusted proxy names %s as the client', async (source, listed) => {
    const { tracker, port } = await listen(PROXIED)
    const answer = await answerTo(connectTo(port), write(from(source)), LAST)
    expect(splitReplies(answer).map(({ status }) => status)).toEqual([200])
    expect(tracker.announces.map(({ address }) => address)).toEqual([listed])
  })

  it('may arrive byte by byte, and together with requests', async () => {
    const { tracker, port } = await listen(PROXIED)
    const socket = connectTo(port).setNoDelay(true)
    const answers = untilReplies(socket, 3)
    const header = write(from('9.9.9.9'))
    for (const byte of header.subarray(0, -1)) {
      await new Promise<void>((resolve) => void socket.write(Buffer.of(byte), () => resolve()))
    }
    socket.write(
      Buffer.concat([header.subarray(-1), Buffer.from(`${REQUEST}\r\n${REQUEST}\r\n${REQUEST.slice(0, 30)}`)]),
    )
    socket.write(`${REQUEST.slice(30)}\r\n`)
    await answers
    expect(tracker.announces.map(({ address }) => address)).toEqual(['09090909', '09090909', '09090909'])
    socket.destroy()
  })

  it('is read before TLS', async () => {
    const opened = await listen({ ...PROXIED, tls: filesIn(join(root, 'one')) })
    const plain = connectTo(opened.port)
    plain.write(write(from('9.9.9.9')))
    // What the listener answers, on another connection, it has read after the header.
    await answerTo(connectTo(opened.port), 'GET')
    await answerTo(connectOverTls({ socket: plain, rejectUnauthorized: false }), LAST)
    expect(opened.tracker.announces.map(({ address }) => address)).toEqual(['09090909'])
  })

  it('is read before TLS that arrives with it', async () => {
    const opened = await listen({ ...PROXIED, tls: filesIn(join(root, 'one')) })
    const plain = connectTo(opened.port)
    plain.cork()
    plain.write(write(from('9.9.9.9')))
    const secure = connectOverTls({ socket: plain, rejectUnauthorized: false })
    setImmediate(() => plain.uncork())
    await answerTo(secure, LAST)
    expect(opened.tracker.announces.map(({ address }) => address)).toEqual(['09090909'])
  })

  it('that names no client leaves it unknown, until X-Forwarded-For names one', async () => {
    const { port } = await listen(PROXIED)
    expect(failureIn(await answerTo(connectTo(port), write(undefined), LAST))).toMatch(/address/)
    const forwarding = await listen({ ...PROXIED, ignoresForwarded: false })
    const forwarded = `${REQUEST}X-Forwarded-For: 9.9.9.9\r\nConnection: close\r\n\r\n`
    await answerTo(connectTo(forwarding.port), write(undefined), forwarded)
    expect(forwarding.tracker.announces.map(({ address }) => address)).toEqual(['09090909'])
  })

  it('makes X-Forwarded-For count only if the proxy that it names sends one that is read', async () => {
    const forwarded = `${REQUEST}X-Forwarded-For: 9.9.9.9\r\nConnection: close\r\n\r\n`
    const listed = async (source: string, ignoresForwarded: boolean) => {
      const { tracker, port } = await listen({ ...PROXIED, ignoresForwarded })
      await answerTo(connectTo(port), write(from(source)), forwarded)
      return tracker.announces[0]?.address
    }
    expect(await listed('8.8.8.8', false)).toBe('08080808')
    expect(await listed('10.0.0.9', false)).toBe('09090909')
    expect(await listed('10.0.0.9', true)).toBe('0a000009')
  })

  it('counts connections by the client that it names', async () => {
    const opened = await listen({ ...PROXIED, limits: { maxConnectionsPerAddress: 2 } })
    const sockets = ['9.9.9.9', '9.9.9.9', '8.8.8.8', '9.9.9.9'].map((source) => {
      const socket = connectTo(opened.port)
      socket.write(write(from(source)))
      return { socket, closed: untilClosed(socket) }
    })
    await Promise.race(sockets.map(({ closed }) => closed))
    expect(opened.counters.of('http_connections_displaced_by_address')).toBe(1)
    for (const { socket } of sockets) socket.destroy()
  })

  it('shows in traces, with its port', async () => {
    const opened = await listen(PROXIED)
    opened.tap.traced = [9, 9, 9, 9]
    await answerTo(connectTo(opened.port), write(from('9.9.9.9')), LAST)
    expect(opened.tap.noted.map(({ client }) => client)).toEqual(['9.9.9.9:40000'])
  })

  it('is not accepted where it is not expected', async () => {
    const { tracker, port } = await listen({ trustedProxies: ['127.0.0.1'] })
    const [reply] = splitReplies(await answerTo(connectTo(port), write(from('9.9.9.9')), LAST))
    expect(reply?.status).toBe(400)
    expect(tracker.announces).toEqual([])
  })

  it('from anything but a trusted proxy is refused', async () => {
    const opened = await listen({ ...PROXIED, trustedProxies: ['10.0.0.0/8'] })
    const other = connectTo(opened.port, '127.0.0.1', '127.0.0.2')
    expect(await answerTo(other, write(from('9.9.9.9')), LAST)).toBe('')
    expect(opened.counters.of('http_connections_refused')).toBe(1)
    // This machine's own checks may come, and name nothing.
    expect(await answerTo(connectTo(opened.port), write(from('9.9.9.9')), LAST)).toBe('')
    expect(opened.counters.of('http_connection_errors')).toBe(1)
    const own = await answerTo(connectTo(opened.port), write(undefined), LAST)
    expect(splitReplies(own).map(({ status }) => status)).toEqual([200])
    expect(opened.tracker.announces.map(({ address }) => address)).toEqual(['7f000001'])
  })
})

describe('a connection to a listener that expects a PROXY header', () => {
  it.each([['GET'], [LAST], ['PROXY TCP4 9.9.9.9\r\n'], ['PROXY '.repeat(200)], ['\r\n\r\n\0\r\nQUIT\n\x31']])(
    'is closed without an answer if it does not begin with one: %#',
    async (bytes) => {
      const opened = await listen(PROXIED)
      expect(await answerTo(connectTo(opened.port), bytes)).toBe('')
      expect(opened.counters.of('http_connection_errors')).toBe(1)
      expect(opened.counters.of('http_requests')).toBe(0)
    },
  )

  it('is that of a health check, too, with and without TLS', async () => {
    for (const trustedProxies of [['127.0.0.1'], ['10.0.0.0/8']]) {
      for (const tls of [undefined, filesIn(join(root, 'one'))]) {
        const { port } = await listen({ ...PROXIED, trustedProxies, tls })
        const scheme = tls === undefined ? 'http' : 'https'
        const page = { scheme, host: '127.0.0.1', port, path: '/health_check' }
        expect(await probeHttp({ ...page, proxyProtocol: true })).toEqual({ Ok: '200 OK' })
        expect(await probeHttp(page)).toHaveProperty('Err')
      }
    }
  })

  it('is closed if the header is late', async () => {
    const opened = await listen({ ...PROXIED, limits: { headersTimeoutMs: 50 } })
    expect(await answerTo(connectTo(opened.port), 'PROXY TCP4 ')).toBe('')
    expect(opened.counters.of('http_connection_errors')).toBe(1)
  })

  it('may end before its header, which a load balancer does to see that the port is open', async () => {
    const opened = await listen(PROXIED)
    const socket = connectTo(opened.port)
    const closed = untilClosed(socket)
    socket.end()
    expect(await closed).toBe('')
    expect(opened.counters.of('http_connection_errors')).toBe(0)
  })

  it('is refused when too many wait', async () => {
    const opened = await listen({ ...PROXIED, limits: { maxConnections: 2 } })
    const sockets = [connectTo(opened.port), connectTo(opened.port), connectTo(opened.port)]
    await Promise.race(sockets.map(untilClosed))
    await untilCounted(opened, 'http_connections_refused')
    expect(opened.counters.of('http_connections_refused')).toBe(1)
    for (const socket of sockets) socket.destroy()
  })

  it('does not delay the close while its header is incomplete', async () => {
    const opened = await listen(PROXIED)
    const socket = connectTo(opened.port)
    const closed = untilClosed(socket)
    await new Promise<void>((resolve) => void socket.write('PROXY ', () => resolve()))
    // The one that is accepted after it has been answered: so has the first one been.
    await answerTo(connectTo(opened.port), writeTextHeader(from('9.9.9.9')), LAST)
    await opened.listener.close(60_000)
    expect(await closed).toBe('')
  })
})
