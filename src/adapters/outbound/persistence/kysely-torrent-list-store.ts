// Whitelist and blocklist via Kysely.

import { type Insertable, sql, type Transaction } from 'kysely'
import { type InfoHash, readInfoHash } from '../../../domain/info-hash.ts'
import type { ListEntry, StoredListEntry, TorrentListStore } from '../../../domain/ports/outbound/torrent-list-store.ts'
import type { WallClock } from '../../../domain/ports/outbound/wall-clock.ts'
import { inChunks } from './chunks.ts'
import { countRows } from './count-rows.ts'
import { insertMissing } from './insert-missing.ts'
import { readPage } from './read-page.ts'
import type { Session } from './session.ts'
import type { KyselyDatabase, ListTable, Tables } from './tables.ts'

/** A list's table. `unreadable`: rows without a valid info hash; they are kept but not counted. */
export interface ListTableOptions {
  readonly table: 'whitelist' | 'blocklist'
  readonly unreadable: number
}

type Reasons = ReadonlyMap<InfoHash, string | undefined>

interface Row {
  readonly id: number
  readonly info_hash: string
  readonly reason?: string | null
  readonly added_at?: number
}

export class KyselyTorrentListStore implements TorrentListStore {
  readonly #session: Session
  readonly #clock: WallClock
  readonly #table: 'whitelist' | 'blocklist'
  readonly #unreadable: number
  readonly #hasReasons: boolean

  constructor(session: Session, clock: WallClock, { table, unreadable }: ListTableOptions) {
    this.#session = session
    this.#clock = clock
    this.#table = table
    this.#unreadable = unreadable
    this.#hasReasons = table === 'blocklist'
  }

  async add(entries: readonly ListEntry[]): Promise<readonly InfoHash[]> {
    const reasons = new Map<InfoHash, string | undefined>()
    for (const { infoHash, reason } of entries) reasons.set(infoHash, reason ?? reasons.get(infoHash))
    if (reasons.size === 0) return []
    return this.#session.write(async (transaction) => {
      const added: InfoHash[] = []
      await inChunks([...reasons.keys()], this.#session.dialect.rowsPerStatement, async (chunk) => {
        const isNew = await this.#addChunk(transaction, chunk, reasons)
        for (const infoHash of chunk) if (isNew.has(infoHash)) added.push(infoHash)
      })
      return added
    })
  }

  async remove(infoHashes: readonly InfoHash[]): Promise<readonly InfoHash[]> {
    const unique = [...new Set(infoHashes)]
    if (unique.length === 0) return []
    return this.#session.write(async (transaction) => {
      const removed: InfoHash[] = []
      await inChunks(unique, this.#session.dialect.rowsPerStatement, async (chunk) => {
        const wasThere = await this.#removeChunk(transaction, chunk)
        for (const infoHash of chunk) if (wasThere.has(infoHash)) removed.push(infoHash)
      })
      return removed
    })
  }

  async find(infoHash: InfoHash): Promise<StoredListEntry | undefined> {
    const row = await this.#session.read((db) => this.#rows(db).where('info_hash', '=', infoHash).executeTakeFirst())
    return row && readEntry(row)
  }

  page(after: number, limit: number): Promise<readonly StoredListEntry[]> {
    return this.#session.read((db) =>
      readPage(after, limit, {
        rows: (from, count) =>
          this.#rows(db).where('id', '>', this.#session.dialect.asId(from)).orderBy('id').limit(count).execute(),
        read: readEntry,
      }),
    )
  }

  count(): Promise<number> {
    return this.#session.read(async (db) => {
      const { rows } = await countRows(db, this.#session.dialect, { table: this.#table })
      return rows - this.#unreadable
    })
  }

  #rows(db: KyselyDatabase) {
    return db
      .selectFrom(this.#table)
      .select(['id', 'info_hash'])
      .$if(this.#hasReasons, (query) => query.select(['reason', 'added_at']))
  }

  /**
   * Returns the hashes that were missing. All writers use the same order, so that they wait for each other instead of
   * deadlocking.
   */
  async #addChunk(
    transaction: Transaction<Tables>,
    chunk: readonly InfoHash[],
    reasons: Reasons,
  ): Promise<ReadonlySet<string>> {
    const { dialect } = this.#session
    const sorted = chunk.toSorted()
    const present = await this.#present(transaction, sorted)
    const isPresent = new Set(present.map((row) => row.info_hash))
    const missing = sorted.filter((infoHash) => !isPresent.has(infoHash))
    const rows = missing.map((infoHash) => this.#row(infoHash, reasons))
    const inserted = await insertMissing(transaction, dialect, this.#table, rows)
    if (!this.#hasReasons) return inserted
    const late = missing.filter((infoHash) => !inserted.has(infoHash))
    const overtaken = late.length === 0 ? [] : await this.#present(transaction, late)
    await this.#replaceReasons(transaction, [...present, ...overtaken], reasons)
    return inserted
  }

  /** Locked where they will be changed. */
  #present(transaction: Transaction<Tables>, infoHashes: readonly InfoHash[]): Promise<readonly Row[]> {
    const { dialect } = this.#session
    return this.#rows(transaction)
      .where(dialect.isIn(sql.ref('info_hash'), infoHashes))
      .$if(this.#hasReasons || !dialect.hasReturning, (query) => query.modifyEnd(dialect.rowLock))
      .execute()
  }

  #row(infoHash: InfoHash, reasons: Reasons): Insertable<ListTable> {
    const row = { info_hash: infoHash }
    if (!this.#hasReasons) return row
    return { ...row, reason: reasons.get(infoHash) ?? null, added_at: this.#clock.wallSeconds() }
  }

  async #replaceReasons(transaction: Transaction<Tables>, present: readonly Row[], reasons: Reasons): Promise<void> {
    const changed: Insertable<ListTable>[] = []
    for (const { id, info_hash, reason: old = null, added_at = 0 } of present) {
      const reason = reasons.get(info_hash as InfoHash)
      if (reason !== undefined && reason !== old) changed.push({ id, info_hash, reason, added_at })
    }
    if (changed.length === 0) return
    const { dialect } = this.#session
    await transaction
      .insertInto(this.#table)
      .values(changed)
      .modifyEnd(dialect.replacing(this.#table, 'reason'))
      .execute()
  }

  async #removeChunk(transaction: Transaction<Tables>, chunk: readonly InfoHash[]): Promise<ReadonlySet<string>> {
    const { dialect } = this.#session
    const sorted = chunk.toSorted()
    const deletion = transaction.deleteFrom(this.#table).where(dialect.isIn(sql.ref('info_hash'), sorted))
    if (dialect.hasReturning) {
      const rows = await deletion.returning('info_hash').execute()
      return new Set(rows.map((row) => row.info_hash))
    }
    const present = await this.#present(transaction, sorted)
    if (present.length > 0) await deletion.execute()
    return new Set(present.map((row) => row.info_hash))
  }
}

function readEntry({ id, info_hash, reason, added_at }: Row): StoredListEntry | undefined {
  const infoHash = readInfoHash(info_hash)
  if (infoHash !== info_hash || infoHash === undefined) return undefined
  return {
    infoHash,
    position: Number(id),
    ...(reason == null ? {} : { reason }),
    ...(added_at == null ? {} : { addedAtSeconds: Number(added_at) }),
  }
}
