// Adopts a database: brings it from the state in which it is found to one that the stores can use, and reports what was
// found and done.

import { sql } from 'kysely'
import { countRows } from './count-rows.ts'
import { DatabaseOpenError } from './database-open-error.ts'
import {
  type DatabaseOrigin,
  databaseOrigin,
  type FoundStructure,
  findProblem,
  findRebuildProblem,
  isComplete,
  lookAround,
  unknownMigrations,
} from './database-structure.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations.ts'
import type { SqlDialect } from './sql-dialect.ts'
import type { KyselyDatabase } from './tables.ts'
import { type ColumnName, findDuplicateProblem, makeUnique, notUnique } from './unique-columns.ts'
import { bringUpToDate } from './upgrade-torrust-tables.ts'

interface RowCounts {
  readonly whitelist: number
  readonly blocklist: number
  readonly keys: number
  /** With at least one completed download. */
  readonly torrents: number
}

/** What was found and done, for the log. */
export interface Adoption {
  /**
   * `torrust`: with the history of its migrations; `torrust-without-history`: from before Torrust kept one; `muster`:
   * opened by Muster before.
   */
  readonly origin: DatabaseOrigin
  /** Versions of Torrust's migrations that were applied but are not known here. */
  readonly unknownMigrations: readonly number[]
  /** Changes to existing tables, one line each. */
  readonly changes: readonly string[]
  /** Names of our own migrations that were applied now. */
  readonly migrations: readonly string[]
  /** Rows, including unreadable ones. */
  readonly rows: RowCounts
  /** Rows whose info hash or key is invalid. They are left in place and skipped. */
  readonly unreadable: RowCounts
}

/** `database` is its description. Rejects with `DatabaseOpenError` when the database is foreign or damaged. */
export async function adoptDatabase(db: KyselyDatabase, dialect: SqlDialect, database: string): Promise<Adoption> {
  const { found, repeatable, problem } = await inspect(db, dialect)
  if (problem !== undefined) throw new DatabaseOpenError(database, problem)
  const indexed = await makeUnique(db, repeatable)
  const changes = [...indexed, ...(await bringUpToDate(db, dialect, found))]
  return {
    origin: databaseOrigin(found),
    unknownMigrations: unknownMigrations(found),
    changes,
    migrations: await migrate(db, dialect, found.schema),
    ...(await countTables(db, dialect)),
  }
}

/** Why the database could not be adopted, in a sentence; undefined if it can. Reads only. */
export async function findAdoptionProblem(db: KyselyDatabase, dialect: SqlDialect): Promise<string | undefined> {
  return (await inspect(db, dialect)).problem
}

interface Inspected {
  readonly found: FoundStructure
  /** Columns that are to be unique and are not yet. */
  readonly repeatable: readonly ColumnName[]
  readonly problem: string | undefined
}

async function inspect(db: KyselyDatabase, dialect: SqlDialect): Promise<Inspected> {
  const found = await lookAround(db, dialect)
  const problem = findProblem(found, Object.keys(migrations(dialect))) ?? findRebuildProblem(found, dialect)
  if (problem !== undefined) return { found, repeatable: [], problem }
  const repeatable = await notUnique(db, dialect, found)
  return { found, repeatable, problem: await findDuplicateProblem(db, repeatable) }
}

/** Whether every table that the stores need is still as it was adopted. */
export async function isIntact(db: KyselyDatabase, dialect: SqlDialect): Promise<boolean> {
  const found = await lookAround(db, dialect)
  return isComplete(found) && (await notUnique(db, dialect, found)).length === 0
}

async function countTables(db: KyselyDatabase, dialect: SqlDialect): Promise<Pick<Adoption, 'rows' | 'unreadable'>> {
  const isReadable = dialect.isInfoHash(sql.ref<string>('info_hash'))
  const isKey = dialect.isKey(sql.ref<string>('key'))
  const whitelist = await countRows(db, dialect, { table: 'whitelist', isReadable })
  const blocklist = await countRows(db, dialect, { table: 'blocklist', isReadable })
  const keys = await countRows(db, dialect, { table: 'keys', isReadable: isKey })
  const torrents = await countRows(db, dialect, { table: 'torrents', where: sql`completed > 0`, isReadable })
  return {
    rows: { whitelist: whitelist.rows, blocklist: blocklist.rows, keys: keys.rows, torrents: torrents.rows },
    unreadable: {
      whitelist: whitelist.unreadable,
      blocklist: blocklist.unreadable,
      keys: keys.unreadable,
      torrents: torrents.unreadable,
    },
  }
}
