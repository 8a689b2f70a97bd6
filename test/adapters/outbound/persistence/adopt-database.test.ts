import { expect, it } from '@jest/globals'
import type { DatabaseOptions } from '../../../../src/adapters/outbound/persistence/database-options.ts'
import { type Database, openDatabase } from '../../../../src/adapters/outbound/persistence/open-database.ts'
import { overDatabases } from '../../../databases/dialects.ts'
import { type RawRow, runSql } from '../../../databases/raw-database.ts'
import { IGNORED_OUTAGES } from '../../../fakes/ignored-outages.ts'
import { StoppedClock } from '../../../fakes/stopped-clock.ts'
import { aKey, anInfoHash } from '../../../fixtures/hashes.ts'
import { BAD_HASH, type TorrustForm, torrustDatabase, UPPER_CASE } from '../../../fixtures/torrust-databases.ts'

const dependencies = { clock: new StoppedClock(1_800_000_000), ...IGNORED_OUTAGES }

const FORMS: Readonly<Record<string, TorrustForm>> = {
  'of its first migration': { migrations: 1, hasHistory: true },
  'of its second migration': { migrations: 2, hasHistory: true },
  'of its third migration': { migrations: 3, hasHistory: true },
  'of its fourth migration': { migrations: 4, hasHistory: true },
  'from before it kept a history, keys that expire': { migrations: 1, hasHistory: false },
  'from before it kept a history, with totals': { migrations: 3, hasHistory: false },
}

const TABLES = ['whitelist', 'torrents', 'keys', 'torrent_aggregate_metrics', '_sqlx_migrations']

