// The way of the stores to their database: reads, and transactions that are tried again when they met others. What fails on the
// way becomes a `Refusal` when the database is to blame.

import { setTimeout as pause } from 'node:timers/promises'
import type { Transaction } from 'kysely'
import { Refusal } from '../../../domain/refusal.ts'
import type { Availability, Way } from './availability.ts'
import type { DatabaseFaults } from './database-faults.ts'
import type { DialectFacts } from './dialect-facts.ts'
import type { KyselyDatabase, Tables } from './tables.ts'

const ATTEMPTS = 8
const LONGEST_PAUSE_MILLISECONDS = 20

export interface Dialect {
  readonly facts: DialectFacts
  readonly faults: DatabaseFaults
  /** How long to wait for others who keep the database to themselves. */
  readonly patienceMilliseconds: number
}

export class Session {
  readonly facts: DialectFacts
  readonly #db: KyselyDatabase
  readonly #faults: DatabaseFaults
  readonly #patienceMilliseconds: number
  readonly #availability: Availability

  constructor(db: KyselyDatabase, { facts, faults, patienceMilliseconds }: Dialect, availability: Availability) {
    this.#db = db
    this.facts = facts
    this.#faults = faults
    this.#patienceMilliseconds = patienceMilliseconds
    this.#availability = availability
  }

  /** `work` may be called several times. */
  read<T>(work: (db: KyselyDatabase) => Promise<T>, way: 'ping' | 'read' = 'read'): Promise<T> {
    return this.#attempt(way, () => work(this.#db))
  }

  /** All of `work` or nothing; it may be called several times. */
  write<T>(work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T> {
    return this.#attempt('write', () => this.#db.transaction().execute(work))
  }

  async #attempt<T>(way: Way, work: () => Promise<T>): Promise<T> {
    const end = performance.now() + this.#patienceMilliseconds
    for (let attempt = 1; ; attempt++) {
      try {
        const result = await work()
        this.#availability.succeeded(way)
        return result
      } catch (error) {
        const mayPass = this.#faults.isBusy(error)
          ? performance.now() < end
          : attempt < ATTEMPTS && this.#faults.isPassing(error)
        if (!mayPass) throw this.#told(way, error)
        // Those that stood in each other's way must not meet again.
        await pause(Math.random() * LONGEST_PAUSE_MILLISECONDS * Math.min(attempt, ATTEMPTS))
      }
    }
  }

  #told(way: Way, error: unknown): unknown {
    if (this.#faults.isDuplicate(error)) return new Refusal('already-there', 'there is such an entry already', error)
    if (!this.#faults.isUnavailable(error)) return error
    this.#availability.failed(way, error)
    return new Refusal('store-unavailable', 'the database cannot be used at the moment', error)
  }
}
