// The rows of a site from a dump of its database, read once from beginning to end.

import { type CliEnvironment, CommandFailure } from '../../cli-environment.ts'
import { readInput } from '../../input.ts'
import type { SourceRow } from '../source-row.ts'
import { type DumpRow, DumpStatements } from '../sql-dump/dump-statements.ts'
import { SqlTokens } from '../sql-dump/sql-tokens.ts'
import type { SiteTable } from './site.ts'

export async function* dumpRows(
  path: string,
  tables: readonly SiteTable[],
  environment: CliEnvironment,
): AsyncGenerator<SourceRow> {
  const statements = new DumpStatements(new Set(tables.map(({ name }) => name)))
  const tokens = new SqlTokens(statements)
  const reader = new RowReader(tables)
  let isFirst = true
  for await (const piece of readInput(path, environment)) {
    if (isFirst && piece[0] === 0x1f && piece[1] === 0x8b) throw compressed(path)
    isFirst = false
    tokens.push(piece)
    yield* reader.readAll(statements.rows)
    statements.rows = []
  }
  tokens.end()
  yield* reader.readAll(statements.rows)
  const [unknown] = statements.unknown
  if (unknown !== undefined) {
    throw new CommandFailure(
      `The dump has rows of ${unknown}, but no CREATE TABLE for it: dump without --no-create-info, or with --complete-insert.`,
    )
  }
  if (tokens.isOpen || statements.isOpen)
    throw new CommandFailure('The dump ends in the middle of a statement: it is incomplete.')
  reader.failIfNoTable()
}

function compressed(path: string): CommandFailure {
  return new CommandFailure(
    `${path} is compressed: unpack it on the way, such as with zcat ${path} | muster import ... -`,
  )
}

class RowReader {
  readonly #tables: ReadonlyMap<string, SiteTable>
  readonly #counts = new Map<string, number>()

  constructor(tables: readonly SiteTable[]) {
    this.#tables = new Map(tables.map((table) => [table.name, table]))
  }

  *readAll(rows: readonly DumpRow[]): Generator<SourceRow> {
    for (const { table: name, values, line } of rows) {
      const count = (this.#counts.get(name) ?? 0) + 1
      this.#counts.set(name, count)
      const at = `row ${count} of ${name} (line ${line})`
      const row = this.#read(name, values, at)
      if (row !== undefined) yield row
    }
  }

  failIfNoTable(): void {
    if (this.#counts.size > 0) return
    throw new CommandFailure(
      `The dump has no rows of ${[...this.#tables.keys()].join(', ')}: is it a dump of this system?`,
    )
  }

  #read(name: string, values: DumpRow['values'], at: string): SourceRow | undefined {
    const table = this.#tables.get(name)
    const missing = table?.columns.find((column) => !values.has(column))
    if (missing !== undefined) return { kind: 'bad', at, message: `has no value of ${missing}` }
    return table?.read(values, at)
  }
}
