import { describe, expect, it } from '@jest/globals'
import { readInfoHash } from '../../../../../src/domain/info-hash.ts'
import { Refusal } from '../../../../../src/domain/refusal.ts'
import { anApp } from '../rest-fixture.ts'

const NDJSON = { 'Content-Type': 'application/x-ndjson' }
const ONE = '1'.repeat(40)
const TWO = '2'.repeat(40)
const THREE = '3'.repeat(40)

function entries(count: number) {
  return Array.from({ length: count }, (_, i) => {
    const infoHash = readInfoHash(i.toString(16).padStart(40, '0'))
    if (infoHash === undefined) throw new Error('not a hash')
    return { infoHash }
  })
}

function importing(body: string | ReadableStream<Uint8Array>) {
  return { method: 'POST', headers: NDJSON, body }
}

describe('an import', () => {
  it('accepts hashes in every form, and reports the lines it skipped', async () => {
    const { ask, ports } = anApp()
    const lines = [
      `{"info_hash":"${ONE}"}`,
      `"${TWO}"`,
      `magnet:?xt=urn:btih:${THREE}`,
      '',
      `  ${ONE.toUpperCase()}\r`,
      'nonsense',
      '{"info_hash":',
      `{"info_hash":"${ONE}","note":"none here"}`,
      '[]',
      `{"info_hash":"${'x'.repeat(5000)}"}`,
      '{"info_hash":7}',
    ]
    const response = await ask('/api/v2/whitelist/import', importing(lines.join('\n')))
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      added: 3,
      present: 1,
      invalid: 6,
      problems: [
        { line: 6, message: 'info_hash: must be an info hash, a URN or a magnet link' },
        { line: 7, message: 'not JSON' },
        { line: 8, message: 'note: unknown field' },
        { line: 9, message: expect.any(String) },
        { line: 10, message: 'longer than 4096 bytes' },
        { line: 11, message: 'info_hash: must be an info hash' },
      ],
    })
    expect(await ports.whitelist.count()).toBe(3)
  })

  it('adds both hashes of a hybrid torrent, counted each', async () => {
    const { ask, ports } = anApp()
    const link = `magnet:?xt=urn:btih:${ONE}&xt=urn:btmh:1220${TWO}${'0'.repeat(24)}`
    const response = await ask('/api/v2/whitelist/import', importing(`${link}\n${TWO}\n`))
    expect(await response.json()).toEqual({ added: 2, present: 1, invalid: 0, problems: [] })
    expect((await ports.whitelist.page(0, 9)).entries.map(({ infoHash }) => infoHash)).toEqual([ONE, TWO])
  })

  it('imports reasons into the blocklist', async () => {
    const { ask, ports } = anApp()
    const lines = `{"info_hash":"${ONE}","reason":"spam"}\n${TWO}\n{"info_hash":"${THREE}","reason":"a\\u0007"}\n`
    const result = await (await ask('/api/v2/blocklist/import', importing(lines))).json()
    expect(result).toMatchObject({ added: 2, invalid: 1 })
    expect((await ports.blocklist.page(0, 9)).entries.map(({ reason }) => reason)).toEqual(['spam', undefined])
  })

  it('leaves reasons of existing entries unless an update is asked for', async () => {
    const { ask, ports } = anApp()
    const lines = (reason: string) => importing(`{"info_hash":"${ONE}","reason":"${reason}"}\n`)
    const reasons = async () => (await ports.whitelist.page(0, 9)).entries.map(({ reason }) => reason)
    await ask('/api/v2/whitelist/import', lines('old'))
    for (const query of ['', '?update=false']) {
      const response = await ask(`/api/v2/whitelist/import${query}`, lines('new'))
      expect(await response.json()).toMatchObject({ added: 0, present: 1 })
      expect(await reasons()).toEqual(['old'])
    }
    await ask('/api/v2/whitelist/import?update=true', lines('new'))
    expect(await reasons()).toEqual(['new'])
    expect((await ask('/api/v2/whitelist/import?update=1', lines('x'))).status).toBe(400)
  })

  it('names a hundred bad lines and counts the others', async () => {
    const { ask } = anApp()
    const body = (await (await ask('/api/v2/whitelist/import', importing('x\n'.repeat(250)))).json()) as {
      invalid: number
      problems: object[]
    }
    expect(body.invalid).toBe(250)
    expect(body.problems).toHaveLength(100)
  })

  it('reads more only after storing what it has', async () => {
    const { ask, ports } = anApp()
    let release = () => {}
    ports.whitelist.trouble.obstacle = new Promise((resolve) => {
      release = resolve
    })
    let pulled = 0
    const text = Buffer.from(
      entries(1000)
        .map(({ infoHash }) => `${infoHash}\n`)
        .join(''),
    )
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (++pulled > 10) controller.close()
        else controller.enqueue(text)
      },
    })
    const answer = ask('/api/v2/whitelist/import', importing(body))
    while (ports.whitelist.trouble.calls === 0) await new Promise((resolve) => setImmediate(resolve))
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(pulled).toBeLessThan(5)
    release()
    expect(await (await answer).json()).toMatchObject({ added: 1000, present: 9000 })
    expect(ports.whitelist.trouble.calls).toBe(10)
  })

  it('that is interrupted reports its progress', async () => {
    const { ask, ports } = anApp()
    ports.whitelist.capacity = 2500
    const text: string[] = entries(4000).map(({ infoHash }) => infoHash)
    text.splice(10, 0, 'nonsense')
    const response = await ask('/api/v2/whitelist/import', importing(text.join('\n')))
    expect(response.status).toBe(507)
    expect(await response.json()).toMatchObject({
      code: 'table-full',
      progress: { lines: 2001, added: 2000, present: 0, invalid: 1 },
    })
  })

  it('may be 256 MiB large', async () => {
    const { ask } = anApp()
    const headers = { ...NDJSON, 'Content-Length': String(256 * 1024 * 1024 + 1) }
    const response = await ask('/api/v2/whitelist/import', { ...importing(ONE), headers })
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({ code: 'too-large', progress: { lines: 0 } })
  })

  it.each(['application/json', 'text/plain', ''])('is not accepted as type %j', async (type) => {
    const { ask } = anApp()
    const headers = { 'Content-Type': type }
    expect((await ask('/api/v2/whitelist/import', { ...importing(ONE), headers })).status).toBe(415)
  })
})

