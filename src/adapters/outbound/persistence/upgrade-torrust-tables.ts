// Upgrades tables of an older Torrust in place to the newest Torrust's schema. Done at each opening, because an old
// Torrust may have used the database in between; when nothing is outdated, nothing is written.

import { sql } from 'kysely'
import type { FoundStructure } from './database-structure.ts'
import type { SqlDialect } from './sql-dialect.ts'
import type { KyselyDatabase } from './tables.ts'

const COUNTS = [
  ['torrents', 'completed'],
  ['torrent_aggregate_metrics', 'value'],
] as const

/** Returns the changes, one line each. */
export async function bringUpToDate(
  db: KyselyDatabase,
  dialect: SqlDialect,
  found: FoundStructure,
): Promise<readonly string[]> {
  const done: string[] = []
  const expiry = found.tables.get('keys')?.get('valid_until')
  if (expiry !== undefined && (!expiry.isNullable || expiry.dataType === dialect.narrowNumber)) {
    await db.transaction().execute(async (transaction) => {
      for (const statement of dialect.letKeysLastForEver) await statement.execute(transaction)
    })
    done.push('keys.valid_until now allows keys that never expire')
  }
  for (const [table, column] of COUNTS) {
    const type = found.tables.get(table)?.get(column)?.dataType
    if (type === undefined || type !== dialect.narrowNumber) continue
    await dialect.widenCount(table, column).execute(db)
    done.push(`${table}.${column} now has 64 bits`)
  }
  if (found.ownMigrations.length > 0) return done
  for (const table of ['whitelist', 'torrents'] as const) {
    const rows = found.tables.has(table) ? await writeInLowerCase(db, dialect, table) : 0
    if (rows > 0) done.push(`${rows} info hashes of ${table} were converted to lower case`)
  }
  return done
}

/** Skips a hash that already exists in lower case; of several spellings without one, only the first is converted. */
async function writeInLowerCase(
  db: KyselyDatabase,
  dialect: SqlDialect,
  table: 'whitelist' | 'torrents',
): Promise<number> {
  const hash = sql.ref('info_hash')
  const twins = sql`(select info_hash from (select info_hash from ${sql.table(table)}) as twins)`
  const isAlone = sql`(lower(${hash}) = ${hash} or lower(${hash}) not in ${twins})`
  const firsts = sql`(select id from (select min(id) as id from ${sql.table(table)} group by lower(${hash})) as firsts)`
  const { numAffectedRows } = await sql`
    update ${sql.table(table)} set info_hash = lower(${hash})
    where ${dialect.exactly(hash)} <> ${dialect.exactly(sql`lower(${hash})`)} and ${isAlone} and id in ${firsts}`.execute(
    db,
  )
  return Number(numAffectedRows ?? 0)
}