overDatabases('a Torrust database', (databases) => {
  const quoted = (name: string): string => (databases.dialect === 'mysql' ? `\`${name}\`` : `"${name}"`)
  const made = async (form: TorrustForm): Promise<DatabaseOptions> => {
    const options = await databases.create()
    // SQLite's file is created with its folder.
    if (options.driver === 'sqlite3') await empty(options)
    await runSql(options, ...torrustDatabase(databases.dialect, form))
    return options
  }
  const opened = async <T>(options: DatabaseOptions, use: (database: Database) => Promise<T>): Promise<T> => {
    const database = await openDatabase(options, dependencies)
    try {
      return await use(database)
    } finally {
      await database.close()
    }
  }
  const rowsOf = async (options: DatabaseOptions, table: string): Promise<readonly RawRow[]> =>
    (await runSql(options, `select * from ${quoted(table)}`).catch(() => [])).map((row) => ({ ...row }))

  const reportOf = (options: DatabaseOptions) => opened(options, async ({ adoption }) => adoption)

  for (const [name, form] of Object.entries(FORMS)) {
    it(`${name} is adopted with every row`, async () => {
      const options = await made(form)
      const history = await rowsOf(options, '_sqlx_migrations')
      await opened(options, async ({ whitelist, keys, downloads, adoption }) => {
        expect((await whitelist.page(0, 10)).map(({ infoHash, position }) => [position, infoHash])).toEqual([
          [2, anInfoHash(1)],
          [5, anInfoHash(2)],
          [9, anInfoHash(UPPER_CASE)],
        ])
        expect(await whitelist.count()).toBe(3)
        expect(await downloads.page(0, 10)).toEqual([
          { infoHash: anInfoHash(1), completed: 7, position: 1 },
          { infoHash: anInfoHash(3), completed: 2_147_483_647, position: 3 },
        ])
        expect(await downloads.count()).toBe(2)
        expect(await downloads.total()).toBe(form.migrations < 3 ? 7 + 2_147_483_647 : 99)
        expect(await keys.page(0, 10)).toEqual([
          { id: 3, key: aKey(1), validUntilSeconds: 1_900_000_000 },
          { id: 4, key: aKey(2), validUntilSeconds: form.migrations < 2 ? 1 : undefined },
        ])
        expect(await keys.count()).toBe(2)
        expect(adoption).toMatchObject({
          origin: form.hasHistory ? 'torrust' : 'torrust-without-history',
          unknownMigrations: [],
          rows: { whitelist: 4, blocklist: 0, keys: 3, torrents: 3 },
          unreadable: { whitelist: 1, blocklist: 0, keys: 1, torrents: 1 },
        })
      })
      expect(await rowsOf(options, '_sqlx_migrations')).toEqual(history)
      const hashes = (await rowsOf(options, 'whitelist')).map((row) => row['info_hash'])
      expect(hashes).toContain(BAD_HASH)
    })

    it(`${name} can be written to like one of ours`, async () => {
      const options = await made(form)
      await opened(options, async ({ whitelist, blocklist, keys, downloads }) => {
        await whitelist.add([{ infoHash: anInfoHash(50) }, { infoHash: anInfoHash(UPPER_CASE) }])
        expect((await whitelist.page(9, 10)).map(({ infoHash }) => infoHash)).toEqual([anInfoHash(50)])
        expect(await whitelist.remove([anInfoHash(UPPER_CASE)])).toEqual([anInfoHash(UPPER_CASE)])
        await blocklist.add([{ infoHash: anInfoHash(51), reason: 'because' }])
        // The id of the key that Torrust removed is not reused.
        expect(await keys.add(aKey(5), 4_102_444_800)).toMatchObject({ id: 10, validUntilSeconds: 4_102_444_800 })
        await keys.add(aKey(6), undefined)
        await downloads.add(1, [
          { infoHash: anInfoHash(3), completed: 1 },
          { infoHash: anInfoHash(4), completed: 1 },
        ])
        expect((await downloads.page(1, 2)).map(({ completed }) => completed)).toEqual([2_147_483_648, 1])
        const total = (form.migrations < 3 ? 7 + 2_147_483_647 : 99) + 2
        expect(await downloads.total()).toBe(total)
        await downloads.add(2, [{ infoHash: anInfoHash(5), completed: 10 }])
        expect(await downloads.total()).toBe(total + 10)
      })
    })

    it(`${name} is changed only once`, async () => {
      const options = await made(form)
      const first = await reportOf(options)
      const rows = await Promise.all(TABLES.map((table) => rowsOf(options, table)))
      const second = await reportOf(options)
      expect(first.migrations).toEqual(['0001-torrust-tables', '0002-muster-tables', '0003-notes', '0004-bans'])
      expect(second).toEqual({ ...first, origin: 'muster', changes: [], migrations: [] })
      expect(await Promise.all(TABLES.map((table) => rowsOf(options, table)))).toEqual(rows)
    })
  }

  it('with a hash in two spellings, neither in lower case, is adopted with both rows', async () => {
    // They are equal for MySQL.
    if (databases.dialect === 'mysql') return
    const options = await made({ migrations: 4, hasHistory: true })
    const hash = anInfoHash(UPPER_CASE + 1)
    const spellings = [hash.toUpperCase(), hash.replace(/[a-f]/, (digit) => digit.toUpperCase())]
    await runSql(options, ...spellings.map((text) => `insert into whitelist (info_hash) values ('${text}')`))
    await opened(options, async ({ whitelist, adoption }) => {
      expect(await whitelist.find(hash)).toMatchObject({ infoHash: hash })
      expect(adoption).toMatchObject({ rows: { whitelist: 6 }, unreadable: { whitelist: 2 } })
    })
  })

  it('that Torrust has narrowed in between is widened again', async () => {
    if (databases.dialect !== 'mysql') return
    const options = await made({ migrations: 4, hasHistory: true })
    await reportOf(options)
    await runSql(options, 'alter table `keys` change valid_until valid_until int(10)')
    expect((await reportOf(options)).changes).toEqual(['keys.valid_until now allows keys that never expire'])
  })

  it('of a newer Torrust is adopted and reported', async () => {
    const options = await made({ migrations: 4, hasHistory: true, further: [20270101000000] })
    await runSql(options, `alter table whitelist add column note varchar(20) default 'x'`)
    const { unknownMigrations } = await reportOf(options)
    expect(unknownMigrations).toEqual([20270101000000])
    await opened(options, async ({ whitelist }) => whitelist.add([{ infoHash: anInfoHash(60) }]))
  })

  const refused = (options: DatabaseOptions, why: RegExp): Promise<void> =>
    expect(openDatabase(options, dependencies)).rejects.toMatchObject({
      name: 'CannotOpen',
      isTransient: false,
      message: expect.stringMatching(why) as unknown as string,
    })

  /** Torrust's whitelist without its unique index. */
  const withoutIndex = async (...rows: readonly string[]): Promise<DatabaseOptions> => {
    const options = await made({ migrations: 4, hasHistory: true })
    const insert = `insert into whitelist (id, info_hash) values ${rows.map((row, at) => `(${at + 1}, '${row}')`)}`
    const columns = 'id integer primary key, info_hash varchar(40) not null'
    await runSql(options, 'drop table whitelist', `create table whitelist (${columns})`, insert)
    return options
  }

  it('without a unique index on its hashes gets one', async () => {
    const options = await withoutIndex(anInfoHash(1), anInfoHash(2))
    expect((await reportOf(options)).changes).toContain('whitelist.info_hash now has a unique index')
    expect((await reportOf(options)).changes).toEqual([])
    await expect(
      runSql(options, `insert into whitelist (id, info_hash) values (9, '${anInfoHash(1)}')`),
    ).rejects.toThrow()
  })

  it('that contains a hash twice is rejected, and left unchanged', async () => {
    const options = await withoutIndex(anInfoHash(1), anInfoHash(1))
    await refused(options, /its table whitelist has several rows with the same info_hash/)
    expect(await rowsOf(options, 'muster_migrations')).toEqual([])
  })

  it('whose old keys have a foreign column keeps it, or is rejected where that is impossible', async () => {
    const options = await made({ migrations: 1, hasHistory: true })
    await runSql(options, `alter table ${quoted('keys')} add column note varchar(20) default 'x'`)
    if (options.driver === 'sqlite3') {
      await refused(options, /its table keys is outdated and must be recreated, which would lose its column note/)
    } else await reportOf(options)
    expect((await rowsOf(options, 'keys'))[0]).toMatchObject({ note: 'x' })
  })

  it('with the leftover table of an interrupted rebuild is adopted', async () => {
    const options = await made({ migrations: 1, hasHistory: true })
    await runSql(options, 'create table muster_keys_rebuilt (id integer)')
    expect((await reportOf(options)).rows.keys).toBe(3)
  })

  it('whose keys expire in 32 bits gets 64, once', async () => {
    if (databases.dialect !== 'postgresql') return
    const options = await made({ migrations: 4, hasHistory: true })
    await runSql(options, 'alter table keys alter column valid_until type integer')
    expect((await reportOf(options)).changes).toContain('keys.valid_until now allows keys that never expire')
    expect((await reportOf(options)).changes).toEqual([])
  })

  it('whose migration has failed is rejected', async () => {
    const options = await made({ migrations: 3, hasHistory: true, failed: 20250527093000 })
    await refused(options, /20250527093000 was started but did not succeed/)
    expect(await rowsOf(options, 'muster_migrations')).toEqual([])
  })

  it('whose history has a gap is rejected', async () => {
    const options = await made({ migrations: 4, hasHistory: true })
    await runSql(options, 'delete from _sqlx_migrations where version = 20240730183500')
    await refused(options, /20250527093000 was applied without 20240730183500/)
  })

  it('that lacks a table from its history is rejected', async () => {
    const options = await made({ migrations: 4, hasHistory: true })
    await runSql(options, 'drop table torrent_aggregate_metrics')
    await refused(options, /created a table torrent_aggregate_metrics, which is missing/)
  })

  it('that is not one is rejected', async () => {
    const options = await databases.create()
    if (options.driver === 'sqlite3') await empty(options)
    await runSql(options, `create table ${quoted('keys')} (id integer, door varchar(20))`)
    await refused(options, /its table keys has no column key, so it is not Torrust's/)
  })

  it('with a column that Muster cannot fill is rejected', async () => {
    const options = await made({ migrations: 4, hasHistory: true })
    await runSql(options, 'delete from whitelist', 'alter table whitelist add column owner varchar(20)')
    if (options.driver === 'mysql') await runSql(options, 'alter table whitelist modify owner varchar(20) not null')
    if (options.driver === 'postgresql') await runSql(options, 'alter table whitelist alter owner set not null')
    if (options.driver === 'sqlite3') {
      const columns = 'id integer primary key, info_hash text not null unique, owner text not null'
      await runSql(options, 'drop table whitelist', `create table whitelist (${columns})`)
    }
    await refused(options, /its table whitelist requires a value for its column owner/)
  })

  it('that a newer Muster has changed is rejected', async () => {
    const options = await databases.create()
    await reportOf(options)
    await runSql(
      options,
      `insert into muster_migrations (name, timestamp) values ('9999-later', '2030-01-01T00:00:00Z')`,
    )
    await refused(options, /a newer Muster has changed it \(9999-later\)/)
  })

  it('that has since lost a table is rejected', async () => {
    const options = await databases.create()
    await reportOf(options)
    await runSql(options, 'drop table blocklist')
    await refused(options, /it has a table blocklist, but that table is missing/)
  })

  it('keeps labels and reasons beside its tables, which Torrust can go on using', async () => {
    const options = await made({ migrations: 4, hasHistory: true })
    const before = { keys: await rowsOf(options, 'keys'), whitelist: await rowsOf(options, 'whitelist') }
    const label = 'a friend'
    const id = await opened(options, async ({ keys, whitelist }) => {
      await whitelist.add([{ infoHash: anInfoHash(50), reason: 'asked for' }])
      expect(await whitelist.find(anInfoHash(50))).toMatchObject({ reason: 'asked for', addedAtSeconds: 1_800_000_000 })
      // Those that Torrust added have neither.
      expect(Object.keys((await whitelist.page(0, 1))[0] ?? {}).toSorted()).toEqual(['infoHash', 'position'])
      expect((await keys.page(0, 1))[0]?.addedAtSeconds).toBeUndefined()
      return (await keys.add(aKey(5), undefined, label)).id
    })
    const rows = { keys: await rowsOf(options, 'keys'), whitelist: await rowsOf(options, 'whitelist') }
    expect([rows.keys.length, rows.whitelist.length]).toEqual([before.keys.length + 1, before.whitelist.length + 1])
    expect(Object.keys(rows.keys[0] ?? {})).toEqual(['id', 'key', 'valid_until'])
    expect(Object.keys(rows.whitelist[0] ?? {})).toEqual(['id', 'info_hash'])
    // Torrust removes the key, and another one gets its id.
    await runSql(
      options,
      `delete from ${quoted('keys')} where id = ${id}`,
      `insert into ${quoted('keys')} (id, ${quoted('key')}) values (${id}, '${aKey(6)}')`,
    )
    await opened(options, async ({ keys }) => {
      expect((await keys.find(aKey(6)))?.label).toBeUndefined()
      expect(await keys.page(0, 99, label)).toEqual([])
      expect(await keys.relabel(id, 'another')).toMatchObject({ key: aKey(6), label: 'another' })
      expect(await keys.page(0, 99, 'another')).toHaveLength(1)
    })
  })

  it('of a Muster before labels gets the tables for them', async () => {
    const options = await databases.create()
    await opened(options, async ({ keys }) => void (await keys.add(aKey(1), 7)))
    const lost = ['muster_key_notes', 'muster_whitelist_notes', 'muster_bans'].map((table) => `drop table ${table}`)
    await runSql(options, ...lost, `delete from muster_migrations where name in ('0003-notes', '0004-bans')`)
    await opened(options, async ({ adoption, keys }) => {
      expect(adoption.migrations).toEqual(['0003-notes', '0004-bans'])
      expect(await keys.find(aKey(1))).toEqual({ id: 1, key: aKey(1), validUntilSeconds: 7 })
      expect(await keys.relabel(1, 'late')).toMatchObject({ label: 'late' })
    })
  })

  it('is created when the database is empty', async () => {
    const options = await databases.create()
    expect(await reportOf(options)).toEqual({
      origin: 'fresh',
      unknownMigrations: [],
      changes: [],
      migrations: ['0001-torrust-tables', '0002-muster-tables', '0003-notes', '0004-bans'],
      rows: { whitelist: 0, blocklist: 0, keys: 0, torrents: 0 },
      unreadable: { whitelist: 0, blocklist: 0, keys: 0, torrents: 0 },
    })
  })

  it('created by Muster has the columns of the newest Torrust, in its order, and can be opened twice at once', async () => {
    const options = await databases.create()
    await Promise.all([reportOf(options), reportOf(options)])
    const sample = `insert into ${quoted('keys')} (${quoted('key')}, valid_until) values ('x', null)`
    const [row] = await runSql(options, sample, `select * from ${quoted('keys')}`)
    expect(Object.keys(row ?? {})).toEqual(['id', 'key', 'valid_until'])
  })
})

async function empty(options: DatabaseOptions): Promise<void> {
  const { path } = options as { readonly path: string }
  const { mkdirSync, writeFileSync } = await import('node:fs')
  const { dirname } = await import('node:path')
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, '')
}
