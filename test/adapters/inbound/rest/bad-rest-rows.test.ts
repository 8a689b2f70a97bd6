// The catalogue of bad and odd inputs for the management API (protocol rules BR-02 to BR-30), row by row.

import { describe, expect, it } from '@jest/globals'
import { anApp, MANAGER, READER } from './rest-fixture.ts'

const STATS = '/api/v2/stats'
const WHITELIST = '/api/v2/whitelist'
const ONE = 'ab'.repeat(20)

function posting(body: string, headers: Record<string, string> = { 'Content-Type': 'application/json' }) {
  return {
    method: 'POST',
    body,
    headers,
  }
}

describe('tokens', () => {
  it.each([
    ['BR-02, none', []],
    ['BR-02, an empty one', ['Bearer ']],
    ['BR-02, a short one', ['Bearer x']],
    ['BR-02, one of the right length', [`Bearer ${'x'.repeat(MANAGER.length)}`]],
    ['BR-02, a long one', [`Bearer ${'x'.repeat(10_240)}`]],
    ['BR-04, Basic', ['Basic YWRtaW46YWRtaW4=']],
    ['BR-04, two headers', [`Bearer ${MANAGER}`, `Bearer ${MANAGER}`]],
    ['BR-06, a space behind it', [`Bearer ${MANAGER} `]],
    ['BR-06, a NUL behind it', [`Bearer ${MANAGER}\u0000`]],
  ])('%s: 401, always the same', async (_, authorizations) => {
    const response = await anApp().ask(STATS, { authorizations })
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(await response.text()).toBe(
      '{"type":"about:blank","title":"Unauthorized","status":401,"code":"unauthorized"}',
    )
  })

  it('are never accepted in the query', async () => {
    const response = await anApp().ask(`${STATS}?token=${MANAGER}`, { authorizations: [] })
    expect(response.status).toBe(401)
  })

  it('BR-03: the scheme may be lower case', async () => {
    expect((await anApp().ask(STATS, { authorizations: [`bearer ${MANAGER}`] })).status).toBe(200)
  })

  it('BR-07: ten wrong ones limit their address, though never a right one', async () => {
    const { ask, ports } = anApp()
    const from = { address: '192.0.2.1' }
    for (let i = 0; i < 10; i++) expect((await ask(STATS, { ...from, token: `wrong-${i}` })).status).toBe(401)
    const response = await ask(STATS, { ...from, token: 'wrong' })
    expect(response.status).toBe(429)
    expect(response.headers.get('retry-after')).toBe('60')
    expect((await ask(STATS, from)).status).toBe(200)
    expect((await ask(STATS, { ...from, token: READER })).status).toBe(200)
    expect((await ask(STATS, { address: '192.0.2.2' })).status).toBe(200)
    expect((await ask('/api/health_check', from)).status).toBe(200)
    ports.clock.seconds += 60
    expect((await ask(STATS, { ...from, token: 'wrong' })).status).toBe(401)
  })

  it('BR-08: a read token cannot change anything', async () => {
    const { ask, ports } = anApp()
    const calls = [
      ask(WHITELIST, { method: 'POST', token: READER, json: { info_hash: ONE } }),
      ask(`${WHITELIST}/${ONE}`, { method: 'DELETE', token: READER }),
      ask('/api/v2/keys', { method: 'POST', token: READER, json: {} }),
      ask(`${WHITELIST}/import`, { ...posting(ONE, { 'Content-Type': 'application/x-ndjson' }), token: READER }),
    ]
    for (const response of await Promise.all(calls)) expect(response.status).toBe(403)
    expect(ports.whitelist.trouble.calls + ports.keys.trouble.calls).toBe(0)
    expect((await ask(WHITELIST, { token: READER })).status).toBe(200)
  })
})

describe('hashes', () => {
  it('BR-10: in upper case are stored in lower case', async () => {
    const { ask } = anApp()
    const response = await ask(WHITELIST, { method: 'POST', json: { info_hash: ONE.toUpperCase() } })
    expect(await response.json()).toEqual({ results: [{ info_hash: ONE, status: 'added' }] })
    expect((await ask(`${WHITELIST}/${ONE.toUpperCase()}`)).status).toBe(200)
  })

  it('BR-11: of 64 digits are truncated, and the answer shows it', async () => {
    const { ask } = anApp()
    const info_hash = 'CD'.repeat(32)
    const response = await ask(WHITELIST, { method: 'POST', json: { info_hash } })
    expect(await response.json()).toEqual({
      results: [{ info_hash: 'cd'.repeat(20), status: 'added', truncated_from: info_hash.toLowerCase() }],
    })
  })

  it('BR-12: that do not exist cannot be deleted, however often it is tried', async () => {
    const { ask } = anApp()
    for (let i = 0; i < 2; i++) expect((await ask(`${WHITELIST}/${ONE}`, { method: 'DELETE' })).status).toBe(404)
  })
})

