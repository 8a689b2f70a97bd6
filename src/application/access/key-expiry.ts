// Finds keys that have expired and publishes an event for each: by the key's number in the store, because a key is
// secret.

import type { KeyTable } from '../../domain/access/key-table.ts'
import { type AccessKey, accessKeyFromWords } from '../../domain/access-key.ts'
import { type Counters, TrackerCounter } from '../../domain/ports/outbound/counters.ts'
import type { KeyStore, StoredKey } from '../../domain/ports/outbound/key-store.ts'
import type { Pause } from '../../domain/ports/outbound/pause.ts'
import type { WallClock } from '../../domain/ports/outbound/wall-clock.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { EventBus } from '../event-bus.ts'

/** Keys looked up before other work gets a turn: some stores answer without giving one. */
const KEYS_BETWEEN_RESTS = 64
/** A clock that is set back by more than this was wrong before. */
const WRONG_BY_SECONDS = 600

export interface KeyExpiryDependencies {
  readonly clock: WallClock
  readonly counters: Counters
  readonly pause: Pause
}

export class KeyExpiry {
  readonly #bus: EventBus
  readonly #table: KeyTable
  readonly #store: KeyStore
  readonly #dependencies: KeyExpiryDependencies
  #sinceSeconds: number

  constructor(bus: EventBus, table: KeyTable, store: KeyStore, dependencies: KeyExpiryDependencies) {
    this.#bus = bus
    this.#table = table
    this.#store = store
    this.#dependencies = dependencies
    this.#sinceSeconds = dependencies.clock.wallSeconds()
  }

  /** Publishes an event for each key that has expired since the last call, if anything listens; one call at a time. */
  async look(): Promise<void> {
    const date = this.#dependencies.clock.wallSeconds()
    // When the clock is set back a little, no key may be published twice. When it is set back further, the keys already
    // published have yet to expire.
    const since = this.#sinceSeconds - date > WRONG_BY_SECONDS ? date : this.#sinceSeconds
    const now = Math.max(since, date)
    this.#sinceSeconds = now
    const expired: AccessKey[] = []
    const collect = (words: Int32Array, at: number): void => {
      expired.push(accessKeyFromWords(words, at))
    }
    let first: number | undefined = 0
    while (first !== undefined && this.#isWanted) {
      first = this.#table.visitExpired(first, since, now, collect)
      for (const [number, key] of expired.splice(0).entries()) {
        if (!this.#isWanted) return
        await this.#publish(key, now)
        if (number % KEYS_BETWEEN_RESTS === KEYS_BETWEEN_RESTS - 1) await this.#dependencies.pause.rest()
      }
      await this.#dependencies.pause.rest()
    }
  }

  get #isWanted(): boolean {
    return this.#bus.isWanted('key-expired')
  }

  async #publish(key: AccessKey, now: number): Promise<void> {
    const stored = await this.#find(key)
    // It may have been removed or extended meanwhile.
    if (stored?.validUntilSeconds === undefined || stored.validUntilSeconds >= now) return
    this.#bus.publish({ kind: 'key-expired', keyId: stored.id })
  }

  /** While the store is unavailable the key's number is unknown: the event is lost, and counted. */
  async #find(key: AccessKey): Promise<StoredKey | undefined> {
    try {
      return await this.#store.find(key)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      this.#dependencies.counters.add(TrackerCounter.events_dropped, 1)
      return undefined
    }
  }
}
