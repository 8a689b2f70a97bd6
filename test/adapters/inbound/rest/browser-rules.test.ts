import { describe, expect, it } from '@jest/globals'
import { anApp, MANAGER } from './rest-fixture.ts'

const PAGE = 'https://panel.example'
const STATS = '/api/v2/stats'

function preflight(origin: string) {
  return {
    method: 'OPTIONS',
    authorizations: [],
    headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
  }
}

function sharingHeaders(response: Response) {
  return [...response.headers.keys()].filter((name) => name.startsWith('access-control'))
}

describe('pages of other origins', () => {
  it.each([[[]], [[PAGE]]])(
    'BR-22: get no CORS headers when the list is %j and does not name them',
    async (allowed) => {
      const { ask } = anApp(allowed)
      const asked = await ask(STATS, preflight('https://evil.example'))
      expect(asked.status).toBe(204)
      expect(sharingHeaders(asked)).toEqual([])
      const used = await ask(STATS, { headers: { Origin: 'https://evil.example' } })
      expect(used.status).toBe(403)
      expect(sharingHeaders(used)).toEqual([])
    },
  )

  it('may use the API when they are listed', async () => {
    const { ask } = anApp([PAGE])
    const asked = await ask('/api/v2/whitelist', preflight(PAGE))
    expect(asked.status).toBe(204)
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      'access-control-allow-origin': PAGE,
      'access-control-allow-methods': 'GET, PUT, POST, PATCH, DELETE',
      'access-control-allow-headers': 'Authorization, Content-Type',
      vary: 'Origin',
    })
    const refused = await ask(STATS, { token: 'wrong', headers: { Origin: PAGE } })
    expect(refused.status).toBe(401)
    expect(refused.headers.get('access-control-allow-origin')).toBe(PAGE)
  })

  it('get no CORS headers outside REST v2', async () => {
    const { ask } = anApp([PAGE])
    for (const path of ['/api/health_check', '/', '/api/v1/stats']) {
      expect(sharingHeaders(await ask(path, preflight(PAGE)))).toEqual([])
    }
  })
})

describe('the reference page', () => {
  it('loads only what is served here', async () => {
    const { ask } = anApp()
    const page = await ask('/api/v2/docs', { authorizations: [] })
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self';/)
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    const html = await page.text()
    const sources = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, source]) => source)
    expect(sources).toHaveLength(3)
    for (const source of sources) expect((await ask(source, { authorizations: [] })).status).toBe(200)
    expect(html).not.toMatch(/<script>|<script [^>]*>[^<]|style=|https?:/)
  })

  it('contains no secret', async () => {
    const { ask } = anApp()
    const document = await ask('/api/v2/openapi.json', { authorizations: [] })
    const text = await document.text()
    expect(JSON.parse(text)).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } })
    expect(text).not.toContain(MANAGER)
  })
})
