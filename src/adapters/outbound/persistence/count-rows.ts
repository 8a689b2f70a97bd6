// Counts the rows of a table in parts: SQLite works on the calling thread, and counting millions of rows at once would
// block it for seconds.

import { setImmediate as turn } from 'node:timers/promises'
import { type RawBuilder, sql } from 'kysely'
import type { SqlDialect } from './sql-dialect.ts'
import type { KyselyDatabase } from './tables.ts'

/** Counted between two turns of the event loop. */
export const ROWS_IN_PART = 10_000

export interface CountedTable {
  readonly table: 'whitelist' | 'blocklist' | 'keys' | 'torrents' | 'muster_bans'
  /** Which rows count; undefined: all. */
  readonly where?: RawBuilder<unknown>
  /** Which of them are readable; undefined: all. */
  readonly isReadable?: RawBuilder<unknown>
}

export interface RowCount {
  readonly rows: number
  readonly unreadable: number
}

interface Part {
  readonly last_id: unknown
  readonly scanned: unknown
  readonly counted: unknown
  readonly readable: unknown
}

export async function countRows(
  db: KyselyDatabase,
  { asId }: SqlDialect,
  { table, where = sql`1 = 1`, isReadable = sql`1 = 1` }: CountedTable,
): Promise<RowCount> {
  let counted = 0
  let readable = 0
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const { rows } = await sql<Part>`
      select max(id) as last_id, count(*) as scanned, sum(case when ${where} then 1 else 0 end) as counted,
        sum(case when ${where} and ${isReadable} then 1 else 0 end) as readable
      from (select * from ${sql.table(table)} where id > ${asId(after)}
        order by id limit ${sql.lit(ROWS_IN_PART)}) as part`.execute(db)
    const [part] = rows
    counted += Number(part?.counted ?? 0)
    readable += Number(part?.readable ?? 0)
    const last = Number(part?.last_id ?? after)
    if (Number(part?.scanned ?? 0) < ROWS_IN_PART || last <= after)
      return { rows: counted, unreadable: counted - readable }
    after = last
    await turn()
  }
}
