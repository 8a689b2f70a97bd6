// Inspects a database before anything is changed: whose it is, which of Torrust's migrations were applied, and whether
// its tables have the expected columns. Torrust's history is read and never written.

import { type ColumnMetadata, sql } from 'kysely'
import type { SqlDialect } from './sql-dialect.ts'
import { type KyselyDatabase, MIGRATION_TABLE, OWN_COLUMNS, TORRUST_COLUMNS } from './tables.ts'

const HISTORY_TABLE = '_sqlx_migrations'

/** Torrust's migrations in order, and the tables that each one creates. */
const TORRUST_MIGRATIONS: readonly (readonly [version: number, tables: readonly string[]])[] = [
  [20240730183000, ['whitelist', 'torrents', 'keys']],
  [20240730183500, []],
  [20250527093000, ['torrent_aggregate_metrics']],
  [20260409120000, []],
]

type Columns = ReadonlyMap<string, ColumnMetadata>

export interface FoundStructure {
  readonly tables: ReadonlyMap<string, Columns>
  /** Undefined without that table. */
  readonly torrustMigrations: readonly { readonly version: number; readonly isDone: boolean }[] | undefined
  /** Names of our own migrations that were applied before. */
  readonly ownMigrations: readonly string[]
  readonly schema: string | undefined
}

export type DatabaseOrigin = 'fresh' | 'muster' | 'torrust' | 'torrust-without-history'

export async function lookAround(db: KyselyDatabase, dialect: SqlDialect): Promise<FoundStructure> {
  const schema = await currentSchema(db, dialect)
  const metadata = await db.introspection.getTables({ withInternalKyselyTables: true })
  const tables = new Map<string, Columns>()
  for (const table of metadata) {
    if (schema !== undefined && table.schema !== schema) continue
    tables.set(table.name, new Map(table.columns.map((column) => [column.name, column])))
  }
  return { tables, schema, ...(await histories(db, tables)) }
}

async function currentSchema(db: KyselyDatabase, { currentSchema }: SqlDialect): Promise<string | undefined> {
  if (currentSchema === undefined) return undefined
  const { rows } = await sql<{ name: string | null }>`${currentSchema}`.execute(db)
  return rows[0]?.name ?? undefined
}

async function histories(
  db: KyselyDatabase,
  tables: ReadonlyMap<string, Columns>,
): Promise<Pick<FoundStructure, 'torrustMigrations' | 'ownMigrations'>> {
  const own = tables.has(MIGRATION_TABLE)
    ? await sql<{ name: string }>`select name from ${sql.table(MIGRATION_TABLE)}`.execute(db)
    : { rows: [] }
  const ownMigrations = own.rows.map(({ name }) => name)
  if (!tables.has(HISTORY_TABLE)) return { torrustMigrations: undefined, ownMigrations }
  const { rows } = await sql<{ version: unknown; success: unknown }>`
    select version, success from ${sql.table(HISTORY_TABLE)} order by version`.execute(db)
  const torrustMigrations = rows.map(({ version, success }) => ({ version: Number(version), isDone: Boolean(success) }))
  return { torrustMigrations, ownMigrations }
}

export function databaseOrigin({ tables, torrustMigrations, ownMigrations }: FoundStructure): DatabaseOrigin {
  if (ownMigrations.length > 0) return 'muster'
  if (torrustMigrations !== undefined) return 'torrust'
  return Object.keys(TORRUST_COLUMNS).some((table) => tables.has(table)) ? 'torrust-without-history' : 'fresh'
}

/** Migrations applied by Torrust that are not listed here: it is newer, or modified. */
export function unknownMigrations({ torrustMigrations = [] }: FoundStructure): readonly number[] {
  return torrustMigrations
    .map(({ version }) => version)
    .filter((version) => !TORRUST_MIGRATIONS.some(([known]) => known === version))
}

