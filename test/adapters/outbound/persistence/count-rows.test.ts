import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import Sqlite from 'better-sqlite3'
import { Kysely, SqliteDialect, sql } from 'kysely'
import { countRows, ROWS_IN_PART } from '../../../../src/adapters/outbound/persistence/count-rows.ts'
import { SQL_DIALECTS } from '../../../../src/adapters/outbound/persistence/sql-dialect.ts'
import type { Tables } from '../../../../src/adapters/outbound/persistence/tables.ts'

const dialect = SQL_DIALECTS.sqlite3

describe('the rows of a table', () => {
  let raw: Sqlite.Database
  let db: Kysely<Tables>

  beforeEach(() => {
    raw = new Sqlite(':memory:')
    db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: raw }) })
    raw.exec('create table torrents (id integer primary key, info_hash text, completed integer)')
  })

  afterEach(() => db.destroy())

  /** Ids from `first` on; every third row is unreadable, every second one has a completed download. */
  function fill(first: number, count: number): void {
    const insert = raw.prepare('insert into torrents values (?, ?, ?)')
    raw.transaction(() => {
      for (let n = 0; n < count; n++) insert.run(first + n, n % 3 === 0 ? 'x' : 'a'.repeat(40), n % 2)
    })()
  }

  const isReadable = dialect.isInfoHash(sql.ref<string>('info_hash'))

  it.each([0, 1, ROWS_IN_PART - 1, ROWS_IN_PART, ROWS_IN_PART + 1, 2 * ROWS_IN_PART])('are counted: %i', async (n) => {
    fill(-3, n)
    expect(await countRows(db, dialect, { table: 'torrents' })).toEqual({ rows: n, unreadable: 0 })
    expect(await countRows(db, dialect, { table: 'torrents', isReadable })).toEqual({
      rows: n,
      unreadable: Math.ceil(n / 3),
    })
  })

  it('are counted if they match', async () => {
    fill(1, 60)
    const where = sql`completed > 0`
    expect(await countRows(db, dialect, { table: 'torrents', where, isReadable })).toEqual({ rows: 30, unreadable: 10 })
  })

  it('are counted in parts, with a turn of the event loop after each', async () => {
    fill(1, 5 * ROWS_IN_PART)
    let turns = 0
    let isOver = false
    const count = (): void => {
      turns++
      if (!isOver) setImmediate(count)
    }
    setImmediate(count)
    await countRows(db, dialect, { table: 'torrents' })
    isOver = true
    expect(turns).toBeGreaterThanOrEqual(5)
  })
})
