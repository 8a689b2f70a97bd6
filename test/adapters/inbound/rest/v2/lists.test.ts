import { describe, expect, it } from '@jest/globals'
import { anApp } from '../rest-fixture.ts'

const ONE = '1'.repeat(40)
const TWO = '2'.repeat(40)
const V2_HASH = 'ab'.repeat(32)

const lists = [
  { list: 'whitelist', reason: {}, shown: { reason: null } },
  { list: 'blocklist', reason: { reason: 'a court said so' }, shown: { reason: 'a court said so' } },
] as const

describe.each(lists)('the $list', ({ list, reason, shown }) => {
  const path = `/api/v2/${list}`
  const withOne = async () => {
    const opened = anApp()
    await opened.ask(path, { method: 'POST', json: { info_hash: ONE, ...reason } })
    return opened
  }

  it('adds one entry', async () => {
    const { ask } = anApp()
    const call = { method: 'POST', json: { info_hash: ONE, ...reason } }
    const response = await ask(path, call)
    expect(response.status).toBe(201)
    expect(await response.json()).toEqual({ results: [{ info_hash: ONE, status: 'added' }] })
    const again = await ask(path, call)
    expect(again.status).toBe(200)
    expect(await again.json()).toEqual({ results: [{ info_hash: ONE, status: 'present' }] })
  })

  it('adds many in every form, with a result for each', async () => {
    const { ask } = await withOne()
    const info_hashes = [ONE, TWO.toUpperCase(), TWO, V2_HASH, `magnet:?xt=urn:btih:${'3'.repeat(40)}&dn=x`]
    const response = await ask(path, { method: 'POST', json: { info_hashes, ...reason } })
    expect(response.status).toBe(201)
    expect(await response.json()).toEqual({
      results: [
        { info_hash: ONE, status: 'present' },
        { info_hash: TWO, status: 'added' },
        { info_hash: TWO, status: 'present' },
        { info_hash: V2_HASH.slice(0, 40), status: 'added', truncated_from: V2_HASH },
        { info_hash: '3'.repeat(40), status: 'added' },
      ],
    })
  })

  it('adds both hashes of a hybrid torrent, with a result for each', async () => {
    const { ask } = anApp()
    const info_hash = `magnet:?xt=urn:btih:${ONE}&xt=urn:btmh:1220${V2_HASH}`
    const response = await ask(path, { method: 'POST', json: { info_hash, ...reason } })
    expect(await response.json()).toEqual({
      results: [
        { info_hash: ONE, status: 'added' },
        { info_hash: V2_HASH.slice(0, 40), status: 'added', truncated_from: V2_HASH },
      ],
    })
  })

  it.each([
    [{}],
    [{ info_hash: ONE, info_hashes: [TWO] }],
    [{ info_hashes: [] }],
    [{ info_hashes: ONE }],
    [{ info_hashes: [ONE, 'nonsense'] }],
    [{ info_hashes: Array(1001).fill(ONE) }],
    [{ info_hash: 7 }],
    [{ info_hash: null }],
    [{ info_hash: ONE, more: true }],
  ])('adds nothing from %j', async (json) => {
    const { ask, ports } = anApp()
    const response = await ask(path, { method: 'POST', json: { ...reason, ...json } })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: 'invalid-request' })
    expect(await ports[list].count()).toBe(0)
  })

  it('is listed page by page', async () => {
    const { ask } = anApp()
    const info_hashes = Array.from({ length: 5 }, (_, i) => String(i).repeat(40))
    await ask(path, { method: 'POST', json: { info_hashes, ...reason } })
    const seen: unknown[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const more: string = cursor === '' ? '' : `&cursor=${cursor}`
      const response = await ask(`${path}?limit=2${more}`)
      const page = (await response.json()) as { entries: object[]; next_cursor: string | null }
      seen.push(...page.entries)
      cursor = page.next_cursor
    }
    const added_at = '2023-11-14T22:13:20Z'
    expect(seen).toEqual(info_hashes.map((info_hash) => ({ info_hash, added_at, ...shown })))
  })

  it('shows an entry, and reports a missing one', async () => {
    const { ask } = await withOne()
    expect(await (await ask(`${path}/${ONE}`)).json()).toMatchObject({ info_hash: ONE, ...shown })
    expect((await ask(`${path}/${TWO}`)).status).toBe(404)
    expect((await ask(`${path}/nonsense`)).status).toBe(400)
    const long = `${ONE}${'0'.repeat(24)}`
    expect(await (await ask(`${path}/${long}`)).json()).toMatchObject({ info_hash: ONE, truncated_from: long })
  })

  it('does not know when an entry of an older tracker was added', async () => {
    const { ask, ports } = anApp()
    ports[list].nowSeconds = undefined
    await ask(path, { method: 'POST', json: { info_hash: ONE, ...reason } })
    expect(await (await ask(`${path}/${ONE}`)).json()).toMatchObject({ added_at: null })
  })

  it('removes an entry, once', async () => {
    const { ask } = await withOne()
    const call = { method: 'DELETE' }
    expect((await ask(`${path}/${ONE}`, call)).status).toBe(204)
    expect((await ask(`${path}/${ONE}`, call)).status).toBe(404)
  })

  it.each([
    [
      'the database is unavailable',
      503,
      'store-unavailable',
      (trouble: Trouble) => Object.assign(trouble, { isUnavailable: true }),
    ],
    ['there is no database', 409, 'no-database', (trouble: Trouble) => Object.assign(trouble, { hasDatabase: false })],
  ])('rejects everything when %s', async (_, status, code, provoke) => {
    const { ask, ports, faults } = anApp()
    provoke(ports[list].trouble)
    const calls = [
      ask(path),
      ask(path, { method: 'POST', json: { info_hash: ONE, ...reason } }),
      ask(`${path}/${ONE}`),
      ask(`${path}/${ONE}`, { method: 'DELETE' }),
      ask(`${path}/export`),
      ask(`${path}/import`, { method: 'POST', body: ONE, headers: { 'Content-Type': 'application/x-ndjson' } }),
    ]
    for (const response of await Promise.all(calls)) {
      expect(response.status).toBe(status)
      expect(await response.json()).toMatchObject({ code })
      expect(response.headers.get('retry-after')).toBe(status === 503 ? '5' : null)
    }
    expect(faults).toEqual([])
  })

  it('reports a full table', async () => {
    const { ask, ports } = anApp()
    ports[list].capacity = 1
    const response = await ask(path, { method: 'POST', json: { info_hashes: [ONE, TWO], ...reason } })
    expect(response.status).toBe(507)
    expect(await response.json()).toMatchObject({ code: 'table-full', detail: expect.stringContaining('limits.') })
  })

  it('reports an internal error once, and shows clients nothing of it', async () => {
    const { ask, ports, faults } = anApp()
    ports[list].trouble.fault = new Error('password=hunter2')
    const response = await ask(path)
    expect(response.status).toBe(500)
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      code: 'internal-error',
    })
    expect(faults.map(({ message }) => message)).toEqual(['password=hunter2'])
  })

  it('has each entry once after fifty concurrent writers', async () => {
    const { ask, ports } = anApp()
    let release = () => {}
    ports[list].trouble.obstacle = new Promise((resolve) => {
      release = resolve
    })
    const writers = Array.from({ length: 50 }, (_, i) =>
      ask(path, { method: 'POST', json: { info_hashes: [ONE, String(i).padStart(40, '0')], ...reason } }),
    )
    release()
    const answers = await Promise.all(writers)
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(201))
    const results = (await Promise.all(answers.map((answer) => answer.json()))) as { results: { status: string }[] }[]
    expect(results.filter(({ results: [first] }) => first.status === 'added')).toHaveLength(1)
    expect(await ports[list].count()).toBe(51)
  })
})