/** Why this database cannot be used, in a sentence that names the problem; undefined when it can. */
export function findProblem(found: FoundStructure, knownMigrations: readonly string[]): string | undefined {
  return findOwnHistoryProblem(found, knownMigrations) ?? findTorrustHistoryProblem(found) ?? findTableProblem(found)
}

function findOwnHistoryProblem(
  { tables, ownMigrations }: FoundStructure,
  known: readonly string[],
): string | undefined {
  const newer = ownMigrations.find((name) => !known.includes(name))
  if (newer !== undefined) return `a newer Muster has changed it (${newer})`
  if (ownMigrations.length < known.length) return undefined
  const missing = Object.keys({ ...TORRUST_COLUMNS, ...OWN_COLUMNS }).find((table) => !tables.has(table))
  return missing && `according to ${MIGRATION_TABLE} it has a table ${missing}, but that table is missing`
}

function findTorrustHistoryProblem({ tables, torrustMigrations }: FoundStructure): string | undefined {
  if (torrustMigrations === undefined) return undefined
  const failed = torrustMigrations.find(({ isDone }) => !isDone)
  if (failed !== undefined) {
    return `Torrust's migration ${failed.version} was started but did not succeed; let Torrust finish it first`
  }
  const isDone = TORRUST_MIGRATIONS.map(([version]) => torrustMigrations.some((done) => done.version === version))
  const hole = isDone.indexOf(false)
  const beyond = hole < 0 ? -1 : isDone.indexOf(true, hole)
  if (beyond >= 0) {
    const [after, before] = [TORRUST_MIGRATIONS[beyond]?.[0], TORRUST_MIGRATIONS[hole]?.[0]]
    return `Torrust's migration ${after} was applied without ${before} before it`
  }
  for (const [at, [version, made]] of TORRUST_MIGRATIONS.entries()) {
    const missing = isDone[at] ? made.find((table) => !tables.has(table)) : undefined
    if (missing !== undefined) {
      return `Torrust's migration ${version} created a table ${missing}, which is missing`
    }
  }
  return undefined
}

function findTableProblem({ tables }: FoundStructure): string | undefined {
  for (const [table, wanted] of Object.entries({ ...TORRUST_COLUMNS, ...OWN_COLUMNS })) {
    const columns = tables.get(table)
    if (columns === undefined) continue
    const whose = Object.hasOwn(OWN_COLUMNS, table) ? "Muster's" : "Torrust's"
    const missing = wanted.find((name) => !columns.has(name))
    if (missing !== undefined) return `its table ${table} has no column ${missing}, so it is not ${whose}`
    const foreign = [...columns.values()].find((column) => !isKnown(wanted, column.name) && mustBeFilled(column))
    if (foreign !== undefined) {
      return `its table ${table} requires a value for its column ${foreign.name}, and Muster has none`
    }
  }
  return undefined
}

/** Whether every table and column exists. */
export function isComplete({ tables }: FoundStructure): boolean {
  return Object.entries({ ...TORRUST_COLUMNS, ...OWN_COLUMNS }).every(([table, wanted]) => {
    const columns = tables.get(table)
    return columns !== undefined && wanted.every((name) => columns.has(name))
  })
}

/** Recreating a table would lose columns added by others. */
export function findRebuildProblem({ tables }: FoundStructure, dialect: SqlDialect): string | undefined {
  const columns = tables.get('keys')
  if (dialect.canChangeColumns || columns?.get('valid_until')?.isNullable !== false) return undefined
  const foreign = [...columns.keys()].find((name) => !isKnown(TORRUST_COLUMNS.keys, name))
  return foreign && `its table keys is outdated and must be recreated, which would lose its column ${foreign}`
}

function isKnown(wanted: readonly string[], column: string): boolean {
  return wanted.includes(column)
}

function mustBeFilled({ isNullable, hasDefaultValue, isAutoIncrementing }: ColumnMetadata): boolean {
  return !isNullable && !hasDefaultValue && !isAutoIncrementing
}
