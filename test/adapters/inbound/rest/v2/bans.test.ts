import { describe, expect, it } from '@jest/globals'
import { anApp } from '../rest-fixture.ts'

const PATH = '/api/v2/bans'
/** What the clock of the fixture shows. */
const NOW = '2023-11-14T22:13:20Z'
const FOR_EVER = { reason: null, added_at: '2027-01-15T08:00:00Z', expires_at: null }

function banning(...addresses: readonly unknown[]) {
  return { method: 'POST', json: { addresses } }
}

interface Page {
  readonly bans: readonly { readonly address: string }[]
  readonly next_cursor: string | null
}

async function pageOf(response: Response): Promise<Page> {
  return (await response.json()) as Page
}

describe('bans', () => {
  it('are put, listed, looked up and lifted', async () => {
    const { ask } = anApp()
    const put = await ask(PATH, { method: 'POST', json: { addresses: ['192.0.2.0/24', '2001:DB8::1'], reason: 'x' } })
    expect(put.status).toBe(200)
    const all = [
      { ...FOR_EVER, address: '192.0.2.0/24', reason: 'x' },
      { ...FOR_EVER, address: '2001:db8::1', reason: 'x' },
    ]
    expect(await put.json()).toEqual({ bans: all })
    expect(await (await ask(PATH)).json()).toEqual({ bans: all, next_cursor: null })
    expect(await (await ask(`${PATH}?address=192.0.2.77`)).json()).toEqual({ bans: all.slice(0, 1), next_cursor: null })
    expect(await (await ask(`${PATH}?address=192.0.3.77`)).json()).toEqual({ bans: [], next_cursor: null })
    const lift = { method: 'DELETE' }
    expect((await ask(`${PATH}?address=192.0.2.0%2F24`, lift)).status).toBe(204)
    const again = await ask(`${PATH}?address=192.0.2.0%2F24`, lift)
    expect(again.status).toBe(404)
    expect(await again.json()).toMatchObject({ detail: 'There is no ban of 192.0.2.0/24.' })
  })

  it('are listed page by page', async () => {
    const { ask } = anApp()
    await ask(PATH, banning('192.0.2.1', '192.0.2.2', '192.0.2.3'))
    const first = await pageOf(await ask(`${PATH}?limit=2`))
    expect(first.bans.map(({ address }) => address)).toEqual(['192.0.2.1', '192.0.2.2'])
    const rest = await (await ask(`${PATH}?limit=2&cursor=${first.next_cursor}`)).json()
    expect(rest).toMatchObject({ bans: [{ address: '192.0.2.3' }], next_cursor: null })
  })

  it.each([
    [{ seconds: 60 }, '2023-11-14T22:14:20Z'],
    [{ expires_at: '2024-01-01T01:00:00+01:00' }, '2024-01-01T00:00:00Z'],
  ])('end when they should: %j', async (end, expires_at) => {
    const { ask } = anApp()
    const put = await ask(PATH, { method: 'POST', json: { addresses: ['192.0.2.1'], ...end } })
    expect(await put.json()).toMatchObject({ bans: [{ address: '192.0.2.1', expires_at }] })
    expect(Date.parse(NOW)).toBeLessThan(Date.parse(expires_at))
  })

  it.each([
    [{ addresses: [] }, /must not be empty/],
    [{ addresses: ['nonsense'] }, /must be an IP address or a network/],
    [{ addresses: ['192.0.2.1/24'] }, /write 192\.0\.2\.0\/24/],
    [{ addresses: ['10.0.0.0/7'] }, /too wide/],
    [{ addresses: [7] }, /must be an IP address/],
    [{ addresses: ['192.0.2.1'], seconds: 0 }, /1 or more/],
    [{ addresses: ['192.0.2.1'], seconds: 315_360_001 }, /315360000 or less/],
    [{ addresses: ['192.0.2.1'], seconds: 5, expires_at: '2030-01-01T00:00:00Z' }, /not both/],
    [{ addresses: ['192.0.2.1'], expires_at: 'tomorrow' }, /must be a time such as/],
    [{ addresses: ['192.0.2.1'], reason: '' }, /must not be empty/],
    [{ address: '192.0.2.1' }, /address/],
  ])('are refused: %j', async (json, text) => {
    const { ask } = anApp()
    const response = await ask(PATH, { method: 'POST', json })
    expect(response.status).toBe(400)
    expect(JSON.stringify(await response.json())).toMatch(text)
    expect((await pageOf(await ask(PATH))).bans).toEqual([])
  })

  it('are put a thousand at a time', async () => {
    const { ask } = anApp()
    expect((await ask(PATH, banning(...Array(1001).fill('192.0.2.1')))).status).toBe(400)
    expect((await ask(PATH, banning(...Array(1000).fill('192.0.2.1')))).status).toBe(200)
  })

  it.each(['192.0.2.0/24', 'nonsense', ''])('are not looked up by %j', async (address) => {
    const { ask } = anApp()
    expect((await ask(`${PATH}?address=${encodeURIComponent(address)}`)).status).toBe(400)
  })

  it('are imported and exported as lines', async () => {
    const { ask } = anApp()
    await ask(PATH, banning('192.0.2.1'))
    const body = [
      '192.0.2.1',
      '2001:db8::/32',
      '{"address":"198.51.100.0/24","reason":"list","expires_at":"2030-01-01T00:00:00Z"}',
      '198.51.100.1/24',
      '',
    ].join('\n')
    const headers = { 'Content-Type': 'application/x-ndjson' }
    const imported = await ask(`${PATH}/import`, { method: 'POST', headers, body })
    expect(await imported.json()).toEqual({
      added: 2,
      present: 1,
      invalid: 1,
      problems: [{ line: 4, message: expect.stringContaining('write 198.51.100.0/24') }],
    })
    const exported = await (await ask(`${PATH}/export`)).text()
    expect(
      exported
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { address: '192.0.2.1', reason: null, expires_at: null },
      { address: '2001:db8::/32', reason: null, expires_at: null },
      { address: '198.51.100.0/24', reason: 'list', expires_at: '2030-01-01T00:00:00Z' },
    ])
    const again = await ask(`${PATH}/import`, { method: 'POST', headers, body: exported })
    expect(await again.json()).toMatchObject({ added: 0, present: 3, invalid: 0 })
  })
})