describe('an export', () => {
  it('can be imported again', async () => {
    const { ask, ports } = anApp()
    const listed = entries(2500).map((entry, i) => (i % 2 === 0 ? entry : { ...entry, reason: `reason "${i}"` }))
    await ports.blocklist.add(listed)
    const text = await (await ask('/api/v2/blocklist/export')).text()
    expect(text.split('\n')).toHaveLength(2501)
    const other = anApp()
    const result = await (await other.ask('/api/v2/blocklist/import', importing(text))).json()
    expect(result).toMatchObject({ added: 2500, invalid: 0 })
    const [first, second] = (await other.ports.blocklist.page(0, 2)).entries
    expect([first.reason, second.reason]).toEqual([undefined, 'reason "1"'])
  })

  it('of an empty list is empty', async () => {
    const { ask } = anApp()
    const response = await ask('/api/v2/whitelist/export')
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('')
  })

  it('that fails later has its connection cut, not ended', async () => {
    const { app, ports, faults, timesHungUp, client } = anApp()
    await ports.whitelist.add(entries(3000))
    const page = ports.whitelist.page.bind(ports.whitelist)
    ports.whitelist.page = (after, limit) => {
      if (after > 1500) ports.whitelist.trouble.isUnavailable = true
      return page(after, limit)
    }
    const response = await app.request('/api/v2/whitelist/export', {}, client)
    expect(response.status).toBe(200)
    await response.text()
    expect(timesHungUp()).toBe(1)
    expect(faults).toEqual([])
  })

  it('stops fetching when the reader disconnects', async () => {
    const { app, ports, client } = anApp()
    await ports.whitelist.add(entries(20_000))
    const response = await app.request('/api/v2/whitelist/export', {}, client)
    const before = ports.whitelist.trouble.calls
    await response.body?.cancel()
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(ports.whitelist.trouble.calls - before).toBeLessThan(3)
  })

  it('lets other work run before every piece, however fast its reader is', async () => {
    const { app, ports, client } = anApp()
    await ports.whitelist.add(entries(20_000))
    let turns = 0
    let isOver = false
    const count = (): void => {
      turns++
      if (!isOver) setImmediate(count)
    }
    setImmediate(count)
    const response = await app.request('/api/v2/whitelist/export', {}, client)
    let pieces = 0
    for await (const piece of response.body ?? []) {
      pieces++
      expect(turns).toBeGreaterThanOrEqual(pieces)
      expect(piece.length).toBeLessThan(32 * 1024)
    }
    isOver = true
    expect(pieces).toBeGreaterThan(50)
  })

  it('that fails with an internal error is reported', async () => {
    const { ask, ports, faults } = anApp()
    ports.whitelist.trouble.fault = new Error('disk on fire')
    expect((await ask('/api/v2/whitelist/export')).status).toBe(500)
    expect(faults).toHaveLength(1)
    ports.whitelist.trouble.fault = new Refusal('store-unavailable', 'the database is away')
    expect((await ask('/api/v2/whitelist/export')).status).toBe(503)
    expect(faults).toHaveLength(1)
  })
})
