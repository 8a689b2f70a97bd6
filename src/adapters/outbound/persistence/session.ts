// The way of the stores to their database: reads, and transactions that are tried again when they met others. What fails on the
// way becomes a `Refusal` when the database is to blame.

import { setTimeout as pause } from 'node:timers/promises'
import type { Transaction } from 'kysely'
import { Refusal } from '../../../domain/refusal.ts'
import type { DatabaseFaults } from './database-faults.ts'
import type { DialectFacts } from './dialect-facts.ts'
import type { Tables, Tracker } from './tables.ts'

const ATTEMPTS = 8
const LONGEST_PAUSE_MILLISECONDS = 20

export interface Dialect {
  readonly facts: DialectFacts
  readonly faults: DatabaseFaults
}

export class Session {
  readonly facts: DialectFacts
  readonly #db: Tracker
  readonly #faults: DatabaseFaults

  constructor(db: Tracker, { facts, faults }: Dialect) {
    this.#db = db
    this.facts = facts
    this.#faults = faults
  }

  async read<T>(work: (db: Tracker) => Promise<T>): Promise<T> {
    try {
      return await work(this.#db)
    } catch (error) {
      throw this.#told(error)
    }
  }

  /** All of `work` or nothing; it may be called several times. */
  async write<T>(work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#db.transaction().execute(work)
      } catch (error) {
        if (attempt === ATTEMPTS || !this.#faults.isPassing(error)) throw this.#told(error)
        // Those that stood in each other's way must not meet again.
        await pause(Math.random() * LONGEST_PAUSE_MILLISECONDS * attempt)
      }
    }
  }

  #told(error: unknown): unknown {
    if (this.#faults.isDuplicate(error)) return new Refusal('already-there', 'there is such an entry already', error)
    if (this.#faults.isUnavailable(error)) {
      return new Refusal('store-unavailable', 'the database cannot be used at the moment', error)
    }
    return error
  }
}
