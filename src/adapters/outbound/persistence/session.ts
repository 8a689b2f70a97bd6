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
}

export class Session {
  readonly dialect: SqlDialect
  readonly #db: KyselyDatabase
  readonly #faults: DatabaseFaults
  readonly #busyTimeoutMilliseconds: number
  readonly #availability: Availability

  constructor(
    db: KyselyDatabase,
    { dialect, faults, busyTimeoutMilliseconds }: SessionOptions,
    availability: Availability,
  ) {
    this.#db = db
    this.dialect = dialect
    this.#faults = faults
    this.#busyTimeoutMilliseconds = busyTimeoutMilliseconds
    this.#availability = availability
  }

  /** `work` may be called several times. */
  read<T>(work: (db: KyselyDatabase) => Promise<T>, operation: 'ping' | 'read' = 'read'): Promise<T> {
    return this.#attempt(operation, () => work(this.#db))
  }

  /** All of `work` or nothing; it may be called several times. */
  write<T>(work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T> {
    return this.#attempt('write', () => this.#db.transaction().execute(work))
  }

  async #attempt<T>(operation: OperationKind, work: () => Promise<T>): Promise<T> {
    const end = performance.now() + this.#busyTimeoutMilliseconds
    for (let attempt = 1; ; attempt++) {
      try {
        const result = await work()
        this.#availability.succeeded(operation)
        return result
      } catch (error) {
        const mayPass = this.#faults.isBusy(error)
          ? performance.now() < end
          : attempt < MAX_ATTEMPTS && this.#faults.isPassing(error)
        if (!mayPass) throw this.#translated(operation, error)
        // A random pause, so that conflicting transactions do not collide again.
        await pause(Math.random() * MAX_PAUSE_MILLISECONDS * Math.min(attempt, MAX_ATTEMPTS))
      }
    }
  }

  #translated(operation: OperationKind, error: unknown): unknown {
    if (this.#faults.isDuplicate(error)) return new Refusal('already-there', 'the entry already exists', error)
    if (!this.#faults.isUnavailable(error)) return error
    this.#availability.failed(operation, error)
    return new Refusal('store-unavailable', 'the database cannot be used at the moment', error)
  }
}
