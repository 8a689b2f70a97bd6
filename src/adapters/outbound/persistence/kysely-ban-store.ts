// Bans via Kysely.

import { type Insertable, sql, type Transaction } from 'kysely'
import type { AddressNetwork } from '../../../domain/address-ranges.ts'
import type { Ban, StoredBan } from '../../../domain/ban.ts'
import type { BanStore } from '../../../domain/ports/outbound/ban-store.ts'
import type { WallClock } from '../../../domain/ports/outbound/wall-clock.ts'
import { inChunks } from './chunks.ts'
import { countRows } from './count-rows.ts'
import { readPage } from './read-page.ts'
import type { Session } from './session.ts'
import type { BanRows, KyselyDatabase, Tables } from './tables.ts'

interface Row {
  readonly id: number
  readonly network: string
  readonly prefix: string
  readonly reason: string | null
  readonly expires_at: number | null
  readonly added_at: number
}

export class KyselyBanStore implements BanStore {
  readonly #session: Session
  readonly #clock: WallClock

  constructor(session: Session, clock: WallClock) {
    this.#session = session
    this.#clock = clock
  }

  async put(bans: readonly Ban[]): Promise<readonly StoredBan[]> {
    const unique = new Map(bans.map((ban) => [ban.range.text, ban]))
    if (unique.size === 0) return []
    return this.#session.writeRows('muster_bans', unique.size, async (transaction) => {
      const stored = new Map<string, StoredBan>()
      await inChunks([...unique.values()], this.#session.dialect.rowsPerStatement, async (chunk) => {
        await this.#putChunk(transaction, chunk)
        for (const row of await this.#present(transaction, textsOf(chunk))) stored.set(row.network, readBan(row))
      })
      return [...unique.keys()].flatMap((text) => stored.get(text) ?? [])
    })
  }

  async remove(ranges: readonly string[]): Promise<readonly StoredBan[]> {
    const unique = [...new Set(ranges)]
    if (unique.length === 0) return []
    return this.#session.writeRows('muster_bans', unique.length, async (transaction) => {
      const removed = new Map<string, StoredBan>()
      await inChunks(unique, this.#session.dialect.rowsPerStatement, async (chunk) => {
        const rows = await this.#present(transaction, chunk)
        for (const row of rows) removed.set(row.network, readBan(row))
        if (rows.length > 0) {
          await transaction.deleteFrom('muster_bans').where(this.#isIn('network', chunk)).execute()
        }
      })
      return unique.flatMap((text) => removed.get(text) ?? [])
    })
  }

  find(range: string): Promise<StoredBan | undefined> {
    return this.#session.read(async (db) => {
      const row = await rows(db).where('network', '=', range).executeTakeFirst()
      return row && readBan(row)
    })
  }

  among(networks: readonly AddressNetwork[]): Promise<readonly StoredBan[]> {
    return this.#session.read(async (db) => {
      const found = await rows(db)
        .where(this.#isIn('prefix', networks.map(prefixOf)))
        .execute()
      return found.map(readBan)
    })
  }

  page(after: number, limit: number): Promise<readonly StoredBan[]> {
    return this.#session.read((db) =>
      readPage(after, limit, {
        rows: (from, count) =>
          rows(db).where('id', '>', this.#session.dialect.asId(from)).orderBy('id').limit(count).execute(),
        read: readBan,
      }),
    )
  }

  async removeExpired(beforeSeconds: number, limit: number): Promise<number> {
    return this.#session.writeRows('muster_bans', limit, async (transaction) => {
      const expired = await rows(transaction)
        .where('expires_at', '<', beforeSeconds)
        .orderBy('id')
        .limit(limit)
        .modifyEnd(this.#session.dialect.rowLock)
        .execute()
      const ids = expired.map(({ id }) => Number(id))
      if (ids.length > 0) await transaction.deleteFrom('muster_bans').where('id', 'in', ids).execute()
      return ids.length
    })
  }

  count(): Promise<number> {
    return this.#session.read(async (db) => (await countRows(db, this.#session.dialect, { table: 'muster_bans' })).rows)
  }

  async #putChunk(transaction: Transaction<Tables>, chunk: readonly Ban[]): Promise<void> {
    const present = new Map((await this.#present(transaction, textsOf(chunk))).map((row) => [row.network, row]))
    const addedAtSeconds = this.#clock.wallSeconds()
    const known: Insertable<BanRows>[] = []
    const missing: Insertable<BanRows>[] = []
    for (const ban of chunk) {
      const old = present.get(ban.range.text)
      const row = rowOf(ban, old === undefined ? addedAtSeconds : Number(old.added_at))
      if (old === undefined) missing.push(row)
      else known.push({ ...row, id: Number(old.id) })
    }
    const insert = transaction.insertInto('muster_bans')
    if (missing.length > 0) await insert.values(missing).execute()
    if (known.length === 0) return
    await insert.values(known).modifyEnd(this.#session.dialect.replacing('reason', 'expires_at')).execute()
  }

  /** Locked, because they will be changed. */
  #present(transaction: Transaction<Tables>, ranges: readonly string[]): Promise<readonly Row[]> {
    return rows(transaction).where(this.#isIn('network', ranges)).modifyEnd(this.#session.dialect.rowLock).execute()
  }

  #isIn(column: 'network' | 'prefix', values: readonly string[]) {
    return this.#session.dialect.isIn(sql.ref(column), values)
  }
}

function rows(db: KyselyDatabase) {
  return db.selectFrom('muster_bans').select(['id', 'network', 'prefix', 'reason', 'expires_at', 'added_at'])
}

function textsOf(bans: readonly Ban[]): readonly string[] {
  return bans.map(({ range }) => range.text)
}

function prefixOf({ bytes, prefixBits }: AddressNetwork): string {
  return `${Buffer.from(bytes).toString('hex')}/${prefixBits}`
}

function rowOf({ range, reason, expiresAtSeconds }: Ban, addedAtSeconds: number): Insertable<BanRows> {
  return {
    network: range.text,
    prefix: prefixOf(range),
    reason: reason ?? null,
    expires_at: expiresAtSeconds ?? null,
    added_at: addedAtSeconds,
  }
}

function readBan({ id, network, prefix, reason, expires_at, added_at }: Row): StoredBan {
  const [digits = '', bits] = prefix.split('/')
  return {
    range: { text: network, bytes: Uint8Array.from(Buffer.from(digits, 'hex')), prefixBits: Number(bits) },
    ...(reason === null ? {} : { reason }),
    ...(expires_at === null ? {} : { expiresAtSeconds: Number(expires_at) }),
    position: Number(id),
    addedAtSeconds: Number(added_at),
  }
}
