// What an examination tells about a database before it is opened: it logs in for real, and changes nothing.

import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, it } from '@jest/globals'
import type { DatabaseOptions, NetworkOptions } from '../../../../src/adapters/outbound/persistence/database-options.ts'
import { examineDatabase } from '../../../../src/adapters/outbound/persistence/examine-database.ts'
import { overDatabases, overPoolers, type TestDatabases } from '../../../databases/dialects.ts'
import { runSql } from '../../../databases/raw-database.ts'

async function withTable(databases: TestDatabases, statement: string): Promise<DatabaseOptions> {
  const options = await databases.create()
  if (options.driver === 'sqlite3') mkdirSync(dirname(options.path), { recursive: true })
  await runSql(options, statement)
  return options
}

const TABLES: Readonly<Record<DatabaseOptions['driver'], string>> = {
  sqlite3: 'select name from sqlite_master order by name',
  mysql: 'select table_name as name from information_schema.tables where table_schema = database()',
  postgresql: "select table_name as name from information_schema.tables where table_schema = 'public'",
}

function wronglyLoggedIn(options: NetworkOptions): readonly DatabaseOptions[] {
  return [
    { ...options, password: 'not the password' },
    { ...options, user: 'someone_else' },
    { ...options, database: 'no_such_database' },
  ]
}

overDatabases('an examination', (databases) => {
  it('finds a database ready that can be adopted, and leaves it as it was', async () => {
    const options = await withTable(databases, 'create table other (id integer)')
    expect(await examineDatabase(options)).toEqual({ kind: 'ready' })
    expect(await runSql(options, TABLES[options.driver])).toEqual([{ name: 'other' }])
  })

  it('reports one whose tables are foreign, in the words of the start', async () => {
    const options = await withTable(databases, 'create table whitelist (id integer)')
    expect(await examineDatabase(options)).toEqual({
      kind: 'foreign',
      reason: "its table whitelist has no column info_hash, so it is not Torrust's",
    })
  })

  it('reports a login that the server refuses, without the password', async () => {
    const options = await databases.create()
    if (options.driver === 'sqlite3') return
    for (const wrong of wronglyLoggedIn(options)) {
      const state = await examineDatabase(wrong)
      expect(state).toEqual({ kind: 'denied', reason: expect.any(String) })
      expect(JSON.stringify(state)).not.toContain('not the password')
    }
  })

  it('reports an empty password as a refused login', async () => {
    const options = await databases.create()
    if (options.driver === 'sqlite3') return
    expect(await examineDatabase({ ...options, password: '' })).toMatchObject({ kind: 'denied' })
  })
})

overPoolers('an examination', (pooled) => {
  it('reports a login that the pooler refuses', async () => {
    const { pooler } = pooled()
    const options = pooler.options(pooler.firstDatabase)
    expect(await examineDatabase(options)).toMatchObject({ kind: 'ready' })
    for (const wrong of wronglyLoggedIn(options)) expect(await examineDatabase(wrong)).toMatchObject({ kind: 'denied' })
  })
})
