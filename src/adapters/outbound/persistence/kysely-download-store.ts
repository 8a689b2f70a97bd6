// Completed downloads via Kysely: Torrust's counts per torrent, its total, and the number of our last batch.

import { sql, type Transaction } from 'kysely'
import { readInfoHash } from '../../../domain/info-hash.ts'
import type {
  DownloadCount,
  DownloadStore,
  StoredDownloadCount,
} from '../../../domain/ports/outbound/download-store.ts'
import { inChunks } from './chunks.ts'
import { countRows } from './count-rows.ts'
import { readPage } from './read-page.ts'
import type { Session } from './session.ts'
import { type KyselyDatabase, type Tables, TOTAL_METRIC } from './tables.ts'

interface Row {
  readonly id: number
  readonly info_hash: string
  readonly completed: number
}

export class KyselyDownloadStore implements DownloadStore {
  readonly #session: Session
  readonly #unreadable: number

  /** `unreadable`: rows without a valid info hash; they are kept but not counted. */
  constructor(session: Session, unreadable: number) {
    this.#session = session
    this.#unreadable = unreadable
  }

  add(batch: number, increments: readonly DownloadCount[]): Promise<void> {
    return this.#session.write(async (transaction) => {
      // Locked: the same batch may still be in progress on a connection that broke before it was acknowledged.
      if ((await lastBatch(transaction, this.#session)) >= batch) return
      await inChunks(increments, this.#session.dialect.rowsPerStatement, (chunk) => this.#addCounts(transaction, chunk))
      const sum = increments.reduce((total, { completed }) => total + completed, 0)
      if (sum > 0) await addToTotal(transaction, sum)
      await transaction.updateTable('muster_flushes').set({ last_batch: batch }).where('id', '=', 1).execute()
    })
  }

  lastBatch(): Promise<number> {
    return this.#session.read(lastBatch)
  }

  page(after: number, limit: number): Promise<readonly StoredDownloadCount[]> {
    return this.#session.read((db) =>
      readPage(after, limit, {
        rows: (from, count) => counted(db).selectAll().where('id', '>', from).orderBy('id').limit(count).execute(),
        read: readCount,
      }),
    )
  }

  count(): Promise<number> {
    return this.#session.read(async (db) => {
      const { rows } = await countRows(db, this.#session.dialect, { table: 'torrents', where: sql`completed > 0` })
      return rows - this.#unreadable
    })
  }

  total(): Promise<number> {
    return this.#session.read(totalDownloads)
  }

  /** Existing rows are given by id: an insert that turns into an update would otherwise use up a new id each time. */
  async #addCounts(transaction: Transaction<Tables>, chunk: readonly DownloadCount[]): Promise<void> {
    const { dialect } = this.#session
    const present = await transaction
      .selectFrom('torrents')
      .select(['id', 'info_hash'])
      .where(
        dialect.isIn(
          sql.ref('info_hash'),
          chunk.map(({ infoHash }) => infoHash),
        ),
      )
      .execute()
    const ids = new Map(present.map(({ id, info_hash }) => [info_hash, id]))
    const known: Row[] = []
    const missing: Omit<Row, 'id'>[] = []
    for (const { infoHash, completed } of chunk) {
      const id = ids.get(infoHash)
      if (id === undefined) missing.push({ info_hash: infoHash, completed })
      else known.push({ id, info_hash: infoHash, completed })
    }
    const insert = transaction.insertInto('torrents')
    if (known.length > 0) await insert.values(known).modifyEnd(dialect.adding('torrents', 'completed')).execute()
    if (missing.length > 0) await insert.values(missing).execute()
  }
}

async function lastBatch(db: KyselyDatabase, session?: Session): Promise<number> {
  const query = db.selectFrom('muster_flushes').select('last_batch').where('id', '=', 1)
  const row = await (session === undefined ? query : query.modifyEnd(session.dialect.rowLock)).executeTakeFirstOrThrow()
  return Number(row.last_batch)
}

/** A row with 0 is a torrent that Torrust knows but that has no completed download. */
function counted(db: KyselyDatabase) {
  return db.selectFrom('torrents').where('completed', '>', 0)
}

async function totalDownloads(db: KyselyDatabase): Promise<number> {
  const row = await db
    .selectFrom('torrent_aggregate_metrics')
    .select('value')
    .where('metric_name', '=', TOTAL_METRIC)
    .executeTakeFirst()
  return row === undefined ? await sumOfCounts(db) : Number(row.value)
}

/** The total of a database that has no row for it: Torrust has written one since May 2025. */
async function sumOfCounts(db: KyselyDatabase): Promise<number> {
  const { total } = await db
    .selectFrom('torrents')
    .select((eb) => eb.fn.sum<number | string | null>('completed').as('total'))
    // Others are no info hashes, so Torrust never counted them.
    .where(sql<number>`length(info_hash)`, '=', 40)
    .executeTakeFirstOrThrow()
  return Number(total ?? 0)
}

/** After the counts have been added, so that a missing row begins with the sum of all of them. */
async function addToTotal(transaction: Transaction<Tables>, sum: number): Promise<void> {
  const { numUpdatedRows } = await transaction
    .updateTable('torrent_aggregate_metrics')
    .set((eb) => ({ value: eb('value', '+', sum) }))
    .where('metric_name', '=', TOTAL_METRIC)
    .executeTakeFirst()
  if (numUpdatedRows > 0n) return
  const value = await sumOfCounts(transaction)
  await transaction.insertInto('torrent_aggregate_metrics').values({ metric_name: TOTAL_METRIC, value }).execute()
}

function readCount({ id, info_hash, completed }: Row): StoredDownloadCount | undefined {
  const infoHash = readInfoHash(info_hash)
  return infoHash === info_hash && infoHash !== undefined
    ? { infoHash, completed: Number(completed), position: Number(id) }
    : undefined
}
