// Keys via Kysely. Their labels are in a table of Muster's own, because Torrust's has no room for them.

import { sql } from 'kysely'
import { type AccessKey, readAccessKey } from '../../../domain/access-key.ts'
import type { KeyStore, NewKey, StoredKey } from '../../../domain/ports/outbound/key-store.ts'
import type { WallClock } from '../../../domain/ports/outbound/wall-clock.ts'
import { Refusal } from '../../../domain/refusal.ts'
import { inChunks } from './chunks.ts'
import { countRows } from './count-rows.ts'
import { insertMissing } from './insert-missing.ts'
import { readPage } from './read-page.ts'
import { type NotedRow, type RowNote, RowNotes } from './row-notes.ts'
import type { Session } from './session.ts'
import type { KyselyDatabase } from './tables.ts'

interface Row {
  readonly id: number
  readonly key: string
  readonly valid_until: number | null
}

export class KyselyKeyStore implements KeyStore {
  readonly #session: Session
  readonly #clock: WallClock
  readonly #unreadable: number
  readonly #notes: RowNotes

  /** `unreadable`: rows without a valid key; they are kept but not counted. */
  constructor(session: Session, clock: WallClock, unreadable: number) {
    this.#session = session
    this.#clock = clock
    this.#notes = new RowNotes('muster_key_notes', session.dialect)
    this.#unreadable = unreadable
  }

  async add(key: AccessKey, validUntilSeconds: number | undefined, label?: string): Promise<StoredKey> {
    const [added] = await this.addAll([{ key, validUntilSeconds, label }])
    if (added === undefined) throw new Refusal('already-there', 'the entry already exists')
    return added
  }

  async addAll(keys: readonly NewKey[]): Promise<readonly StoredKey[]> {
    const unique = new Map<AccessKey, NewKey>()
    for (const given of keys) if (!unique.has(given.key)) unique.set(given.key, given)
    if (unique.size === 0) return []
    return this.#session.writeRows('keys', unique.size, async (transaction) => {
      const added: StoredKey[] = []
      await inChunks([...unique.values()], this.#session.dialect.rowsPerStatement, async (chunk) => {
        added.push(...(await this.#addChunk(transaction, chunk)))
      })
      return added
    })
  }

  remove(id: number): Promise<StoredKey | undefined> {
    return this.#session.write(async (transaction) => {
      const stored = await this.#byId(transaction, id)
      if (stored === undefined) return undefined
      const { numDeletedRows } = await transaction.deleteFrom('keys').where('id', '=', id).executeTakeFirst()
      await this.#notes.remove(transaction, [{ id }])
      return numDeletedRows > 0n ? stored : undefined
    })
  }

  extend(id: number, validUntilSeconds: number | undefined): Promise<StoredKey | undefined> {
    return this.#session.write(async (transaction) => {
      const stored = await this.#byId(transaction, id)
      if (stored === undefined) return undefined
      const { numUpdatedRows } = await transaction
        .updateTable('keys')
        .set({ valid_until: validUntilSeconds ?? null })
        .where('id', '=', id)
        .executeTakeFirst()
      return numUpdatedRows > 0n ? { ...stored, validUntilSeconds } : undefined
    })
  }

  relabel(id: number, label: string | undefined): Promise<StoredKey | undefined> {
    return this.#session.write(async (transaction) => {
      const stored = await this.#byId(transaction, id)
      if (stored === undefined) return undefined
      const relabelled = { ...stored, label }
      await this.#notes.put(transaction, [noteOf(relabelled)])
      return relabelled
    })
  }

  find(key: AccessKey): Promise<StoredKey | undefined> {
    return this.#session.read(async (db) => {
      const row = await rows(db).where('key', '=', key).executeTakeFirst()
      const stored = row && readKey(row)
      // MySQL's comparison ignores case.
      return stored?.key === key ? this.#withNote(db, stored) : undefined
    })
  }

  page(after: number, limit: number, labelPart?: string): Promise<readonly StoredKey[]> {
    const { dialect } = this.#session
    return this.#session.read(async (db) => {
      const keys = await readPage(after, limit, {
        rows: (from, count) =>
          rows(db)
            .where('id', '>', dialect.asId(from))
            .$if(labelPart !== undefined, (query) =>
              query.where('id', 'in', this.#notes.idsContaining(labelPart ?? '')),
            )
            .orderBy('id')
            .limit(count)
            .execute(),
        read: readKey,
      })
      const notes = await this.#notes.of(db, keys.map(rowOf), labelPart === undefined ? 'page' : undefined)
      const all = keys.map((stored) => withNote(stored, notes.get(stored.id)))
      // A note that is left over from another key does not count.
      return labelPart === undefined ? all : all.filter(({ label }) => label !== undefined)
    })
  }

  count(): Promise<number> {
    return this.#session.read(async (db) => {
      const { rows } = await countRows(db, this.#session.dialect, { table: 'keys' })
      return rows - this.#unreadable
    })
  }

  async #addChunk(db: KyselyDatabase, chunk: readonly NewKey[]): Promise<readonly StoredKey[]> {
    const values = chunk.map(({ key, validUntilSeconds = null }) => ({ key, valid_until: validUntilSeconds }))
    const inserted = await insertMissing(db, this.#session.dialect, { table: 'keys', column: 'key', rows: values })
    if (inserted.size === 0) return []
    const ids = new Map(
      (
        await rows(db)
          .where(this.#session.dialect.isIn(sql.ref('key'), [...inserted]))
          .execute()
      ).map(({ id, key }) => [key, Number(id)]),
    )
    const addedAtSeconds = this.#clock.wallSeconds()
    const added = chunk
      .filter(({ key }) => inserted.has(key))
      .map((given) => ({ ...given, id: ids.get(given.key) ?? 0, addedAtSeconds }))
    await this.#notes.put(db, added.map(noteOf))
    return added
  }

  async #byId(db: KyselyDatabase, id: number): Promise<StoredKey | undefined> {
    const row = await rows(db).where('id', '=', this.#session.dialect.asId(id)).executeTakeFirst()
    const stored = row && readKey(row)
    return stored && this.#withNote(db, stored)
  }

  async #withNote(db: KyselyDatabase, stored: StoredKey): Promise<StoredKey> {
    return withNote(stored, (await this.#notes.of(db, [rowOf(stored)])).get(stored.id))
  }
}

function rows(db: KyselyDatabase) {
  return db.selectFrom('keys').select(['id', 'key', 'valid_until'])
}

function rowOf({ id, key }: StoredKey): NotedRow {
  return { id, subject: key }
}

function noteOf({ id, key, label, addedAtSeconds }: StoredKey): RowNote {
  return { id, subject: key, note: label, addedAtSeconds }
}

function withNote(stored: StoredKey, note: RowNote | undefined): StoredKey {
  return note === undefined ? stored : { ...stored, label: note.note, addedAtSeconds: note.addedAtSeconds }
}

function readKey({ id, key: text, valid_until }: Row): StoredKey | undefined {
  const key = readAccessKey(text)
  const validUntilSeconds = valid_until === null ? undefined : Number(valid_until)
  // SQLite's columns accept any text.
  if (key === undefined || Number.isNaN(validUntilSeconds)) return undefined
  return { id: Number(id), key, validUntilSeconds }
}
