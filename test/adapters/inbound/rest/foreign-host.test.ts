import { afterEach, describe, expect, it } from '@jest/globals'
import { Counter } from '../../../../src/adapters/protocol/metrics/counters.ts'
import { exchange } from '../http/http-exchange.ts'
import { closeAll, listen, MANAGER } from './rest-fixture.ts'

afterEach(closeAll)

const BEARER = `Authorization: Bearer ${MANAGER}`

/** A listener, and a function that sends it a request line and header lines as they are. */
async function aServer(changes: Parameters<typeof listen>[0] = {}) {
  const { port, ports } = await listen({ allowedHosts: ['api.example.org'], ...changes })
  const send = (requestLine: string, ...lines: readonly string[]) =>
    exchange(port, [requestLine, 'Connection: close', ...lines, '', ''].join('\r\n'))
  return { send, ports, port }
}

describe('a request under a name that an attacker had resolve to this machine', () => {
  it('is refused by v2 with a problem, whatever token it has', async () => {
    const { send, ports } = await aServer()
    for (const request of [
      'GET /api/v2/stats',
      'GET /api/v2/docs',
      'POST /api/v2/keys',
      'GET /api/v2',
      'OPTIONS /api/v2/stats',
    ]) {
      // As browsers send it: for them the page is of the same origin.
      const lines = [
        'Host: evil.example:1212',
        'Sec-Fetch-Site: same-origin',
        'Origin: http://evil.example:1212',
        BEARER,
      ]
      const reply = await send(`${request} HTTP/1.1`, ...lines)
      expect(reply.status).toBe(421)
      expect(reply.headers.get('content-type')).toBe('application/problem+json')
      expect(JSON.parse(reply.body)).toEqual({
        type: 'about:blank',
        title: 'Misdirected Request',
        status: 421,
        code: 'foreign-host',
        detail: "the host of this request is neither the API's own nor in http_api.allowed_hosts",
      })
    }
    expect(ports.keys.trouble.calls).toBe(0)
  })

  it('is refused by v1 in its own form', async () => {
    const { send, ports } = await aServer()
    for (const token of ['x', MANAGER]) {
      for (const request of ['GET /api/v1/stats', 'POST /api/v1/key/7200', 'GET /api/v1/nowhere']) {
        const reply = await send(`${request}?token=${token} HTTP/1.1`, 'Host: evil.example')
        expect(reply.status).toBe(421)
        expect(reply.headers.get('content-type')).toBe('text/plain; charset=utf-8')
        expect(reply.body).toBe("the host of this request is neither the API's own nor in http_api.allowed_hosts")
      }
    }
    expect(ports.keys.trouble.calls).toBe(0)
    expect(ports.counters.total(Counter.rest_authentication_failures)).toBe(0)
  })

  it.each(['/api/health_check', '/nothing', '/api/v10/stats'])('is refused at %s without a word', async (path) => {
    const { send } = await aServer()
    const reply = await send(`GET ${path} HTTP/1.1`, 'Host: evil.example')
    expect([reply.status, reply.body, reply.headers.get('content-length')]).toEqual([421, '', '0'])
  })

  it.each([
    ['HTTP/1.0', ['Host: evil.example']],
    ['HTTP/1.1', ['Host: 0.0.0.0:1212']],
    ['HTTP/1.1', ['Host: 192.0.2.1:1212']],
    ['HTTP/1.1', ['Host: tracker:1212']],
    ['HTTP/1.1', ['Host: 127.0.0.1.evil.example']],
  ])('is refused on loopback: %s, %j', async (version, hosts) => {
    const { send } = await aServer()
    expect((await send(`GET /api/v2/stats ${version}`, ...hosts, BEARER)).status).toBe(421)
  })

  it.each([[['Host: 127.0.0.1', 'Host: evil.example']], [['Host: evil.example', 'Host: 127.0.0.1']]])(
    'is refused beside another one: %j',
    async (hosts) => {
      const { send } = await aServer()
      expect((await send('GET /api/v2/stats HTTP/1.1', ...hosts, BEARER)).status).toBe(421)
    },
  )

  it('is refused when the target names it', async () => {
    const { send } = await aServer()
    expect((await send('GET http://evil.example/api/v2/stats HTTP/1.1', 'Host: 127.0.0.1', BEARER)).status).toBe(421)
    expect((await send('GET http://127.0.0.1/api/v2/stats HTTP/1.1', 'Host: 127.0.0.1', BEARER)).status).toBe(200)
  })
})

describe('a request under a name of the listener', () => {
  it.each(['127.0.0.1:1212', 'localhost', 'LocalHost:1212', '[::1]:1212', 'api.example.org', 'API.EXAMPLE.ORG:443'])(
    'is served: %s',
    async (host) => {
      const { send } = await aServer()
      expect((await send('GET /api/v2/stats HTTP/1.1', `Host: ${host}`, BEARER)).status).toBe(200)
      expect((await send(`GET /api/v1/stats?token=${MANAGER} HTTP/1.1`, `Host: ${host}`)).status).toBe(200)
    },
  )

  it('need not be given by HTTP/1.0', async () => {
    const { send } = await aServer()
    expect((await send('GET /api/v2/stats HTTP/1.0', BEARER)).status).toBe(200)
    expect((await send('GET /api/v2/stats HTTP/1.1', BEARER)).status).toBe(400)
  })

  it.each([
    ['10.42.0.17:1212', 200],
    ['[fd00::17]:1212', 200],
    ['tracker:1212', 200],
    ['api.example.org', 200],
    ['evil.example:1212', 421],
  ])('where other machines connect: %s is %d', async (host, status) => {
    const { send } = await aServer({ host: '0.0.0.0' })
    expect((await send('GET /api/v2/stats HTTP/1.1', `Host: ${host}`, BEARER)).status).toBe(status)
  })
})
