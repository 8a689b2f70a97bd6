// The schema: missing tables are created in their newest form. The names of these migrations are stored in databases
// and never change.

import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import type { SqlDialect } from './sql-dialect.ts'
import type { Tables } from './tables.ts'

export function migrations(dialect: SqlDialect): Record<string, Migration> {
  return {
    '0001-torrust-tables': { up: (db) => makeTorrustTables(db, dialect) },
    '0002-muster-tables': { up: (db) => makeOwnTables(db, dialect) },
    '0003-notes': { up: (db) => makeNoteTables(db, dialect) },
    '0004-bans': { up: (db) => makeBanTable(db, dialect) },
  }
}

type Column = readonly [name: string, type: RawBuilder<unknown>]

/** Torrust's columns in its order: one of its own migrations copies `keys` without naming them. */
async function makeTorrustTables(db: Kysely<Tables>, dialect: SqlDialect): Promise<void> {
  const { id, infoHash, key, metricName, wholeNumber } = dialect
  const count = sql`${wholeNumber} not null default 0`
  await makeTable(db, 'whitelist', [
    ['id', id],
    ['info_hash', unique(infoHash)],
  ])
  await makeTable(db, 'torrents', [
    ['id', id],
    ['info_hash', unique(infoHash)],
    ['completed', count],
  ])
  await makeTable(db, 'keys', [
    ['id', id],
    ['key', unique(key)],
    ['valid_until', sql`${wholeNumber} null`],
  ])
  await makeTable(db, 'torrent_aggregate_metrics', [
    ['id', id],
    ['metric_name', unique(metricName)],
    ['value', count],
  ])
}

async function makeOwnTables(db: Kysely<Tables>, dialect: SqlDialect): Promise<void> {
  const { wideId, infoHash, freeText: sentence, wholeNumber } = dialect
  await makeTable(db, 'blocklist', [
    ['id', wideId],
    ['info_hash', unique(infoHash)],
    ['reason', sql`${sentence} null`],
    ['added_at', sql`${wholeNumber} not null`],
  ])
  await makeTable(db, 'muster_flushes', [
    ['id', sql`integer not null primary key`],
    ['last_batch', sql`${wholeNumber} not null`],
  ])
  const isThere = await db.selectFrom('muster_flushes').select('id').executeTakeFirst()
  if (isThere === undefined) await db.insertInto('muster_flushes').values({ id: 1, last_batch: 0 }).execute()
}

async function makeNoteTables(db: Kysely<Tables>, dialect: SqlDialect): Promise<void> {
  const { infoHash: subject, freeText, wholeNumber } = dialect
  for (const table of ['muster_key_notes', 'muster_whitelist_notes']) {
    await makeTable(db, table, [
      ['id', sql`${wholeNumber} not null primary key`],
      ['subject', sql`${subject} not null`],
      ['note', sql`${freeText} null`],
      ['added_at', sql`${wholeNumber} null`],
    ])
  }
}

async function makeBanTable(db: Kysely<Tables>, dialect: SqlDialect): Promise<void> {
  const { wideId, metricName: shortText, freeText, wholeNumber } = dialect
  await makeTable(db, 'muster_bans', [
    ['id', wideId],
    ['network', unique(shortText)],
    ['prefix', unique(shortText)],
    ['reason', sql`${freeText} null`],
    ['expires_at', sql`${wholeNumber} null`],
    ['added_at', sql`${wholeNumber} not null`],
  ])
}

function unique(type: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`${type} not null unique`
}

async function makeTable(db: Kysely<Tables>, table: string, columns: readonly Column[]): Promise<void> {
  const definitions = columns.map(([name, type]) => sql`${sql.ref(name)} ${type}`)
  await sql`create table if not exists ${sql.table(table)} (${sql.join(definitions)})`.execute(db)
}
