// Columns whose values must be unique: inserts and updates rely on it. Torrust's tables have an index for that, but it
// may be missing after manual changes or when rows were copied into tables created by other means.

import { sql } from 'kysely'
import type { FoundStructure } from './database-structure.ts'
import type { SqlDialect } from './sql-dialect.ts'
import type { KyselyDatabase } from './tables.ts'

const UNIQUE_COLUMNS = [
  ['whitelist', 'info_hash'],
  ['blocklist', 'info_hash'],
  ['torrents', 'info_hash'],
  ['keys', 'key'],
  ['torrent_aggregate_metrics', 'metric_name'],
] as const

export type ColumnName = (typeof UNIQUE_COLUMNS)[number]

/** Columns of existing tables that have no unique index. */
export async function notUnique(
  db: KyselyDatabase,
  dialect: SqlDialect,
  { tables }: FoundStructure,
): Promise<readonly ColumnName[]> {
  const found: ColumnName[] = []
  for (const name of UNIQUE_COLUMNS) {
    const [table, column] = name
    if (!tables.has(table)) continue
    const { rows } = await dialect.uniqueIndex(table, column).execute(db)
    if (rows.length === 0) found.push(name)
  }
  return found
}

/** Why these cannot be made unique, in a sentence; undefined when they can. */
export async function findDuplicateProblem(
  db: KyselyDatabase,
  columns: readonly ColumnName[],
): Promise<string | undefined> {
  for (const [table, column] of columns) {
    const name = sql.ref(column)
    const { rows } = await sql`select 1 from ${sql.table(table)} where ${name} is not null
      group by ${name} having count(*) > 1 limit 1`.execute(db)
    if (rows.length > 0) return `its table ${table} has several rows with the same ${column}; keep only one of each`
  }
  return undefined
}

/** Returns the changes, one line each. */
export async function makeUnique(db: KyselyDatabase, columns: readonly ColumnName[]): Promise<readonly string[]> {
  for (const [table, column] of columns) {
    const index = sql.ref(`muster_${table}_${column}`)
    await sql`create unique index ${index} on ${sql.table(table)} (${sql.ref(column)})`.execute(db)
  }
  return columns.map(([table, column]) => `${table}.${column} now has a unique index`)
}
