// Adopts a database: from the state in which it is found to one that the stores can work on, and what is to be told about it.

import { sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { bringUpToDate } from './bring-up-to-date.ts'
import { CannotOpen } from './cannot-open.ts'
import type { DialectFacts } from './dialect-facts.ts'
import {
  lookAround,
  type Origin,
  objectionTo,
  objectionToRebuilding,
  originOf,
  unknownMigrations,
} from './found-structure.ts'
import { migrations } from './migrations.ts'
import { type KyselyDatabase, MIGRATION_LOCK_TABLE, MIGRATION_TABLE } from './tables.ts'
import { makeUnique, notUnique, objectionToRepeated } from './unique-columns.ts'

interface RowCounts {
  readonly whitelist: number
  readonly blocklist: number
  readonly keys: number
  /** With at least one completed download. */
  readonly torrents: number
}

/** What was found and what was done, for the log. */
export interface Adoption {
  /** `torrust`: with the history of its migrations; `torrust-without-history`: from before it kept one; `muster`: opened before. */
  readonly origin: Origin
  /** Versions of Torrust's migrations that the database has seen and that are not known here. */
  readonly unknownMigrations: readonly number[]
  /** What was changed in tables that were there, a line each. */
  readonly changes: readonly string[]
  /** Names of our own migrations that were done now. */
  readonly migrations: readonly string[]
  /** Rows, the unreadable ones included. */
  readonly rows: RowCounts
  /** Rows whose info hash or key is none. They stay where they are, and are passed over. */
  readonly unreadable: RowCounts
}

/** `database` is its description. Rejects with `CannotOpen` when the database is somebody else's or damaged. */
export async function adoptDatabase(db: KyselyDatabase, facts: DialectFacts, database: string): Promise<Adoption> {
  const found = await lookAround(db, facts)
  const ours = migrations(facts)
  const objection = objectionTo(found, Object.keys(ours)) ?? objectionToRebuilding(found, facts)
  if (objection !== undefined) throw new CannotOpen(database, objection)
  const repeatable = await notUnique(db, facts, found)
  const repeated = await objectionToRepeated(db, repeatable)
  if (repeated !== undefined) throw new CannotOpen(database, repeated)
  const indexed = await makeUnique(db, repeatable)
  const changes = [...indexed, ...(await bringUpToDate(db, facts, found))]
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ours },
    migrationTableName: MIGRATION_TABLE,
    migrationLockTableName: MIGRATION_LOCK_TABLE,
    ...(found.schema === undefined ? {} : { migrationTableSchema: found.schema }),
  })
  const { error, results = [] } = await migrator.migrateToLatest()
  if (error !== undefined) throw error
  return {
    origin: originOf(found),
    unknownMigrations: unknownMigrations(found),
    changes,
    migrations: results.map(({ migrationName }) => migrationName),
    ...(await countRows(db, facts)),
  }
}

async function countRows(db: KyselyDatabase, facts: DialectFacts): Promise<Pick<Adoption, 'rows' | 'unreadable'>> {
  const hash = sql.ref<string>('info_hash')
  const key = sql.ref<string>('key')
  const whitelist = await countTable(db.selectFrom('whitelist').select(tally(facts.isInfoHash(hash))))
  const blocklist = await countTable(db.selectFrom('blocklist').select(tally(facts.isInfoHash(hash))))
  const keys = await countTable(db.selectFrom('keys').select(tally(facts.isKey(key))))
  const torrents = await countTable(
    db
      .selectFrom('torrents')
      .where('completed', '>', 0)
      .select(tally(facts.isInfoHash(hash))),
  )
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

interface Tally {
  readonly rows: unknown
  readonly readable: unknown
}

const tally = (isReadable: ReturnType<DialectFacts['isKey']>) =>
  [
    sql<unknown>`count(*)`.as('rows'),
    sql<unknown>`sum(case when ${isReadable} then 1 else 0 end)`.as('readable'),
  ] as const

async function countTable(query: {
  executeTakeFirstOrThrow(): Promise<Tally>
}): Promise<{ rows: number; unreadable: number }> {
  const { rows, readable } = await query.executeTakeFirstOrThrow()
  return { rows: Number(rows), unreadable: Number(rows) - Number(readable ?? 0) }
}
