import { afterEach, describe, expect, it } from '@jest/globals'
import { closeAll, listen, MANAGER } from '../inbound/rest/rest-fixture.ts'
import { apiLine } from './a-command-line.ts'

const KEY = 'YZSl4lMZupRuOpSRC3krIKR5BPB14nrJ'
const FIRST = 'issued1'.padEnd(32, 'x')

afterEach(closeAll)

async function tracker() {
  const { ports, url } = await listen()
  return { ports, run: apiLine(url, MANAGER) }
}

/** Fractions of seconds do not matter here. */
function plain(text: string): string {
  return text.replaceAll('.000Z', 'Z')
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
    expect(plain((await run(`keys issue --valid ${duration}`)).out)).toBe(`${FIRST}\t1\t${end}\n`)
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
    expect(JSON.parse(plain(out))).toEqual({ id: 1, hint: 'YZSl', key: KEY, valid_until: '2023-11-21T22:13:20Z' })
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
      err: 'A key must be 32 letters and digits.\n',
    })
  })

  it('lists keys without revealing them', async () => {
    const { run } = await tracker()
    await run(`keys add ${KEY}`)
    await run('keys issue --valid 7d')
    expect(plain((await run('keys list')).out)).toBe('1\tYZSl\tforever\n2\tissu\t2023-11-21T22:13:20Z\n')
    expect(JSON.parse((await run('keys list --json --limit 1')).out)).toEqual({
      id: 1,
      hint: 'YZSl',
      valid_until: null,
    })
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
    expect(plain((await run('keys extend 1 --valid 7d')).out)).toBe('key 1 valid until 2023-11-21T22:13:20Z\n')
    expect((await run('keys extend 1 --valid forever')).out).toBe('key 1 valid until forever\n')
    expect(await run('keys extend 2 --valid 7d')).toEqual({ exitCode: 1, out: '', err: 'There is no such key.\n' })
    expect(await run('keys extend 1')).toMatchObject({ exitCode: 2 })
  })
})
