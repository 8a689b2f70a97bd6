import { afterEach, describe, expect, it } from '@jest/globals'
import { closeAll, listen, MANAGER } from '../inbound/rest/rest-fixture.ts'
import { apiLine } from './a-command-line.ts'

const KEY = 'YZSl4lMZupRuOpSRC3krIKR5BPB14nrJ'
const NOW = '2023-11-14T22:13:20Z'
const FIRST = 'issued1'.padEnd(32, 'x')

afterEach(closeAll)

async function tracker() {
  const { ports, url } = await listen()
  return { ports, run: apiLine(url, MANAGER) }
}

describe('muster keys', () => {
  it('issues a key, and prints it first', async () => {
    const { run } = await tracker()
    expect(await run('keys issue')).toEqual({ exitCode: 0, out: `${FIRST}\t1\tforever\n`, err: '' })
  })

  it.each([
    ['90s', '2023-11-14T22:14:50Z'],
    ['15m', '2023-11-14T22:28:20Z'],
    ['12h', '2023-11-15T10:13:20Z'],
    ['7d', '2023-11-21T22:13:20Z'],
    ['4w', '2023-12-12T22:13:20Z'],
    ['forever', 'forever'],
  ])('issues one for %s', async (duration, end) => {
    const { run } = await tracker()
    expect((await run(`keys issue --valid ${duration}`)).out).toBe(`${FIRST}\t1\t${end}\n`)
  })

  it.each(['7', 'd', '7y', '1.5h', '-1d', '0s', 'never'])('rejects the duration %s', async (duration) => {
    const { ports, run } = await tracker()
    const { exitCode, err } = await run(`keys issue --valid=${duration}`)
    expect([exitCode, await ports.keys.count()]).toEqual([2, 0])
    expect(err).toContain('It must be 90s, 15m, 12h, 7d, 4w or forever.')
  })

  it('shows the key in a table on a terminal', async () => {
    const { run } = await tracker()
    expect((await run('keys issue', { isTerminal: true })).out).toContain(`│ Key         │ ${FIRST} │`)
  })

  it('registers a key', async () => {
    const { run } = await tracker()
    const { out } = await run(`keys add ${KEY} --valid 7d --json`)
    expect(JSON.parse(out)).toEqual({
      id: 1,
      hint: 'YZSl',
      key: KEY,
      label: null,
      added_at: NOW,
      valid_until: '2023-11-21T22:13:20Z',
    })
    expect(await run(`keys add ${KEY}`)).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('rejected the request'),
    })
  })

  it('rejects a malformed key without repeating it', async () => {
    const { run } = await tracker()
    expect(await run('keys add secret')).toEqual({
      exitCode: 2,
      out: '',
      err: 'A key must be 32 letters and digits.\n(run muster keys add --help for usage)\n',
    })
  })

  it('lists keys without revealing them', async () => {
    const { run } = await tracker()
    await run(`keys add ${KEY}`)
    await run('keys issue --valid 7d')
    expect((await run('keys list')).out).toBe(`1\tYZSl\tforever\t${NOW}\t-\n2\tissu\t2023-11-21T22:13:20Z\t${NOW}\t-\n`)
    expect(JSON.parse((await run('keys list --json --limit 1')).out)).toEqual({
      id: 1,
      hint: 'YZSl',
      label: null,
      added_at: NOW,
      valid_until: null,
    })
  })

  it('labels keys, and lists those whose label contains a text', async () => {
    const { run } = await tracker()
    expect((await run('keys issue --label alice')).out).toBe(`${FIRST}\t1\tforever\n`)
    await run(`keys add ${KEY}`, {}, '--label', 'Bob, seedbox')
    expect((await run('keys list --label SEED')).out).toBe(`2\tYZSl\tforever\t${NOW}\tBob, seedbox\n`)
    expect(await run('keys label 1', {}, 'carol')).toEqual({ exitCode: 0, out: 'key 1 labelled carol\n', err: '' })
    expect((await run('keys list')).out).toContain('\tcarol\n')
    expect((await run('keys label 1', {}, '')).out).toBe('key 1 has no label\n')
    expect(await run('keys label 9 x')).toEqual({ exitCode: 1, out: '', err: 'There is no such key.\n' })
    expect((await run('keys issue --label dave', { isTerminal: true })).out).toMatch(/│ Label +│ dave +│/)
  })

  it('imports keys with expiries and labels, and exports them', async () => {
    const { ports, run } = await tracker()
    const key = (number: number) => String(number).padStart(32, 'k')
    const text = [
      `# from the old system`,
      key(1),
      `${key(2)}\tforever\tBob, seedbox`,
      `${key(3)} 2026-12-31 carol`,
      `${key(4)} 2026-12-31T10:00:00Z`,
      `${key(5)} 1800000000 -`,
      `${key(6)} just a label`,
      `${key(7)} - dave`,
      `{"key":"${key(8)}","label":"erin"}`,
      `${key(9)} 2026-13-01 nobody`,
      'short forever',
    ].join('\n')
    const result = await run('keys import keys.txt', { files: { 'keys.txt': text } })
    expect([result.exitCode, result.out]).toEqual([1, '8 keys added, 0 already listed, 2 lines skipped\n'])
    expect(result.err).toMatch(
      /^line 10: valid_until: must be a time .+\nline 11: key: must be 32 letters and digits\n$/,
    )
    expect((await run('keys export --plain')).out).toBe(
      [
        `${key(1)}\tforever`,
        `${key(2)}\tforever\tBob, seedbox`,
        `${key(3)}\t2026-12-31T00:00:00Z\tcarol`,
        `${key(4)}\t2026-12-31T10:00:00Z`,
        `${key(5)}\t2027-01-15T08:00:00Z\t-`,
        `${key(6)}\tforever\tjust a label`,
        `${key(7)}\tforever\tdave`,
        `${key(8)}\tforever\terin`,
        '',
      ].join('\n'),
    )
    for (const form of ['', ' --plain']) {
      const exported = (await run(`keys export${form}`)).out
      const other = await tracker()
      expect(await other.run('keys import -', { files: { '-': exported } })).toMatchObject({ exitCode: 0, err: '' })
      expect((await other.ports.keys.page(0, 9)).keys).toEqual((await ports.keys.page(0, 9)).keys)
    }
  })

  it('counts a lifetime in a file from now', async () => {
    const { ports, run } = await tracker()
    const before = Date.now() / 1000
    await run('keys import -', { files: { '-': `${KEY} 4w\n` } })
    const until = (await ports.keys.page(0, 1)).keys[0]?.validUntilSeconds ?? 0
    expect(until - 28 * 86_400).toBeGreaterThanOrEqual(Math.floor(before))
    expect(until - 28 * 86_400).toBeLessThan(before + 60)
  })

  it.each(['1', KEY])('revokes a key by %s', async (name) => {
    const { ports, run } = await tracker()
    await run(`keys add ${KEY}`)
    expect(await run(`keys revoke ${name}`)).toEqual({ exitCode: 0, out: 'key 1 revoked\n', err: '' })
    expect(await ports.keys.count()).toBe(0)
    expect(await run(`keys revoke ${name}`)).toEqual({ exitCode: 1, out: '', err: 'There is no such key.\n' })
  })

  it('rejects a revocation by neither number nor key', async () => {
    const { run } = await tracker()
    expect(await run('keys revoke seven')).toMatchObject({ exitCode: 2, out: '' })
  })

  it('extends a key', async () => {
    const { run } = await tracker()
    await run('keys issue --valid 1h')
    expect((await run('keys extend 1 --valid 7d')).out).toBe('key 1 valid until 2023-11-21T22:13:20Z\n')
    expect((await run('keys extend 1 --valid forever')).out).toBe('key 1 valid until forever\n')
    expect(await run('keys extend 2 --valid 7d')).toEqual({ exitCode: 1, out: '', err: 'There is no such key.\n' })
    expect(await run('keys extend 1')).toMatchObject({ exitCode: 2 })
  })
})
