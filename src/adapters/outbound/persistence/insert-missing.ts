// Inserts rows unless they exist, and finds out which ones were new: others may insert the same ones meanwhile.

import { type InsertObject, sql } from 'kysely'
import type { SqlDialect } from './sql-dialect.ts'
import type { KyselyDatabase, Tables } from './tables.ts'

type Table = 'whitelist' | 'blocklist' | 'keys'
type Row = InsertObject<Tables, Table>

export interface MissingRows {
  readonly table: Table
  /** Its values are unique. */
  readonly column: 'info_hash' | 'key'
  readonly rows: readonly Row[]
}

/** Values of the column in the rows that were inserted. */
export async function insertMissing(
  transaction: KyselyDatabase,
  dialect: SqlDialect,
  missing: MissingRows,
): Promise<ReadonlySet<string>> {
  const { table, column, rows } = missing
  if (rows.length === 0) return new Set()
  if (!dialect.hasReturning) return insertAndCount(transaction, missing)
  const inserted = await transaction
    .insertInto(table)
    .values(rows)
    .onConflict((conflict) => conflict.expression(sql.ref(column)).doNothing())
    .returning(sql<string>`${sql.ref(column)}`.as('value'))
    .execute()
  return new Set(inserted.map(({ value }) => value))
}

/** MySQL reports how many rows were new, not which; unless all of them were, they are inserted one by one. */
async function insertAndCount(
  transaction: KyselyDatabase,
  { table, column, rows }: MissingRows,
): Promise<ReadonlySet<string>> {
  const insert = async (some: readonly Row[]): Promise<number> => {
    const { numInsertedOrUpdatedRows } = await transaction.insertInto(table).ignore().values(some).executeTakeFirst()
    return Number(numInsertedOrUpdatedRows ?? 0)
  }
  const valueIn = (row: Row): string => String((row as Readonly<Record<string, unknown>>)[column])
  await sql`savepoint before_rows`.execute(transaction)
  if ((await insert(rows)) === rows.length) return new Set(rows.map(valueIn))
  await sql`rollback to savepoint before_rows`.execute(transaction)
  const inserted = new Set<string>()
  for (const row of rows) if ((await insert([row])) === 1) inserted.add(valueIn(row))
  return inserted
}
