// Inserts rows that were missing when last checked, and finds out which of them others have inserted since.

import { type InsertObject, sql, type Transaction } from 'kysely'
import type { SqlDialect } from './sql-dialect.ts'
import type { Tables } from './tables.ts'

type Table = 'whitelist' | 'blocklist'
type Row = InsertObject<Tables, Table>

/** Info hashes of the rows that were inserted. */
export async function insertMissing(
  transaction: Transaction<Tables>,
  dialect: SqlDialect,
  table: Table,
  rows: readonly Row[],
): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set()
  if (!dialect.hasReturning) return insertAndCount(transaction, table, rows)
  const inserted = await transaction
    .insertInto(table)
    .values(rows)
    .onConflict((conflict) => conflict.column('info_hash').doNothing())
    .returning('info_hash')
    .execute()
  return new Set(inserted.map((row) => row.info_hash))
}

/** MySQL reports how many rows were new, not which; unless all of them were, they are inserted one by one. */
async function insertAndCount(
  transaction: Transaction<Tables>,
  table: Table,
  rows: readonly Row[],
): Promise<ReadonlySet<string>> {
  const insert = async (some: readonly Row[]): Promise<number> => {
    const { numInsertedOrUpdatedRows } = await transaction.insertInto(table).ignore().values(some).executeTakeFirst()
    return Number(numInsertedOrUpdatedRows ?? 0)
  }
  await sql`savepoint before_rows`.execute(transaction)
  if ((await insert(rows)) === rows.length) return new Set(rows.map((row) => String(row.info_hash)))
  await sql`rollback to savepoint before_rows`.execute(transaction)
  const inserted = new Set<string>()
  for (const row of rows) if ((await insert([row])) === 1) inserted.add(String(row.info_hash))
  return inserted
}
