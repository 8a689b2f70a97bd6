import { describe, expect, it } from '@jest/globals'
import { anApp, READER } from '../rest-fixture.ts'

const KEY = 'YZSl4lMZupRuOpSRC3krIKR5BPB14nrJ'
const NOW = '2023-11-14T22:13:20Z'
const HOUR_LATER = '2023-11-14T23:13:20Z'

function issuing(json: unknown) {
  return { method: 'POST', json }
}

function importingLines(lines: readonly string[]) {
  return { method: 'POST', headers: { 'Content-Type': 'application/x-ndjson' }, body: lines.join('\n') }
}

describe('keys', () => {
  it.each([
    [{}, null],
    [{ key: null, seconds_valid: null }, null],
    [{ seconds_valid: 3600 }, HOUR_LATER],
  ])('are random: %j', async (json, valid_until) => {
    const { ask } = anApp()
    const response = await ask('/api/v2/keys', issuing(json))
    expect(response.status).toBe(201)
    const issued = (await response.json()) as { key: string; hint: string }
    expect(issued).toMatchObject({ id: 1, valid_until, hint: issued.key.slice(0, 4) })
  })

  it('are added as given, once', async () => {
    const { ask } = anApp()
    const response = await ask('/api/v2/keys', issuing({ key: KEY, seconds_valid: 3600 }))
    expect(await response.json()).toEqual({
      id: 1,
      key: KEY,
      hint: 'YZSl',
      label: null,
      added_at: NOW,
      valid_until: HOUR_LATER,
    })
    const again = await ask('/api/v2/keys', issuing({ key: KEY }))
    expect(again.status).toBe(409)
    expect(await again.json()).toMatchObject({ code: 'already-there' })
  })

  it.each([
    [{ seconds_valid: 0 }],
    [{ seconds_valid: -1 }],
    [{ seconds_valid: 1e12 }],
    [{ seconds_valid: 1.5 }],
    [{ seconds_valid: '3600' }],
    [{ seconds_valid: true }],
    [{ key: KEY.slice(1) }],
    [{ key: `${KEY.slice(1)}-` }],
    [{ key: 7 }],
    [{ keys: [KEY] }],
    [{ label: '' }],
    [{ label: 7 }],
    [{ label: 'x'.repeat(201) }],
    [{ label: 'a\nb' }],
    [[]],
    [null],
  ])('are not created from %j', async (json) => {
    const { ask, ports } = anApp()
    const response = await ask('/api/v2/keys', issuing(json))
    expect(response.status).toBe(400)
    expect(await ports.keys.count()).toBe(0)
  })

  it('are valid no longer than a date can express', async () => {
    const { ask } = anApp()
    const response = await ask('/api/v2/keys', issuing({ seconds_valid: 100_000_000_000 }))
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: 'lifetime-too-long' })
  })

  it('are never shown again', async () => {
    const { ask } = anApp()
    await ask('/api/v2/keys', issuing({ key: KEY }))
    const answers = [
      await ask('/api/v2/keys'),
      await ask('/api/v2/keys/lookup', issuing({ key: KEY })),
      await ask('/api/v2/keys/1', { method: 'PATCH', json: { seconds_valid: 3600 } }),
    ]
    for (const answer of answers) {
      expect(answer.status).toBe(200)
      expect(await answer.text()).not.toContain(KEY)
    }
  })

  it('are looked up', async () => {
    const { ask } = anApp()
    await ask('/api/v2/keys', issuing({ key: KEY }))
    const found = await ask('/api/v2/keys/lookup', issuing({ key: KEY }))
    expect(await found.json()).toEqual({ id: 1, hint: 'YZSl', label: null, added_at: NOW, valid_until: null })
    expect((await ask('/api/v2/keys/lookup', issuing({ key: 'x'.repeat(32) }))).status).toBe(404)
  })

  it('get another lifetime, or an unlimited one', async () => {
    const { ask } = anApp()
    await ask('/api/v2/keys', issuing({ key: KEY }))
    const extending = (seconds_valid: number | null) => ({ method: 'PATCH', json: { seconds_valid } })
    expect(await (await ask('/api/v2/keys/1', extending(3600))).json()).toMatchObject({ valid_until: HOUR_LATER })
    expect(await (await ask('/api/v2/keys/1', extending(null))).json()).toMatchObject({ valid_until: null })
    expect((await ask('/api/v2/keys/2', extending(1))).status).toBe(404)
    expect((await ask('/api/v2/keys/1', extending(0))).status).toBe(400)
    expect((await ask('/api/v2/keys/1', { method: 'PATCH', json: {} })).status).toBe(400)
    expect((await ask('/api/v2/keys/one', extending(1))).status).toBe(400)
  })

  it('have labels, by which they are found', async () => {
    const { ask } = anApp()
    const issued = await ask('/api/v2/keys', issuing({ label: 'Zoë, seedbox 🎬' }))
    expect(await issued.json()).toMatchObject({ label: 'Zoë, seedbox 🎬' })
    await ask('/api/v2/keys', issuing({ key: KEY, label: 'Bob' }))
    await ask('/api/v2/keys', issuing({ label: null }))
    const found = (await (await ask('/api/v2/keys?label=bo&limit=1')).json()) as { next_cursor: string }
    expect(found).toMatchObject({ keys: [{ id: 1 }] })
    const second = await ask(`/api/v2/keys?label=bo&limit=1&cursor=${found.next_cursor}`)
    expect(await second.json()).toMatchObject({ keys: [{ id: 2, label: 'Bob' }] })
    expect((await ask('/api/v2/keys?label=')).status).toBe(400)
  })

  it('get another label, with or without another lifetime, or none', async () => {
    const { ask } = anApp()
    await ask('/api/v2/keys', issuing({ seconds_valid: 3600, label: 'Bob' }))
    const patch = async (json: object) => {
      const response = await ask('/api/v2/keys/1', { method: 'PATCH', json })
      return response.status === 200 ? await response.json() : response.status
    }
    expect(await patch({ label: 'Carol' })).toMatchObject({ label: 'Carol', valid_until: HOUR_LATER })
    expect(await patch({ label: 'Dave', seconds_valid: null })).toMatchObject({ label: 'Dave', valid_until: null })
    expect(await patch({ seconds_valid: 3600 })).toMatchObject({ label: 'Dave', valid_until: HOUR_LATER })
    expect(await patch({ label: null })).toMatchObject({ label: null, valid_until: HOUR_LATER })
    expect(await patch({ label: '' })).toBe(400)
    expect((await ask('/api/v2/keys/2', { method: 'PATCH', json: { label: 'x' } })).status).toBe(404)
  })

  it('are imported line by line, and existing ones stay', async () => {
    const { ask, ports } = anApp()
    await ask('/api/v2/keys', issuing({ key: KEY, label: 'mine' }))
    const other = (number: number) => String(number).padStart(32, 'k')
    const lines = [
      `{"key":"${KEY}","label":"theirs"}`,
      other(1),
      `"${other(2)}"`,
      `{"key":"${other(3)}","valid_until":"2023-11-15T00:13:20+01:00","label":"Bob"}`,
      `{"key":"${other(4)}","valid_until":"2023-02-31"}`,
      `{"key":"${other(5)}","valid_until":null,"label":null}`,
      'secret-but-too-short',
      '',
    ]
    const response = await ask('/api/v2/keys/import', importingLines(lines))
    expect(await response.json()).toEqual({
      added: 4,
      present: 1,
      invalid: 2,
      problems: [
        { line: 5, message: 'valid_until: must be a time such as 2026-12-31T00:00:00Z' },
        { line: 7, message: 'key: must be 32 letters and digits' },
      ],
    })
    expect((await ports.keys.page(0, 9)).keys).toMatchObject([
      { key: KEY, label: 'mine' },
      { key: other(1), validUntilSeconds: undefined },
      { key: other(2) },
      { key: other(3), validUntilSeconds: 1_700_003_600, label: 'Bob' },
      { key: other(5) },
    ])
  })

  it('are exported in full to managers only, and can be imported again', async () => {
    const { ask } = anApp()
    await ask('/api/v2/keys', issuing({ key: KEY, seconds_valid: 3600, label: 'Bob' }))
    for (let i = 0; i < 1500; i++) await ask('/api/v2/keys', issuing({}))
    expect((await ask('/api/v2/keys/export', { token: READER })).status).toBe(403)
    const text = await (await ask('/api/v2/keys/export')).text()
    const [first] = text.split('\n')
    expect(JSON.parse(first ?? '')).toEqual({ key: KEY, valid_until: HOUR_LATER, label: 'Bob' })
    const other = anApp()
    const result = await other.ask('/api/v2/keys/import', importingLines([text]))
    expect(await result.json()).toMatchObject({ added: 1501, invalid: 0 })
    expect(await (await other.ask('/api/v2/keys/export')).text()).toBe(text)
  })

  it('are revoked, once', async () => {
    const { ask } = anApp()
    await ask('/api/v2/keys', issuing({ key: KEY }))
    expect((await ask('/api/v2/keys/1', { method: 'DELETE' })).status).toBe(204)
    expect((await ask('/api/v2/keys/1', { method: 'DELETE' })).status).toBe(404)
    expect((await ask('/api/v2/keys/0', { method: 'DELETE' })).status).toBe(400)
  })

  it('are listed page by page', async () => {
    const { ask } = anApp()
    for (let i = 0; i < 3; i++) await ask('/api/v2/keys', issuing({}))
    const first = (await (await ask('/api/v2/keys?limit=2')).json()) as { keys: object[]; next_cursor: string }
    expect(first.keys).toMatchObject([{ id: 1 }, { id: 2 }])
    const second = await ask(`/api/v2/keys?limit=2&cursor=${first.next_cursor}`)
    expect(await second.json()).toMatchObject({ keys: [{ id: 3 }], next_cursor: null })
    expect((await ask(`/api/v2/whitelist?cursor=${first.next_cursor}`)).status).toBe(400)
  })

  it('need room and a database', async () => {
    const { ask, ports } = anApp()
    ports.keys.capacity = 0
    expect((await ask('/api/v2/keys', issuing({}))).status).toBe(507)
    ports.keys.trouble.hasDatabase = false
    expect((await ask('/api/v2/keys', issuing({}))).status).toBe(409)
  })
})
