// The rows of a site from its database server, table by table. Nothing is written there.

import { errorMessage } from '../../../../domain/error-message.ts'
import { visible } from '../../cell.ts'
import { CommandFailure, type ForeignTables } from '../../cli-environment.ts'
import type { SourceRow } from '../source-row.ts'
import type { SiteTable } from './site.ts'

/** Closes `database` at the end. */
export async function* databaseRows(database: ForeignTables, tables: readonly SiteTable[]): AsyncGenerator<SourceRow> {
  let found = 0
  try {
    for (const table of tables) {
      const existing = await columnsOf(database, table.name)
      if (existing.length === 0) continue
      const missing = table.columns.find((column) => !existing.includes(column))
      if (missing !== undefined)
        throw new CommandFailure(`The table ${table.name} has no column ${missing}: is it of this system?`)
      found++
      yield* tableRows(database, table, existing)
    }
  } finally {
    await database.close()
  }
  if (found > 0) return
  throw new CommandFailure(
    `The database has no table ${tables.map(({ name }) => name).join(', ')}: is it of this system?`,
  )
}

async function columnsOf(database: ForeignTables, table: string): Promise<readonly string[]> {
  try {
    return await database.columnsOf(table)
  } catch (error) {
    throw failureOf(table, error)
  }
}

async function* valuesOf(database: ForeignTables, table: string, columns: readonly string[]) {
  try {
    yield* database.rows(table, columns)
  } catch (error) {
    throw failureOf(table, error)
  }
}

/** A connection that was lost, a right that is missing: what has been read before is good. */
function failureOf(table: string, error: unknown): CommandFailure {
  return new CommandFailure(`The table ${table} cannot be read from the database: ${visible(errorMessage(error))}.`)
}

async function* tableRows(
  database: ForeignTables,
  table: SiteTable,
  existing: readonly string[],
): AsyncGenerator<SourceRow> {
  const columns = [...table.columns, ...table.optionalColumns.filter((column) => existing.includes(column))]
  let count = 0
  for await (const values of valuesOf(database, table.name, columns)) {
    const row = table.read(
      new Map(columns.map((column, at) => [column, values[at]])),
      `row ${++count} of ${table.name}`,
    )
    if (row !== undefined) yield row
  }
}