describe('bodies', () => {
  const GOOD = `{"info_hash":"${ONE}"}`

  it.each([
    ['BR-14, not JSON', 400, posting('info_hash=1')],
    ['BR-14, empty', 400, posting('')],
    ['BR-14, truncated', 400, posting(GOOD.slice(0, -1))],
    ['BR-14, not UTF-8', 400, posting('{"info_hash":"\ud800"}')],
    ['BR-14, trailing data', 400, posting(`${GOOD}x`)],
    ['BR-14, text/plain', 415, posting(GOOD, { 'Content-Type': 'text/plain' })],
    ['BR-14, a form', 415, posting(GOOD, { 'Content-Type': 'application/x-www-form-urlencoded' })],
    ['BR-14, a similar type', 415, posting(GOOD, { 'Content-Type': 'application/jsonp' })],
    ['BR-15, 2 MiB', 413, posting(`{"info_hash":"${'a'.repeat(2 * 1024 * 1024)}"}`)],
    ['BR-16, 10,000 levels', 400, posting(`${'['.repeat(10_000)}${']'.repeat(10_000)}`)],
    ['BR-16, 100,000 levels of objects', 400, posting(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`)],
    ['BR-23, compressed', 415, posting(GOOD, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' })],
    [
      'BR-23, encoding identity',
      415,
      posting(GOOD, { 'Content-Type': 'application/json', 'Content-Encoding': 'identity' }),
    ],
    ['property names of JavaScript', 400, posting(`{"info_hash":"${ONE}","__proto__":{"a":1}}`)],
    ['a type with parameters', 201, posting(GOOD, { 'Content-Type': 'Application/JSON; charset=utf-8' })],
  ])('%s: %d', async (_, status, call) => {
    const { ask, ports, faults } = anApp()
    const response = await ask(WHITELIST, call)
    expect(response.status).toBe(status)
    expect(await ports.whitelist.count()).toBe(status === 201 ? 1 : 0)
    expect(faults).toEqual([])
  })

  it.each(['"3600"', '-1', '0', '1e12', '1e309', '-1e309', 'NaN', 'Infinity', '0x10', '1.5', '[]', 'true'])(
    'BR-18, BR-24: a lifetime of %s: 400',
    async (text) => {
      const { ask, ports } = anApp()
      const response = await ask('/api/v2/keys', posting(`{"seconds_valid":${text}}`))
      expect(response.status).toBe(400)
      expect(await ports.keys.count()).toBe(0)
    },
  )
})

describe('queries', () => {
  it.each([
    'limit=-1',
    'limit=0',
    'limit=1e9',
    'limit=1001',
    'limit=1000000000',
    'limit=abc',
    'limit=',
    'limit=1&limit=2',
    'offset=abc',
    'cursor=garbage',
    'cursor=%2e%2e%2f',
    `cursor=${'A'.repeat(300)}`,
  ])('BR-19: %s: 400', async (query) => {
    for (const list of ['torrents', 'whitelist', 'blocklist', 'keys']) {
      const response = await anApp().ask(`/api/v2/${list}?${query}`)
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ code: 'invalid-request' })
    }
  })
})

describe('statistics', () => {
  it('BR-30: are sums, without addresses, hashes or keys', async () => {
    const text = await (await anApp().ask(STATS)).text()
    expect(text).not.toMatch(/\d+\.\d+\.\d+\.\d+|[0-9a-f]{40}/i)
  })
})

describe('what does not exist', () => {
  it.each([
    '/api/v2',
    '/api/v2/',
    '/api/v2/nothing',
    '/api/v2/whitelist/',
    '/api/v2/docs/../secret',
    '/api/v2/keys/1/2',
  ])('%s: 404', async (path) => expect((await anApp().ask(path)).status).toBe(404))

  it.each([
    ['PUT', WHITELIST, 'GET, POST, OPTIONS'],
    ['PATCH', `${WHITELIST}/${ONE}`, 'GET, DELETE, OPTIONS'],
    ['POST', STATS, 'GET, OPTIONS'],
  ])('%s %s: 405, with the allowed methods', async (method, path, allow) => {
    const response = await anApp().ask(path, { method })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe(allow)
  })
})
