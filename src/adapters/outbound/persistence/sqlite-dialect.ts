// SQLite through better-sqlite3, which works on the thread that calls it.

import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { CompiledQuery, type DatabaseConnection, type Driver, SqliteDialect, SqliteDriver } from 'kysely'
import type { ConnectionPurpose, SqliteOptions } from './database-options.ts'

/** While the file is opened, for another program that writes it; nobody is served yet. */
const OPENING_MILLISECONDS = 5000
/**
 * Transactions take the right to write when they begin: one that asks later may find that others have written since.
 */
class ImmediateDriver extends SqliteDriver {
  readonly #database: Sqlite.Database

  constructor(database: Sqlite.Database) {
    super({ database })
    this.#database = database
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  /** A disk that is full, or fails, may have ended the transaction already; its error is the one to be told. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.inTransaction) await super.rollbackTransaction(connection)
  }
}

class ImmediateDialect extends SqliteDialect {
  readonly #database: Sqlite.Database

  constructor(database: Sqlite.Database) {
    super({ database })
    this.#database = database
  }

  override createDriver(): Driver {
    return new ImmediateDriver(this.#database)
  }
}

/** Opens the file; makes it, for owner and group, and its folders when they are not there. */
export async function sqliteDialect({ path }: SqliteOptions, purpose: ConnectionPurpose): Promise<SqliteDialect> {
  await mkdir(dirname(path), { recursive: true, mode: 0o750 })
  await (await open(path, 'a', 0o640)).close()
  const database = new Sqlite(path, { timeout: OPENING_MILLISECONDS })
  try {
    database.pragma('journal_mode = WAL')
    // What was acknowledged is on the disk.
    database.pragma('synchronous = FULL')
    database.pragma('foreign_keys = ON')
    // Pages of an import stay in memory until it is committed, instead of going to the file and back.
    database.pragma('cache_size = -65536')
    // Waiting in here for another program that writes would hold up the event loop; sessions come again instead.
    if (purpose === 'serving') database.pragma('busy_timeout = 0')
  } catch (error) {
    database.close()
    throw error
  }
  return new ImmediateDialect(database)
}