type Trouble = ReturnType<typeof anApp>['ports']['whitelist']['trouble']

describe('a reason', () => {
  it.each([undefined, '', 7, null, 'x'.repeat(501), 'a\nb', 'a\u0000b', 'a\u009bb', 'half \ud800'])(
    'is not %j',
    async (reason) => {
      const { ask } = anApp()
      const response = await ask('/api/v2/blocklist', { method: 'POST', json: { info_hash: ONE, reason } })
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ errors: [{ path: 'reason' }] })
    },
  )

  it('may be any other text, and stays until an update is asked for', async () => {
    const { ask } = anApp()
    const reasonOf = async () => ((await (await ask(`/api/v2/blocklist/${ONE}`)).json()) as { reason: string }).reason
    const post = async (json: object) => {
      const response = await ask('/api/v2/blocklist', { method: 'POST', json: { info_hash: ONE, ...json } })
      return [response.status, ((await response.json()) as { results: { status: string }[] }).results[0]?.status]
    }
    expect(await post({ reason: 'erster Grund' })).toEqual([201, 'added'])
    expect(await post({ reason: 'second', update: false })).toEqual([200, 'present'])
    expect(await post({ reason: 'second' })).toEqual([200, 'present'])
    expect(await reasonOf()).toBe('erster Grund')
    const last = `zweiter «Grund» 🎬 ${'x'.repeat(470)}`
    expect(await post({ reason: last, update: true })).toEqual([200, 'updated'])
    expect(await reasonOf()).toBe(last)
  })

  it('is optional on the whitelist, where an update without one changes nothing', async () => {
    const { ask } = anApp()
    const post = (json: object) => ask('/api/v2/whitelist', { method: 'POST', json: { info_hash: ONE, ...json } })
    await post({ reason: 'asked for' })
    expect(await (await post({ update: true })).json()).toEqual({ results: [{ info_hash: ONE, status: 'present' }] })
    expect(await (await ask(`/api/v2/whitelist/${ONE}`)).json()).toMatchObject({ reason: 'asked for' })
    expect((await post({ reason: '' })).status).toBe(400)
    expect((await post({ update: 'yes' })).status).toBe(400)
  })
})
