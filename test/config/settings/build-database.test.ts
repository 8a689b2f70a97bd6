import { describe, expect, it } from '@jest/globals'
import { SettingsError } from '../../../src/config/settings/problems.ts'
import { readSettings } from '../../../src/config/settings/read-settings.ts'
import { documentWith, environment } from './loading.ts'

const SERVER = 'driver = "mysql"\nhost = "h"\nuser = "u"\ndatabase = "d"'

async function database(text: string, files: Record<string, string> = {}) {
  const document = { 'tracker.toml': documentWith(`[core.database]\n${text}`) }
  return (await readSettings('tracker.toml', environment({ ...document, ...files }))).settings.database
}

/** Without the position, which other tests check. */
async function complaints(text: string, files: Record<string, string> = {}): Promise<string[]> {
  try {
    await database(text, files)
    return []
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return error.problems.map(({ path, message }) => `${path.replace('core.database.', '')}: ${message}`)
  }
}

describe('a database server', () => {
  it('is not encrypted unless configured', async () => {
    expect(await database(`${SERVER}\npassword = "p"`)).toEqual({
      driver: 'mysql',
      host: 'h',
      port: 3306,
      user: 'u',
      password: 'p',
      database: 'd',
      tls: { mode: 'off', caFile: undefined },
      poolSize: 10,
    })
  })

  it('can be verified by its certificate', async () => {
    const tls = 'tls = "verify"\ntls_ca_file = "/ca.pem"\npool_size = 3'
    expect(await database(`${SERVER}\npassword = "p"\n${tls}`)).toMatchObject({
      tls: { mode: 'verify', caFile: '/ca.pem' },
      poolSize: 3,
    })
  })

  it.each([
    ['tls = "require"\ntls_ca_file = "x"', 'tls_ca_file: has no effect without tls = "verify"'],
    ['tls_ca_file = "x"', 'tls_ca_file: has no effect without tls = "verify"'],
    ['tls = "yes"', 'tls: must be "off" or "require" or "verify"; got "yes"'],
    ['pool_size = 0', 'pool_size: must be a whole number from 1 to 100; got 0'],
    ['pool_size = 101', 'pool_size: must be a whole number from 1 to 100; got 101'],
    ['url = "mysql://u@h/d"', 'host: is already in the url'],
  ])('is refused with %j', async (text, line) => {
    expect(await complaints(`${SERVER}\npassword = "p"\n${text}`)).toContain(line)
  })

  it.each([
    [`${SERVER}\npassword = "***"`, 'password'],
    [`${SERVER}\npassword_file = "masked"`, 'password_file'],
    ['url = "mysql://u:***@h/d"', 'url'],
  ])('is refused with the mask of a printed document as its password: %j', async (text, option) => {
    const complaint = 'is the mask shown instead of a password: enter the password itself'
    expect(await complaints(text, { masked: '***\n' })).toEqual([`${option}: ${complaint}`])
  })

  it('may have a password that is almost the mask', async () => {
    expect(await complaints(`${SERVER}\npassword = "****"`)).toEqual([])
  })

  it('can be given as one URL, which determines the driver', async () => {
    expect(await database('url = "postgresql://u:p@h/d?sslmode=require"\npool_size = 7')).toEqual({
      driver: 'postgresql',
      host: 'h',
      port: 5432,
      user: 'u',
      password: 'p',
      database: 'd',
      tls: { mode: 'require', caFile: undefined },
      poolSize: 7,
    })
  })

  it('may have options that the URL does not contain', async () => {
    const text = 'url = "mysql://u@h/d"\npassword = "p"\nport = 3307\ntls = "require"'
    expect(await database(text)).toMatchObject({ host: 'h', port: 3307, password: 'p', tls: { mode: 'require' } })
  })

  it('is refused if the URL and options set the same thing', async () => {
    const text = 'url = "mysql://u:p@h:1/d?ssl-mode=VERIFY_CA&ssl-ca=/ca"\nport = 1\npassword = "p"\ntls = "verify"'
    expect(await complaints(text)).toEqual([
      'port: is already in the url',
      'password: is already in the url',
      'tls: is already in the url',
    ])
  })

  it('is refused for the URL of another driver', async () => {
    const example = 'url: must be a URL such as'
    expect(await complaints('driver = "mysql"\nurl = "postgresql://u:p@h/d"')).toEqual([
      `${example} "mysql://user:password@host:3306/database"`,
    ])
    expect(await complaints('url = "mongodb://u:p@h/d"')).toEqual([
      `${example} "postgresql://user:password@host:5432/database"`,
    ])
  })
})

describe('a database in a file', () => {
  it('accepts only a path', async () => {
    const only = 'SQLite database configuration only accepts the `path` field'
    const text = 'driver = "sqlite3"\nurl = "mysql://u:p@h/d"\npassword_file = "x"\ntls = "off"\npool_size = 1'
    expect(await complaints(text)).toEqual(['url', 'password_file', 'tls', 'pool_size'].map((it) => `${it}: ${only}`))
  })

  it('cannot be a URL', async () => {
    expect(await complaints('path = "mysql://u:p@h/d"')).toEqual(['path: is the URL of a server, not a file'])
  })
})

describe('a password in a file', () => {
  const FROM_FILE = `${SERVER}\npassword_file = "/run/secret"`

  it.each([
    ['p w', 'p w'],
    ['p w\n', 'p w'],
    ['p w\r\n', 'p w'],
    [' p \n', ' p '],
  ])('is its one line: %j', async (text, password) => {
    expect(await database(FROM_FILE, { '/run/secret': text })).toMatchObject({ password })
  })

  it('can be combined with a URL that has none', async () => {
    const text = 'url = "postgresql://u@h/d"\npassword_file = "/run/secret"'
    expect(await database(text, { '/run/secret': 'p\n' })).toMatchObject({ driver: 'postgresql', password: 'p' })
  })

  it.each([
    [{}, 'cannot be read: no such file'],
    [{ '/run/secret': '' }, 'is empty'],
    [{ '/run/secret': '\n' }, 'is empty'],
    [{ '/run/secret': 'hunter2\nhunter3\n' }, 'has more than one line'],
  ])('is refused if it cannot be read from the file: %j', async (files, reason) => {
    expect(await complaints(FROM_FILE, files)).toEqual([`password_file: "/run/secret" ${reason}`])
  })

  it('is refused together with a password option', async () => {
    const line = 'password_file: is given in addition to a password; use only one of them'
    expect(await complaints(`${FROM_FILE}\npassword = "p"`)).toEqual([line])
    expect(await complaints('url = "mysql://u:p@h/d"\npassword_file = "/run/secret"')).toEqual([line])
  })
})
