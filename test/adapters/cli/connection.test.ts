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
  ])('has its token from %s', async (_name, args, env, files) => {
    const { url } = await listen()
    expect(await runLine(['stats', '--url', url, ...args], { env, files })).toMatchObject({ exitCode: 0, err: '' })
  })

  it.each(['', '/', '/api', '/api/'])('goes to the tracker at its address and %j', async (path) => {
    const { url } = await listen()
    const env = { MUSTER_API_URL: `${url}${path}`, MUSTER_API_TOKEN: MANAGER }
    expect(await runLine(['stats'], { env })).toMatchObject({ exitCode: 0 })
  })

  it.each(['127.0.0.1:1212', 'ftp://127.0.0.1', 'http://a:b@127.0.0.1', 'http://127.0.0.1/?token=x', 'http://x/y', ''])(
    'does not go to %j',
    async (url) => {
      expect(await runLine(['stats', '--url', url], { env: { MUSTER_API_TOKEN: MANAGER } })).toEqual({
        exitCode: 2,
        out: '',
        err: 'The URL of the API looks like http://127.0.0.1:1212: scheme, host and port, and nothing more.\n',
      })
    },
  )

  it.each(['0', '-1', 'soon', 'Infinity'])('does not wait for %s seconds', async (timeout) => {
    expect(await runLine(['stats', `--timeout=${timeout}`])).toMatchObject({ exitCode: 2 })
  })

  it('names the address when nobody answers there', async () => {
    const { url, listener } = await listen()
    await listener.close(0)
    const { exitCode, err } = await runLine(['stats', '--url', url, '--token', MANAGER])
    expect([exitCode, err]).toEqual([1, expect.stringContaining(`${url} cannot be reached: `)])
    expect(err).toContain('--url or MUSTER_API_URL')
  })

  it('says where tokens are looked for when there is none', async () => {
    const { exitCode, err } = await runLine(['stats'])
    expect([exitCode, err]).toEqual([
      1,
      `There is no token: ${DEFAULT_FILE} cannot be read (ENOENT). Name one by --token-file, MUSTER_API_TOKEN or MUSTER_API_TOKEN_FILE.\n`,
    ])
  })

  it.each([
    ['', 'What mine holds is no token: there is nothing in it.\n'],
    ['two words', 'What mine holds is no token: it must be one word of ASCII characters.\n'],
  ])('does not take a file with %j for a token', async (text, err) => {
    const result = await runLine(['stats', '--token-file', 'mine'], { files: { mine: text } })
    expect(result).toEqual({ exitCode: 1, out: '', err })
  })

  it('says which token the tracker does not know, without showing it', async () => {
    const { url } = await listen()
    const { exitCode, err } = await runLine(['stats', '--url', url, '--token-file', 'mine'], {
      files: { mine: 'wrong' },
    })
    expect([exitCode, err]).toEqual([1, expect.stringContaining('does not know the token of mine.')])
    expect(err).not.toContain('wrong')
  })

  it('says so when a token may only look', async () => {
    const { url } = await listen()
    const { exitCode, err } = await runLine(['whitelist', 'add', HASH, '--url', url, '--token', READER])
    expect([exitCode, err]).toEqual([1, 'The token of --token may only look. Changes need one of scope "manage".\n'])
  })

  it('says so when too many wrong tokens were shown', async () => {
    const { url } = await listen()
    for (let i = 0; i < 10; i++) await runLine(['stats', '--url', url, '--token', `wrong${i}`])
    const { exitCode, err } = await runLine(['stats', '--url', url, '--token', MANAGER])
    expect([exitCode, err]).toEqual([1, expect.stringContaining('Try again in a minute.')])
  })

  it('says so when the tracker has no database', async () => {
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

  it.each(COMMANDS)('teaches muster %s by an example', async (command) => {
    const { exitCode, out } = await runLine([...command.split(' '), '--help'])
    expect(exitCode).toBe(0)
    expect(out).toContain(`Example:\n  muster ${command}`)
    expect(out).toContain('other users of this machine can see it')
  })

  it.each(['whitelist', 'blocklist', 'keys', 'torrents'])('shows what muster %s can do', async (group) => {
    const { out } = await runLine([group, '--help'])
    expect(out).toContain(`Example:\n  muster ${group} `)
  })
})
