import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { afterEach, describe, expect, it } from '@jest/globals'
import { Counter } from '../../../../src/adapters/protocol/metrics/counters.ts'
import { readInfoHash } from '../../../../src/domain/info-hash.ts'
import { certify, copyPair, filesIn } from '../../../fixtures/certificates.ts'
import { connectTo, exchange, get, splitReplies, untilClosed, untilReplies } from '../http/http-exchange.ts'
import { closeAll, listen, MANAGER } from './rest-fixture.ts'

const BEARER = `Authorization: Bearer ${MANAGER}`

/** A POST; its body may follow later. */
function posting(path: string, lines: readonly string[], body = '') {
  return [`POST ${path} HTTP/1.1`, 'Host: t', BEARER, ...lines, '', body].join('\r\n')
}

const JSON_LINE = 'Content-Type: application/json'

function hashes(count: number) {
  return Array.from({ length: count }, (_, i) => ({
    infoHash: readInfoHash(i.toString(16).padStart(40, '0')),
  })).flatMap(({ infoHash }) => (infoHash === undefined ? [] : { infoHash }))
}

afterEach(closeAll)

describe('the management listener', () => {
  it('answers the health check without a token', async () => {
    const { port, ports } = await listen()
    const reply = await get(port, '/api/health_check')
    expect(reply).toMatchObject({ status: 200, body: '{"status":"Ok"}' })
    expect(reply.headers.get('content-type')).toBe('application/json')
    expect(ports.counters.total(Counter.rest_requests)).toBe(1)
  })

  it('counts the tokens of the raw request', async () => {
    const { port } = await listen()
    expect((await get(port, '/api/v2/stats', BEARER)).status).toBe(200)
    expect((await get(port, '/api/v2/stats', BEARER, BEARER)).status).toBe(401)
    expect((await get(port, '/api/v2/stats', BEARER.replace('Bearer', 'bEARER'))).status).toBe(200)
  })

  it('never receives a NUL, nor the whitespace around a header value', async () => {
    const { port } = await listen()
    expect((await get(port, '/api/v2/stats', `${BEARER}\0`)).status).toBe(400)
    expect((await get(port, '/api/v2/stats', `${BEARER}  `)).status).toBe(200)
  })

  it('rejects a request of HTTP/1.1 without a host, and answers one of HTTP/1.0', async () => {
    const { port } = await listen()
    const asking = (version: string) => exchange(port, `GET /api/health_check HTTP/${version}\r\n\r\n`)
    expect((await asking('1.1')).status).toBe(400)
    expect((await asking('1.0')).status).toBe(200)
  })

  it('counts failures by remote address', async () => {
    const { port } = await listen()
    const from = (localAddress: string, token: string) =>
      exchange(
        port,
        `GET /api/v2/stats HTTP/1.1\r\nHost: t\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\n\r\n`,
        '127.0.0.1',
        localAddress,
      )
    for (let i = 0; i < 10; i++) expect((await from('127.0.0.2', 'wrong')).status).toBe(401)
    expect((await from('127.0.0.2', 'wrong')).status).toBe(429)
    expect((await from('127.0.0.1', 'wrong')).status).toBe(401)
    expect((await from('127.0.0.2', MANAGER)).status).toBe(200)
  })

  it.each(['/api/../metrics', '/api/%2e%2e/metrics', '//api', '/api/v2/../health_check', '/api/v2//stats', '/metrics'])(
    'BR-20: finds nothing at %s',
    async (path) => {
      const { port } = await listen()
      expect(await get(port, path, BEARER)).toMatchObject({ status: 404, body: '' })
    },
  )

  it.each(['/', '*', '/api/v1/stats', '/nothing', '//api'])('answers OPTIONS %s, whatever the path', async (path) => {
    const { port } = await listen()
    expect((await exchange(port, `OPTIONS ${path} HTTP/1.0\r\n\r\n`)).status).toBe(204)
  })

  it('does not open on an address in use', async () => {
    const { port } = await listen()
    await expect(listen({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  it('reports an internal error once, counts it, and goes on', async () => {
    const { port, ports, events } = await listen()
    ports.whitelist.trouble.fault = new Error('disk on fire')
    const reply = await get(port, '/api/v2/whitelist', BEARER)
    expect(reply.status).toBe(500)
    expect(reply.body).not.toContain('fire')
    expect(events).toMatchObject([{ kind: 'internal-error', error: { message: 'disk on fire' } }])
    expect(ports.counters.total(Counter.internal_errors)).toBe(1)
    expect((await get(port, '/api/v2/whitelist', BEARER)).status).toBe(200)
  })
})

describe('bodies', () => {
  it('BR-15: of 2 MiB are rejected before they are sent, and the connection is closed', async () => {
    const { port } = await listen()
    const reply = await exchange(port, posting('/api/v2/whitelist', [JSON_LINE, 'Content-Length: 2097152']))
    expect(reply.status).toBe(413)
    expect(reply.headers.get('connection')).toBe('close')
  })

  it('BR-15: of 2 MiB in chunks are rejected while they are sent', async () => {
    const { port, ports } = await listen()
    const chunk = `10000\r\n${'a'.repeat(65_536)}\r\n`
    const bytes = posting('/api/v2/whitelist', [JSON_LINE, 'Transfer-Encoding: chunked'], chunk.repeat(32))
    const reply = await exchange(port, `${bytes}0\r\n\r\n`)
    expect(reply.status).toBe(413)
    expect(await ports.whitelist.count()).toBe(0)
  })

  it('that are not UTF-8 are not JSON', async () => {
    const { port } = await listen()
    const body = '{"info_hash":"\xff"}'
    const lines = [JSON_LINE, 'Connection: close', `Content-Length: ${body.length}`]
    const reply = await exchange(port, posting('/api/v2/whitelist', lines, body))
    expect(reply).toMatchObject({ status: 400, body: expect.stringContaining('not-json') })
  })

  it('that do not arrive in time are not waited for', async () => {
    const { port } = await listen({ limits: { bodyTimeoutMs: 50 } })
    const reply = await exchange(port, posting('/api/v2/whitelist', [JSON_LINE, 'Content-Length: 50'], '{"info_hash"'))
    expect(reply.status).toBe(408)
  })

  it('of an import may take long while data keeps arriving', async () => {
    const { port, ports } = await listen({ limits: { bodyTimeoutMs: 200 } })
    const socket = connectTo(port)
    const answer = untilReplies(socket, 1)
    const lines = ['Content-Type: application/x-ndjson', 'Content-Length: 205']
    socket.write(posting('/api/v2/whitelist/import', lines))
    for (const { infoHash } of hashes(5)) {
      await new Promise((resolve) => setTimeout(resolve, 80))
      socket.write(`${infoHash}\n`)
    }
    expect(splitReplies(await answer)[0]).toMatchObject({ status: 200 })
    expect(await ports.whitelist.count()).toBe(5)
    socket.destroy()
  })

  it('that a client breaks off are not an internal error', async () => {
    const { port, events, ports } = await listen()
    const socket = connectTo(port)
    socket.write(posting('/api/v2/whitelist', [JSON_LINE, 'Content-Length: 50'], '{"info_hash"'))
    await once(socket, 'connect')
    while (ports.counters.total(Counter.rest_requests) === 0) await new Promise((resolve) => setImmediate(resolve))
    socket.destroy()
    expect((await get(port, '/api/health_check')).status).toBe(200)
    expect(events).toEqual([])
  })

  it('that are not expected are not waited for', async () => {
    const { port } = await listen()
    const reply = await exchange(port, `GET /api/health_check HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\n`)
    expect(reply.status).toBe(200)
    expect(reply.headers.get('connection')).toBe('close')
  })
})

describe('connections', () => {
  it('that send no request are answered with a timeout', async () => {
    const { port } = await listen({ limits: { headersTimeoutMs: 50, checkingIntervalMs: 20 } })
    expect((await exchange(port, 'GET /api/health_check HTTP/1.1\r\nHost:')).status).toBe(408)
  })

  it('with headers that are too large are rejected', async () => {
    const { port } = await listen()
    expect((await get(port, '/api/health_check', `X-Long: ${'x'.repeat(66_000)}`)).status).toBe(431)
    expect((await get(port, `/api/health_check?${'x'.repeat(66_000)}`)).status).toBe(431)
    expect((await get(port, `/api/health_check?${'x'.repeat(64_000)}`)).status).toBe(200)
  })

  it('are limited in number: an idle one makes room for another', async () => {
    const { port, ports } = await listen({ limits: { maxConnections: 1 } })
    const socket = connectTo(port)
    const answer = untilReplies(socket, 1)
    socket.write('GET /api/health_check HTTP/1.1\r\nHost: t\r\n\r\n')
    await answer
    const end = untilClosed(socket)
    expect((await get(port, '/api/health_check')).status).toBe(200)
    await end
    expect(ports.counters.total(Counter.rest_connections_displaced_by_total)).toBe(1)
  })

  it('get their pending answer when the listener closes, and are closed', async () => {
    const { port, ports, listener } = await listen()
    let release = () => {}
    ports.whitelist.trouble.obstacle = new Promise((resolve) => {
      release = resolve
    })
    const idle = connectTo(port)
    const idleReply = untilReplies(idle, 1)
    idle.write('GET /api/health_check HTTP/1.1\r\nHost: t\r\n\r\n')
    await idleReply
    const idleEnd = once(idle, 'close')
    const socket = connectTo(port)
    const answer = untilClosed(socket)
    socket.write(`GET /api/v2/whitelist HTTP/1.1\r\nHost: t\r\n${BEARER}\r\n\r\n`)
    while (ports.whitelist.trouble.calls === 0) await new Promise((resolve) => setImmediate(resolve))
    const closed = listener.close(5000)
    release()
    await closed
    const [reply] = splitReplies(await answer)
    expect(reply.status).toBe(200)
    expect(reply.headers.get('connection')).toBe('close')
    await idleEnd
  })

  it('that are still open at the deadline are cut', async () => {
    const { port, ports, listener } = await listen()
    ports.whitelist.trouble.obstacle = new Promise(() => {})
    const answer = get(port, '/api/v2/whitelist', BEARER)
    while (ports.whitelist.trouble.calls === 0) await new Promise((resolve) => setImmediate(resolve))
    await listener.close(10)
    expect((await answer).status).toBe(0)
  })
})

describe('an export', () => {
  it('continues while the client reads, and ends when the client disconnects', async () => {
    const { port, ports, events } = await listen()
    await ports.whitelist.add(hashes(100_000))
    const socket = connectTo(port)
    socket.write(`GET /api/v2/whitelist/export HTTP/1.1\r\nHost: t\r\n${BEARER}\r\n\r\n`)
    await once(socket, 'data')
    socket.pause()
    let calls = -1
    // Fetching stops when the socket buffers are full.
    while (calls !== ports.whitelist.trouble.calls) {
      calls = ports.whitelist.trouble.calls
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    expect(calls).toBeLessThan(100)
    socket.destroy()
    expect((await get(port, '/api/health_check')).status).toBe(200)
    expect(ports.whitelist.trouble.calls).toBeLessThanOrEqual(calls + 1)
    expect(events).toEqual([])
  })

  it('that cannot be finished does not look complete', async () => {
    const { port, ports, events } = await listen()
    await ports.whitelist.add(hashes(5000))
    const page = ports.whitelist.page.bind(ports.whitelist)
    ports.whitelist.page = (after, limit) => {
      if (after >= 3000) ports.whitelist.trouble.isUnavailable = true
      return page(after, limit)
    }
    const socket = connectTo(port)
    const text = untilClosed(socket)
    socket.write(`GET /api/v2/whitelist/export HTTP/1.1\r\nHost: t\r\n${BEARER}\r\n\r\n`)
    expect((await text).endsWith('0\r\n\r\n')).toBe(false)
    expect(events).toEqual([])
  })
})

describe('over TLS', () => {
  const nameAt = async (port: number) => {
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false })
    await once(socket, 'secureConnect')
    const name = socket.getPeerCertificate().subject.CN
    const answer = untilReplies(socket, 1)
    socket.write('GET /api/health_check HTTP/1.1\r\nHost: t\r\n\r\n')
    const [reply] = splitReplies(await answer)
    socket.destroy()
    return [name, reply.status]
  }

  it('uses its certificate, and a new one after a reload', async () => {
    const root = mkdtempSync(join(tmpdir(), 'muster-rest-tls-'))
    const served = join(root, 'served')
    mkdirSync(served)
    copyPair(certify(root, 'first'), served)
    const { port, listener, events, ports } = await listen({ tls: filesIn(served) })
    expect(await nameAt(port)).toEqual(['first', 200])
    copyPair(certify(root, 'second'), served)
    await listener.reload()
    expect(await nameAt(port)).toEqual(['second', 200])
    expect(events).toContainEqual({ kind: 'certificate-reloaded' })
    expect(ports.counters.total(Counter.tls_reloads)).toBe(1)
    rmSync(root, { recursive: true })
  })

  it('does not open without its files', async () => {
    await expect(listen({ tls: filesIn('/nowhere') })).rejects.toThrow('certificate /nowhere/tls.crt')
  })
})
