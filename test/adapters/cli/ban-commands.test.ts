import { afterEach, describe, expect, it } from '@jest/globals'
import { closeAll, listen, MANAGER } from '../inbound/rest/rest-fixture.ts'
import { apiLine } from './a-command-line.ts'

afterEach(closeAll)

async function tracker() {
  const { url } = await listen()
  return apiLine(url, MANAGER)
}

const UNTIL_LIFTED = 'banned until it is lifted'

describe('muster bans', () => {
  it('adds, lists, shows and lifts', async () => {
    const run = await tracker()
    expect(await run('bans list')).toMatchObject({ exitCode: 0, out: '' })
    expect(await run('bans add 192.0.2.0/24 2001:DB8::1 --reason', {}, 'a flood')).toEqual({
      exitCode: 0,
      out: `192.0.2.0/24\t${UNTIL_LIFTED}\n2001:db8::1\t${UNTIL_LIFTED}\n`,
      err: '',
    })
    expect((await run('bans list', { isTerminal: true })).out).toMatch(/│ Address +│ Added +│ Ends +│ Reason +│/)
    expect((await run('bans show 192.0.2.9')).out).toMatch(/^192\.0\.2\.0\/24\t.*\ta flood\n$/)
    const lines = (await run('bans list --json')).out.trim().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { address: '192.0.2.0/24', reason: 'a flood' },
      { address: '2001:db8::1' },
    ])
    expect(await run('bans lift 192.0.2.0/24 192.0.2.1')).toEqual({
      exitCode: 1,
      out: '192.0.2.0/24\tlifted\n192.0.2.1\tnot banned\n',
      err: '',
    })
    expect(await run('bans show 192.0.2.9', { isTerminal: true })).toMatchObject({
      exitCode: 1,
      err: '192.0.2.9 is not banned.\n',
    })
  })

  it('bans for a while', async () => {
    const run = await tracker()
    expect((await run('bans add 192.0.2.1 --for 12h')).out).toBe('192.0.2.1\tbanned until 2023-11-15T10:13:20Z\n')
    expect((await run('bans add 192.0.2.1 --for forever')).out).toBe(`192.0.2.1\t${UNTIL_LIFTED}\n`)
  })

  it.each([
    ['bans add 192.0.2.1/24', 'write 192.0.2.0/24 for the network'],
    ['bans add example.org', 'must be an IP address or a network such as 192.0.2.0/24'],
    ['bans add 0.0.0.0/0', 'too wide: /8 at most'],
    ['bans add 192.0.2.1 --for soon', 'It must be 90s, 15m, 12h, 7d, 4w or forever.'],
    ['bans show 192.0.2.0/24', 'one address, without a prefix'],
    ['bans lift', "missing required argument 'address'"],
  ])('explains a mistake: %s', async (line, text) => {
    const run = await tracker()
    const { exitCode, out, err } = await run(line)
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' })
    expect(err).toContain(text)
  })

  it('imports plain lists with comments and NDJSON, and exports', async () => {
    const run = await tracker()
    const files = {
      'list.txt': '# a list\n; another comment\n192.0.2.0/24 ; SBL1\n198.51.100.7 by hand\n203.0.113.1\n192.0.2.1/24\n',
    }
    expect(await run('bans import list.txt --reason', { files }, 'from a list')).toEqual({
      exitCode: 1,
      out: '3 bans added, 0 already listed, 1 line skipped\n',
      err: expect.stringContaining('line 6: address: the address has bits beyond its prefix'),
    })
    const exported = (await run('bans export')).out
    expect(
      exported
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { address: '192.0.2.0/24', reason: 'SBL1', expires_at: null },
      { address: '198.51.100.7', reason: 'by hand', expires_at: null },
      { address: '203.0.113.1', reason: 'from a list', expires_at: null },
    ])
    expect(await run('bans import -', { files: { '-': exported } })).toMatchObject({
      exitCode: 0,
      out: '0 bans added, 3 already listed\n',
    })
  })
})
