// muster import of sites: from a MariaDB server, and from dumps as mariadb-dump writes them.

import { execFileSync } from 'node:child_process'
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { NetworkOptions } from '../../../../src/adapters/outbound/persistence/database-options.ts'
import { onDatabase } from '../../../databases/dialects.ts'
import { runSql } from '../../../databases/raw-database.ts'
import { closeAll, listen, MANAGER } from '../../inbound/rest/rest-fixture.ts'
import { apiLine } from '../a-command-line.ts'
import { SITE_EXAMPLES } from './site-tables.ts'

afterEach(closeAll)

async function tracker() {
  const { ports, url } = await listen()
  return { ports, run: apiLine(url, MANAGER) }
}

type Ports = Awaited<ReturnType<typeof tracker>>['ports']

async function whitelistOf(ports: Ports): Promise<readonly string[]> {
  return (await ports.whitelist.page(0, 100)).entries.map(({ infoHash }) => infoHash).sort()
}

async function keysOf(ports: Ports): Promise<Record<string, string>> {
  const { keys } = await ports.keys.page(0, 100)
  return Object.fromEntries(keys.map(({ key, label }) => [label ?? '', key as string]))
}

function urlOf({ user, password, host, port, database }: NetworkOptions): string {
  return `mysql://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}`
}

function dump({ user, password, host, port, database }: NetworkOptions, ...options: readonly string[]): Buffer {
  const server = [`--host=${host}`, `--port=${port}`, `--user=${user}`]
  return execFileSync('/usr/bin/mariadb-dump', ['--no-defaults', ...server, ...options, database], {
    env: { ...process.env, MYSQL_PWD: password },
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

onDatabase('an import of a site', 'mysql', (databases) => {
  describe.each(SITE_EXAMPLES)('$command', ({ command, statements, out, whitelist, keys, flaws }) => {
    let options: NetworkOptions
    beforeAll(async () => {
      const made = await databases.create()
      if (made.driver === 'sqlite3') throw new Error('not a server')
      options = made
      await runSql(options, ...statements)
    })

    const expectAll = async (result: { exitCode: number; out: string; err: string }, ports: Ports): Promise<void> => {
      expect(result).toMatchObject({ exitCode: 1, out })
      for (const flaw of flaws) expect(result.err).toContain(flaw)
      expect(await whitelistOf(ports)).toEqual([...whitelist].sort())
      expect(await keysOf(ports)).toEqual(keys)
    }

    it('takes torrents and passkeys from the server', async () => {
      const { ports, run } = await tracker()
      await expectAll(await run(`import ${command}`, {}, urlOf(options)), ports)
    })

    it.each([
      ['as it is', []],
      ['with columns, hex and a statement for each row', ['--complete-insert', '--hex-blob', '--skip-extended-insert']],
      ['without quotes around names', ['--skip-quote-names']],
      ['without the tables, but with columns', ['--no-create-info', '--complete-insert']],
    ])('takes the same from a dump %s', async (_, how) => {
      const { ports, run } = await tracker()
      await expectAll(await run(`import ${command} -`, { files: { '-': dump(options, ...how) } }), ports)
    })

    it('says in a dry run what would change, without any passkey, and changes nothing', async () => {
      const { ports, run } = await tracker()
      const dry = await run(`import ${command} - --dry-run --valid 7d`, { files: { '-': dump(options) } })
      expect(dry.out).toContain(`keys: ${Object.keys(keys).length} key`)
      expect(dry.out).toContain('user 1')
      expect(dry.out).toContain(`  ${whitelist[0]}\n`)
      for (const key of Object.values(keys)) expect(dry.out + dry.err).not.toContain(key.slice(0, 8))
      expect([await whitelistOf(ports), await keysOf(ports)]).toEqual([[], {}])
      await run(`import ${command} -`, { files: { '-': dump(options) } })
      const again = await run(`import ${command} - --dry-run`, { files: { '-': dump(options) } })
      expect(again.out).toContain(`whitelist: 0 torrents would be added, ${whitelist.length} already there`)
      expect(again.out).toContain(`keys: 0 keys would be added, ${Object.keys(keys).length} already there`)
    })

    it('takes only torrents, or only keys with an end', async () => {
      const { ports, run } = await tracker()
      await run(`import ${command} --only torrents --reason moved`, {}, urlOf(options))
      expect([(await whitelistOf(ports)).length, await keysOf(ports)]).toEqual([whitelist.length, {}])
      const before = Date.now()
      await run(`import ${command} --only keys --valid 7d`, {}, urlOf(options))
      const { keys: stored } = await ports.keys.page(0, 9)
      for (const { validUntilSeconds = 0 } of stored) {
        expect(validUntilSeconds * 1000).toBeGreaterThan(before + 6.9 * 86_400_000)
      }
      expect(stored).toHaveLength(Object.keys(keys).length)
    })

    it('fails on a dump that is cut off, has no columns, or is of something else', async () => {
      const { run } = await tracker()
      const whole = dump(options)
      const files = {
        cut: whole.subarray(0, whole.lastIndexOf('INSERT') + 60),
        bare: dump(options, '--no-create-info'),
        other: 'create table x (id int); insert into x values (1);',
        gz: Buffer.from([0x1f, 0x8b, 8]),
      }
      expect((await run(`import ${command} cut`, { files })).err).toContain('it is incomplete')
      expect((await run(`import ${command} bare`, { files })).err).toContain('or with --complete-insert')
      expect((await run(`import ${command} other`, { files })).err).toContain('is it a dump of this system?')
      expect((await run(`import ${command} gz`, { files })).err).toContain('is compressed')
    })
  })

  it('never shows the URL of the database', async () => {
    const { run } = await tracker()
    const made = await databases.create()
    if (made.driver === 'sqlite3') throw new Error('not a server')
    const empty = await run('import unit3d', {}, urlOf(made))
    expect(empty.err).toContain('The database has no table torrents, groups, users: is it of this system?')
    const wrong = await run('import unit3d', {}, urlOf({ ...made, password: 'wrong' }))
    expect(wrong.err).toContain(`The database at ${made.host} cannot be opened: `)
    const bad = await run('import unit3d', {}, 'mysql://wrong@')
    expect(bad.err).toContain('The URL of the database must be a URL such as')
    for (const { exitCode, err } of [empty, wrong, bad]) {
      expect(exitCode).toBe(1)
      for (const secret of ['wrong@', ':wrong', made.password]) expect(err).not.toContain(secret)
    }
    expect(await run('import unit3d')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('MUSTER_IMPORT_DATABASE_URL'),
    })
  })
})
