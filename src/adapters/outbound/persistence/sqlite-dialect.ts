// SQLite via better-sqlite3, which works on the calling thread.

import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { CompiledQuery, type DatabaseConnection, type Driver, SqliteDialect, SqliteDriver } from 'kysely'
import { makeFolders } from '../make-folders.ts'
import type { ConnectionPurpose, SqliteOptions } from './database-options.ts'

/** How long to wait for another program's writes while opening the file; no requests are served yet. */
const OPENING_MILLISECONDS = 5000
/** Transactions take the write lock when they begin: taking it later may fail because others have written since. */
class ImmediateDriver extends SqliteDriver {
  readonly #database: Sqlite.Database

  constructor(database: Sqlite.Database) {
    super({ database })
    this.#database = database
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  /** A full or failing disk may have ended the transaction already; that error is the one to report. */
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

/** Opens the file. Unless it is only examined, it is created, for owner and group only, with its folders. */
export async function sqliteDialect(
  { path, timeoutMilliseconds: timeout = OPENING_MILLISECONDS }: SqliteOptions,
  purpose: ConnectionPurpose,
): Promise<SqliteDialect> {
  if (purpose === 'examining')
    return new SqliteDialect({ database: new Sqlite(path, { fileMustExist: true, timeout }) })
  makeFolders(dirname(path), 0o750)
  await (await open(path, 'a', 0o640)).close()
  const database = new Sqlite(path, { timeout: OPENING_MILLISECONDS })
  try {
    database.pragma('journal_mode = WAL')
    // Acknowledged writes are on disk.
    database.pragma('synchronous = FULL')
    database.pragma('foreign_keys = ON')
    // Keeps the pages of an import in memory until it is committed, instead of spilling them to the file.
    database.pragma('cache_size = -65536')
    // Waiting here for another program's writes would block the event loop; sessions retry instead.
    if (purpose === 'serving') database.pragma('busy_timeout = 0')
  } catch (error) {
    database.close()
    throw error
  }
  return new ImmediateDialect(database)
}
