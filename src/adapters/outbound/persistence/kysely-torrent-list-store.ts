// Whitelist and blocklist via Kysely. The whitelist's table is Torrust's, so its reasons and times are in a table of
// Muster's own; the blocklist has columns for them.

import { type Insertable, sql, type Transaction } from 'kysely'
import { type InfoHash, readInfoHash } from '../../../domain/info-hash.ts'
import type {
  AddOptions,
  ListEntry,
  StoredListEntry,
  TorrentListStore,
} from '../../../domain/ports/outbound/torrent-list-store.ts'
import type { WallClock } from '../../../domain/ports/outbound/wall-clock.ts'
import { inChunks } from './chunks.ts'
import { countRows } from './count-rows.ts'
import { insertMissing } from './insert-missing.ts'
import { readPage } from './read-page.ts'
import { type RowNote, RowNotes } from './row-notes.ts'
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
  /** Undefined where the table has columns for them. */
  readonly #notes: RowNotes | undefined

  constructor(session: Session, clock: WallClock, { table, unreadable }: ListTableOptions) {
    this.#session = session
    this.#clock = clock
    this.#table = table
    this.#unreadable = unreadable
    this.#notes = table === 'whitelist' ? new RowNotes('muster_whitelist_notes', session.dialect) : undefined
  }

  async add(entries: readonly ListEntry[], options: AddOptions = {}): Promise<readonly InfoHash[]> {
    const reasons = new Map<InfoHash, string | undefined>()
    for (const { infoHash, reason } of entries) reasons.set(infoHash, reason ?? reasons.get(infoHash))
    if (reasons.size === 0) return []
    return this.#session.writeRows(this.#table, reasons.size, async (transaction) => {
      const added: InfoHash[] = []
      await inChunks([...reasons.keys()], this.#session.dialect.rowsPerStatement, async (chunk) => {
        const isNew = await this.#addChunk(transaction, chunk, { reasons, options })
        for (const infoHash of chunk) if (isNew.has(infoHash)) added.push(infoHash)
      })
      return added
    })
  }

  async remove(infoHashes: readonly InfoHash[]): Promise<readonly InfoHash[]> {
    const unique = [...new Set(infoHashes)]
    if (unique.length === 0) return []
    return this.#session.writeRows(this.#table, unique.length, async (transaction) => {
      const removed: InfoHash[] = []
      await inChunks(unique, this.#session.dialect.rowsPerStatement, async (chunk) => {
        const wasThere = await this.#removeChunk(transaction, chunk)
        for (const infoHash of chunk) if (wasThere.has(infoHash)) removed.push(infoHash)
      })
      return removed
    })
  }

  find(infoHash: InfoHash): Promise<StoredListEntry | undefined> {
    return this.#session.read(async (db) => {
      const row = await this.#rows(db).where('info_hash', '=', infoHash).executeTakeFirst()
      const entry = row && readEntry(row)
      return entry && (await this.#withNotes(db, [entry]))[0]
    })
  }

  page(after: number, limit: number): Promise<readonly StoredListEntry[]> {
    return this.#session.read(async (db) => {
      const entries = await readPage(after, limit, {
        rows: (from, count) =>
          this.#rows(db).where('id', '>', this.#session.dialect.asId(from)).orderBy('id').limit(count).execute(),
        read: readEntry,
      })
      return this.#withNotes(db, entries)
    })
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
      .$if(this.#notes === undefined, (query) => query.select(['reason', 'added_at']))
  }

  /** Entries in ascending order of their positions. */
  async #withNotes(db: KyselyDatabase, entries: readonly StoredListEntry[]): Promise<readonly StoredListEntry[]> {
    if (this.#notes === undefined) return entries
    const rows = entries.map(({ position, infoHash }) => ({ id: position, subject: infoHash }))
    const notes = await this.#notes.of(db, rows, 'page')
    return entries.map((entry) => withNote(entry, notes.get(entry.position)))
  }

  /** Returns the hashes that were missing, inserted in the given order, which is the order of later listings. */
  async #addChunk(
    transaction: Transaction<Tables>,
    chunk: readonly InfoHash[],
    { reasons, options }: { readonly reasons: Reasons; readonly options: AddOptions },
  ): Promise<ReadonlySet<string>> {
    const { dialect } = this.#session
    const present = await this.#present(transaction, chunk)
    const isPresent = new Set(present.map((row) => row.info_hash))
    const missing = chunk.filter((infoHash) => !isPresent.has(infoHash))
    const rows = missing.map((infoHash) => this.#row(infoHash, reasons))
    const inserted = await insertMissing(transaction, dialect, { table: this.#table, column: 'info_hash', rows })
    await this.#noteAdded(transaction, inserted, reasons)
    if (options.replacesReasons !== true) return inserted
    const late = missing.filter((infoHash) => !inserted.has(infoHash))
    const overtaken = late.length === 0 ? [] : await this.#present(transaction, late)
    await this.#replaceReasons(transaction, [...present, ...overtaken], reasons)
    return inserted
  }

  /** Locked where they will be changed. */
  #present(transaction: Transaction<Tables>, infoHashes: readonly string[]): Promise<readonly Row[]> {
    const { dialect } = this.#session
    return this.#rows(transaction)
      .where(dialect.isIn(sql.ref('info_hash'), infoHashes))
      .$if(this.#notes === undefined || !dialect.hasReturning, (query) => query.modifyEnd(dialect.rowLock))
      .execute()
  }

  #row(infoHash: InfoHash, reasons: Reasons): Insertable<ListTable> {
    const row = { info_hash: infoHash }
    if (this.#notes !== undefined) return row
    return { ...row, reason: reasons.get(infoHash) ?? null, added_at: this.#clock.wallSeconds() }
  }

  async #noteAdded(transaction: Transaction<Tables>, added: ReadonlySet<string>, reasons: Reasons): Promise<void> {
    if (this.#notes === undefined || added.size === 0) return
    const rows = await this.#present(transaction, [...added])
    const addedAtSeconds = this.#clock.wallSeconds()
    await this.#notes.put(
      transaction,
      rows.map((row) => ({ ...subjectOf(row), note: reasons.get(row.info_hash as InfoHash), addedAtSeconds })),
    )
  }

  async #replaceReasons(transaction: Transaction<Tables>, present: readonly Row[], reasons: Reasons): Promise<void> {
    const given = present.filter(({ info_hash }) => reasons.get(info_hash as InfoHash) !== undefined)
    if (this.#notes !== undefined) {
      const old = await this.#notes.of(transaction, given.map(subjectOf))
      const notes = given.map((row): RowNote => {
        const note = reasons.get(row.info_hash as InfoHash)
        return { ...subjectOf(row), note, addedAtSeconds: old.get(Number(row.id))?.addedAtSeconds }
      })
      await this.#notes.put(transaction, notes)
      return
    }
    const changed = given.map(({ id, info_hash, added_at = 0 }): Insertable<ListTable> => {
      return { id, info_hash, reason: reasons.get(info_hash as InfoHash) ?? null, added_at }
    })
    if (changed.length === 0) return
    const { dialect } = this.#session
    await transaction.insertInto(this.#table).values(changed).modifyEnd(dialect.replacing('reason')).execute()
  }

  async #removeChunk(transaction: Transaction<Tables>, chunk: readonly InfoHash[]): Promise<ReadonlySet<string>> {
    const { dialect } = this.#session
    const sorted = chunk.toSorted()
    const deletion = transaction.deleteFrom(this.#table).where(dialect.isIn(sql.ref('info_hash'), sorted))
    const rows = dialect.hasReturning
      ? await deletion.returning(['id', 'info_hash']).execute()
      : await this.#present(transaction, sorted)
    if (!dialect.hasReturning && rows.length > 0) await deletion.execute()
    await this.#notes?.remove(transaction, rows)
    return new Set(rows.map((row) => row.info_hash))
  }
}

function subjectOf({ id, info_hash }: Row) {
  return { id: Number(id), subject: info_hash }
}

function withNote(entry: StoredListEntry, note: RowNote | undefined): StoredListEntry {
  if (note === undefined) return entry
  const { note: reason, addedAtSeconds } = note
  return {
    ...entry,
    ...(reason === undefined ? {} : { reason }),
    ...(addedAtSeconds === undefined ? {} : { addedAtSeconds }),
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
