// Keys via Kysely.

import { type AccessKey, readAccessKey } from '../../../domain/access-key.ts'
import type { KeyStore, StoredKey } from '../../../domain/ports/outbound/key-store.ts'
import { countRows } from './count-rows.ts'
import { readPage } from './read-page.ts'
import type { Session } from './session.ts'
import type { KyselyDatabase } from './tables.ts'

interface Row {
  readonly id: number
  readonly key: string
  readonly valid_until: number | null
}

export class KyselyKeyStore implements KeyStore {
  readonly #session: Session
  readonly #unreadable: number

  /** `unreadable`: rows without a valid key; they are kept but not counted. */
  constructor(session: Session, unreadable: number) {
    this.#session = session
    this.#unreadable = unreadable
  }

  add(key: AccessKey, validUntilSeconds: number | undefined): Promise<StoredKey> {
    return this.#session.write(async (transaction) => {
      const { hasReturning } = this.#session.dialect
      const insert = transaction.insertInto('keys').values({ key, valid_until: validUntilSeconds ?? null })
      const id = hasReturning
        ? (await insert.returning('id').executeTakeFirstOrThrow()).id
        : (await insert.executeTakeFirstOrThrow()).insertId
      return { id: Number(id), key, validUntilSeconds }
    })
  }

  remove(id: number): Promise<StoredKey | undefined> {
    return this.#session.write(async (transaction) => {
      const stored = await this.#byId(transaction, id)
      if (stored === undefined) return undefined
      const { numDeletedRows } = await transaction.deleteFrom('keys').where('id', '=', id).executeTakeFirst()
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

  async find(key: AccessKey): Promise<StoredKey | undefined> {
    const row = await this.#session.read((db) => rows(db).where('key', '=', key).executeTakeFirst())
    const stored = row && readKey(row)
    // MySQL's comparison ignores case.
    return stored?.key === key ? stored : undefined
  }

  page(after: number, limit: number): Promise<readonly StoredKey[]> {
    return this.#session.read((db) =>
      readPage(after, limit, {
        rows: (from, count) =>
          rows(db).where('id', '>', this.#session.dialect.asId(from)).orderBy('id').limit(count).execute(),
        read: readKey,
      }),
    )
  }

  count(): Promise<number> {
    return this.#session.read(async (db) => {
      const { rows } = await countRows(db, this.#session.dialect, { table: 'keys' })
      return rows - this.#unreadable
    })
  }

  async #byId(db: KyselyDatabase, id: number): Promise<StoredKey | undefined> {
    const row = await rows(db).where('id', '=', this.#session.dialect.asId(id)).executeTakeFirst()
    return row && readKey(row)
  }
}

function rows(db: KyselyDatabase) {
  return db.selectFrom('keys').select(['id', 'key', 'valid_until'])
}

function readKey({ id, key: text, valid_until }: Row): StoredKey | undefined {
  const key = readAccessKey(text)
  const validUntilSeconds = valid_until === null ? undefined : Number(valid_until)
  // SQLite's columns accept any text.
  if (key === undefined || Number.isNaN(validUntilSeconds)) return undefined
  return { id: Number(id), key, validUntilSeconds }
}
