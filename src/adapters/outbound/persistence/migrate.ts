// Runs the migrations that a database has not seen yet, one process at a time.

import { Migrator } from 'kysely/migration'
import { migrations } from './migrations.ts'
import type { SqlDialect } from './sql-dialect.ts'
import { type KyselyDatabase, MIGRATION_LOCK_TABLE, MIGRATION_TABLE } from './tables.ts'

/** Resolves with the names of those that were run. */
export async function migrate(
  db: KyselyDatabase,
  dialect: SqlDialect,
  schema: string | undefined,
): Promise<readonly string[]> {
  const { migrationLock } = dialect
  if (migrationLock === undefined) return migrateOn(db, dialect, schema)
  return db.transaction().execute(async (transaction) => {
    await migrationLock.execute(transaction)
    return migrateOn(transaction, dialect, schema)
  })
}

async function migrateOn(
  db: KyselyDatabase,
  dialect: SqlDialect,
  schema: string | undefined,
): Promise<readonly string[]> {
  const ownMigrations = migrations(dialect)
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ownMigrations },
    migrationTableName: MIGRATION_TABLE,
    migrationLockTableName: MIGRATION_LOCK_TABLE,
    ...(schema === undefined ? {} : { migrationTableSchema: schema }),
  })
  const { error, results = [] } = await migrator.migrateToLatest()
  if (error !== undefined) throw error
  return results.map(({ migrationName }) => migrationName)
}
