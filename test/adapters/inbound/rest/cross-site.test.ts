import { afterEach, describe, expect, it } from '@jest/globals'
import { Counter } from '../../../../src/adapters/protocol/metrics/counters.ts'
import { exchange } from '../http/http-exchange.ts'
import { closeAll, listen, MANAGER } from './rest-fixture.ts'

afterEach(closeAll)

const PAGE = 'https://panel.example'
const FOREIGN = [
  ['Sec-Fetch-Site: cross-site'],
  ['sec-fetch-site: cross-site', 'Sec-Fetch-Mode: no-cors'],
  ['Sec-Fetch-Site: same-site'],
  ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Site: same-origin'],
  ['Sec-Fetch-Site: something-new'],
  ['Origin: https://evil.example'],
  ['Origin: null'],
  ['Origin: https://panel.example.evil.example'],
  ['Origin: http://panel.example'],
  ['Origin: http://127.0.0.1'],
  ['Origin: http://127.0.0.1:1'],
  ['Sec-Fetch-Site: none', 'Origin: https://evil.example'],
  ['Sec-Fetch-Site: cross-site', 'Origin: https://evil.example'],
]

/** A listener, and a function that sends a request with these lines byte by byte as they are. */
async function aServer() {
  const { port, ports } = await listen({ allowedOrigins: [PAGE] })
  const send = (request: string, ...lines: readonly string[]) =>
    exchange(
      port,
      [`${request} HTTP/1.1`, `Host: 127.0.0.1:${port}`, 'Connection: close', ...lines, '', ''].join('\r\n'),
    )
  return { send, ports, port }
}

describe('a request from a page of another origin', () => {
  it.each(FOREIGN)('is refused, whatever token it has: %s %s', async (...lines) => {
    const { send, ports } = await aServer()
    const headers = lines.filter((line) => line !== undefined)
    for (const request of ['GET /api/v1/stats', 'GET /api/v1/nowhere', 'POST /api/v1/key/7200']) {
      for (const token of ['x', MANAGER]) {
        const reply = await send(`${request}?token=${token}`, ...headers)
        expect([reply.status, reply.body]).toEqual([403, 'web pages of other origins may not use this API'])
      }
    }
    const bearer = `Authorization: Bearer ${MANAGER}`
    for (const request of ['GET /api/v2/stats', 'POST /api/v2/keys', 'GET /api/v2/whitelist/export']) {
      const reply = await send(request, bearer, ...headers)
      expect(reply.status).toBe(403)
      expect(reply.headers.get('content-type')).toBe('application/problem+json')
      expect(JSON.parse(reply.body)).toMatchObject({ status: 403, code: 'cross-site' })
    }
    expect(ports.keys.trouble.calls).toBe(0)
  })

  it('never uses up the attempts of its visitor', async () => {
    const { send, ports } = await aServer()
    for (let i = 0; i < 30; i++) {
      expect((await send('GET /api/v1/stats?token=x', 'Sec-Fetch-Site: cross-site')).status).toBe(403)
    }
    expect(ports.counters.total(Counter.rest_authentication_failures)).toBe(0)
    expect((await send('GET /api/v1/stats?token=x')).status).toBe(500)
    expect((await send(`GET /api/v1/stats?token=${MANAGER}`)).status).toBe(200)
  })

  it('may look at what needs no token', async () => {
    const { send } = await aServer()
    for (const path of ['/api/health_check', '/api/v2/docs', '/api/v2/openapi.json']) {
      expect((await send(`GET ${path}`, 'Sec-Fetch-Site: cross-site')).status).toBe(200)
    }
  })
})

describe('a request that no other page can have sent', () => {
  it.each([
    [],
    ['Sec-Fetch-Site: none'],
    ['Sec-Fetch-Site: same-origin'],
    ['Sec-Fetch-Site: same-origin', 'Origin: https://behind-a-proxy.example'],
    [`Origin: ${PAGE}`],
    ['Sec-Fetch-Site: cross-site', `Origin: ${PAGE}`],
  ])('is served: %s %s', async (...lines) => {
    const { send } = await aServer()
    const headers = lines.filter((line) => line !== undefined)
    expect((await send(`GET /api/v1/stats?token=${MANAGER}`, ...headers)).status).toBe(200)
    expect((await send('GET /api/v2/stats', `Authorization: Bearer ${MANAGER}`, ...headers)).status).toBe(200)
  })

  it("is served from the listener's own page, in browsers without Sec-Fetch-Site too", async () => {
    const { send, port } = await aServer()
    for (const scheme of ['http', 'https']) {
      const origin = `Origin: ${scheme}://127.0.0.1:${port}`
      expect((await send('GET /api/v2/stats', `Authorization: Bearer ${MANAGER}`, origin)).status).toBe(200)
    }
  })
})
