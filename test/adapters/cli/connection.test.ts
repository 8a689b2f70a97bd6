import { afterEach, describe, expect, it } from '@jest/globals'
import { closeAll, listen, MANAGER, READER } from '../inbound/rest/rest-fixture.ts'
import { runLine } from './a-command-line.ts'

const HASH = '9e0217d0fa71c87332cd8bf9dbeabcb2c2cf3c4d'
const DEFAULT_FILE = './storage/tracker/lib/api-token'

afterEach(closeAll)

describe('the connection of a command', () => {
  it.each([
    ['--token', ['--token', MANAGER], { MUSTER_API_TOKEN: 'wrong' }, {}],
    ['--token-file', ['--token-file', 'mine'], { MUSTER_API_TOKEN: 'wrong' }, { mine: `${MANAGER}\n` }],
    ['MUSTER_API_TOKEN', [], { MUSTER_API_TOKEN: MANAGER, MUSTER_API_TOKEN_FILE: 'none' }, {}],
    ['MUSTER_API_TOKEN_FILE', [], { MUSTER_API_TOKEN_FILE: 'theirs' }, { theirs: MANAGER, [DEFAULT_FILE]: 'wrong' }],
    ['the file that the tracker makes', [], {}, { [DEFAULT_FILE]: `${MANAGER}\n` }],
  ])('takes its token from %s', async (_name, args, env, files) => {
    const { url } = await listen()
    expect(await runLine(['stats', '--url', url, ...args], { env, files })).toMatchObject({ exitCode: 0, err: '' })
  })

  it('takes address and token from the document of the tracker, before the environment', async () => {
    const { url } = await listen()
    const env = { MUSTER_API_URL: 'http://127.0.0.1:1', MUSTER_API_TOKEN: 'wrong' }
    const addresses = {
      'own.toml': { url, token: MANAGER, tokenFile: undefined },
      'made.toml': { url, token: undefined, tokenFile: 'made-token' },
    }
    const world = { env, addresses, files: { 'made-token': `${MANAGER}\n` } }
    for (const file of Object.keys(addresses)) {
      expect(await runLine(['stats', '--config', file], world)).toMatchObject({ exitCode: 0, err: '' })
    }
    const other = await runLine(['stats', '-c', 'own.toml', '--url', 'http://127.0.0.1:1'], world)
    expect(other.err).toContain('http://127.0.0.1:1 cannot be reached')
    expect(await runLine(['stats', '-c', 'own.toml', '--token', 'x'], world)).toMatchObject({ exitCode: 1 })
    expect(await runLine(['stats', '-c', 'none.toml'], world)).toEqual({
      exitCode: 1,
      out: '',
      err: 'no such document\n',
    })
  })

  it.each(['', '/', '/api', '/api/'])('reaches the tracker at its address with the path %j', async (path) => {
    const { url } = await listen()
    const env = { MUSTER_API_URL: `${url}${path}`, MUSTER_API_TOKEN: MANAGER }
    expect(await runLine(['stats'], { env })).toMatchObject({ exitCode: 0 })
  })

  it.each(['127.0.0.1:1212', 'ftp://127.0.0.1', 'http://a:b@127.0.0.1', 'http://127.0.0.1/?token=x', 'http://x/y', ''])(
    'rejects the URL %j',
    async (url) => {
      expect(await runLine(['stats', '--url', url], { env: { MUSTER_API_TOKEN: MANAGER } })).toEqual({
        exitCode: 2,
        out: '',
        err: 'The URL of the API must be scheme, host and port only, such as http://127.0.0.1:1212.\n(run muster stats --help for usage)\n',
      })
    },
  )

  it.each(['0', '-1', 'soon', 'Infinity'])('rejects a timeout of %s seconds', async (timeout) => {
    expect(await runLine(['stats', `--timeout=${timeout}`])).toMatchObject({ exitCode: 2 })
  })

  it('names the address when the tracker cannot be reached', async () => {
    const { url, listener } = await listen()
    await listener.close(0)
    const { exitCode, err } = await runLine(['stats', '--url', url, '--token', MANAGER])
    expect([exitCode, err]).toEqual([1, expect.stringContaining(`${url} cannot be reached: `)])
    expect(err).toContain('--url or MUSTER_API_URL')
  })

  it('lists where tokens can be given when there is none', async () => {
    const { exitCode, err } = await runLine(['stats'])
    expect([exitCode, err]).toEqual([
      1,
      `No token found: ${DEFAULT_FILE} cannot be read (ENOENT). Provide one with --token-file, MUSTER_API_TOKEN or MUSTER_API_TOKEN_FILE.\n`,
    ])
  })

  it.each([
    ['', 'mine does not contain a token: it is empty.\n'],
    ['two words', 'mine does not contain a token: it must be one word of ASCII characters.\n'],
  ])('rejects a token file with %j', async (text, err) => {
    const result = await runLine(['stats', '--token-file', 'mine'], { files: { mine: text } })
    expect(result).toEqual({ exitCode: 1, out: '', err })
  })

  it('names the source of an unknown token without showing the token', async () => {
    const { url } = await listen()
    const { exitCode, err } = await runLine(['stats', '--url', url, '--token-file', 'mine'], {
      files: { mine: 'wrong' },
    })
    expect([exitCode, err]).toEqual([1, expect.stringContaining('does not know the token from mine.')])
    expect(err).not.toContain('wrong')
  })

  it('reports that a token is read-only', async () => {
    const { url } = await listen()
    const { exitCode, err } = await runLine(['whitelist', 'add', HASH, '--url', url, '--token', READER])
    expect([exitCode, err]).toEqual([
      1,
      'The token from --token is read-only. Changes need a token of scope "manage".\n',
    ])
  })

  it('reports too many wrong tokens', async () => {
    const { url } = await listen()
    for (let i = 0; i < 10; i++) await runLine(['stats', '--url', url, '--token', `wrong${i}`])
    const wrong = await runLine(['stats', '--url', url, '--token', 'wrong'])
    expect([wrong.exitCode, wrong.err]).toEqual([1, expect.stringContaining('Try again in a minute.')])
    expect((await runLine(['stats', '--url', url, '--token', MANAGER])).exitCode).toBe(0)
  })

  it('reports that the tracker has no database', async () => {
    const { url, ports } = await listen()
    ports.whitelist.trouble.hasDatabase = false
    const { exitCode, err } = await runLine(['whitelist', 'list', '--url', url, '--token', MANAGER])
    expect([exitCode, err]).toEqual([1, expect.stringContaining('runs without a database')])
  })
})

describe('help', () => {
  const COMMANDS = [
    ...['whitelist', 'blocklist'].flatMap((list) =>
      ['list', 'add', 'remove', 'import', 'export'].map((command) => `${list} ${command}`),
    ),
    ...['list', 'issue', 'add', 'revoke', 'extend'].map((command) => `keys ${command}`),
    'torrents list',
    'torrents show',
    'stats',
  ]

  it.each(COMMANDS)('has an example for muster %s', async (command) => {
    const { exitCode, out } = await runLine([...command.split(' '), '--help'])
    expect(exitCode).toBe(0)
    expect(out).toContain(`Example:\n  muster ${command}`)
    expect(out).toContain('other users of this machine can see it')
  })

  it.each(['whitelist', 'blocklist', 'keys', 'torrents'])('has an example for the group muster %s', async (group) => {
    const { out } = await runLine([group, '--help'])
    expect(out).toContain(`Example:\n  muster ${group} `)
  })
})
