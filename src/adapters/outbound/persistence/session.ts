// Gives the stores access to their database: reads, and transactions that are retried on conflicts. Errors caused by
// the database become a `Refusal`.

import { setTimeout as pause } from 'node:timers/promises'
import type { Transaction } from 'kysely'
import { Refusal } from '../../../domain/refusal.ts'
import type { Availability, OperationKind } from './availability.ts'
import type { DatabaseFaults } from './database-faults.ts'
import type { SqlDialect } from './sql-dialect.ts'
import type { KyselyDatabase, Tables } from './tables.ts'

const MAX_ATTEMPTS = 8
const MAX_PAUSE_MILLISECONDS = 20

export interface SessionOptions {
  readonly dialect: SqlDialect
  readonly faults: DatabaseFaults
  /** How long to wait while others lock the database. */
  readonly busyTimeoutMilliseconds: number
  readonly availability: Availability
  /** Whether all tables are still as they were when the database was opened. */
  readonly isIntact: () => Promise<boolean>
}

export class Session {
  readonly #db: KyselyDatabase
  readonly #options: SessionOptions
  readonly #tables: string | undefined

  /** `tables` names those that its operations use, in words; undefined for none. */
  constructor(db: KyselyDatabase, options: SessionOptions, tables?: string) {
    this.#db = db
    this.#options = options
    this.#tables = tables
  }

  get dialect(): SqlDialect {
    return this.#options.dialect
  }

  /** For operations that use these tables. */
  on(tables: string): Session {
    return new Session(this.#db, this.#options, tables)
  }

  /** `work` may be called several times. */
  read<T>(work: (db: KyselyDatabase) => Promise<T>, operation: 'ping' | 'read' = 'read'): Promise<T> {
    const { readsInTransactions } = this.#options.dialect
    return this.#attempt(operation, () => (readsInTransactions ? this.#db.transaction().execute(work) : work(this.#db)))
  }

  /** All of `work` or nothing; it may be called several times. */
  write<T>(work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T> {
    return this.#attempt('write', () => this.#db.transaction().execute(work))
  }

  /** The same for `count` rows of one table: writers that need them in different orders do so one after the other. */
  writeRows<T>(table: keyof Tables, count: number, work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T> {
    const { writersTurn } = this.#options.dialect
    if (writersTurn === undefined || count < 2) return this.write(work)
    return this.write(async (transaction) => {
      await writersTurn(table).execute(transaction)
      return work(transaction)
    })
  }

  async #attempt<T>(operation: OperationKind, work: () => Promise<T>): Promise<T> {
    const { availability, busyTimeoutMilliseconds, faults } = this.#options
    const end = performance.now() + busyTimeoutMilliseconds
    for (let attempt = 1; ; attempt++) {
      try {
        const result = await work()
        availability.succeeded(operation, this.#tables)
        return result
      } catch (error) {
        const mayPass = faults.isBusy(error)
          ? performance.now() < end
          : attempt < MAX_ATTEMPTS && faults.isPassing(error)
        if (!mayPass) throw await this.#translated(operation, error)
        // A random pause, so that conflicting transactions do not collide again.
        await pause(Math.random() * MAX_PAUSE_MILLISECONDS * Math.min(attempt, MAX_ATTEMPTS))
      }
    }
  }

  async #translated(operation: OperationKind, error: unknown): Promise<unknown> {
    const { availability, faults } = this.#options
    if (faults.isDuplicate(error)) return new Refusal('already-there', 'the entry already exists', error)
    if (!(await this.#isOfDatabase(error))) return error
    availability.failed(operation, error, faults.isOfTables(error) ? this.#tables : undefined)
    return new Refusal('store-unavailable', 'the database cannot be used at the moment', error)
  }

  async #isOfDatabase(error: unknown): Promise<boolean> {
    const { availability, faults, isIntact } = this.#options
    // Operations that were still queued may fail in any way.
    if (availability.isClosed || faults.isUnavailable(error)) return true
    if (!faults.isUnclear(error)) return false
    try {
      return !(await isIntact())
    } catch (lookError) {
      return faults.isUnavailable(lookError)
    }
  }
}
