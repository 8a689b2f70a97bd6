// Keeps the keys of a private tracker: in the store, and in the table that all threads read.

import type { KeyTable } from '../../domain/access/key-table.ts'
import { ACCESS_KEY_WORDS, type AccessKey, accessKeyToWords } from '../../domain/access-key.ts'
import type { KeyAdmin, KeyPage } from '../../domain/ports/inbound/key-admin.ts'
import type { KeyStore, NewKey, StoredKey } from '../../domain/ports/outbound/key-store.ts'
import type { SecureRandomness } from '../../domain/ports/outbound/randomness.ts'
import type { WallClock } from '../../domain/ports/outbound/wall-clock.ts'
import { Refusal } from '../../domain/refusal.ts'
import { nextAfter } from '../page-by-page.ts'
import { type MirrorDependencies, MirroredStore } from './mirrored-store.ts'
import { randomKey } from './random-key.ts'
import type { TableRoom } from './table-room.ts'

/** The last second that a `Date` can represent: in the year 275760. */
const LAST_SECOND = 8_640_000_000_000

/** Where keys are looked up. */
export interface KnownKeys {
  readonly table: KeyTable
  readonly room: TableRoom
}

export interface KeyRingDependencies extends MirrorDependencies {
  readonly clock: WallClock
  readonly randomness: SecureRandomness
}

function positionOf({ id }: StoredKey): number {
  return id
}

export class KeyRing implements KeyAdmin {
  readonly isAvailable = true

  readonly #store: KeyStore
  readonly #known: KnownKeys
  readonly #dependencies: KeyRingDependencies
  readonly #mirrored: MirroredStore<StoredKey>
  readonly #words = new Int32Array(ACCESS_KEY_WORDS)

  constructor(store: KeyStore, known: KnownKeys, dependencies: KeyRingDependencies) {
    this.#store = store
    this.#known = known
    this.#dependencies = dependencies
    const mirror = {
      page: (after: number, limit: number) => store.page(after, limit),
      positionOf,
      begin: () => known.table.beginReload(),
      put: (rows: readonly StoredKey[]) => {
        for (const row of rows) this.#put(row)
      },
      endSlice: () => known.table.endReload(),
    }
    this.#mirrored = new MirroredStore(mirror, dependencies)
  }

  issue(lifetimeSeconds: number | undefined, label?: string): Promise<StoredKey> {
    return this.add(randomKey(this.#dependencies.randomness), lifetimeSeconds, label)
  }

  add(key: AccessKey, lifetimeSeconds: number | undefined, label?: string): Promise<StoredKey> {
    return this.#mirrored.change(async () => {
      const until = this.#endOf(lifetimeSeconds)
      // Keys are put only here, and changes run one at a time: the room will still be free when the store has answered.
      this.#known.room.expect(1)
      const stored = await this.#mirrored.write(() => this.#store.add(key, until, label))
      this.#put(stored)
      return stored
    })
  }

  addAll(keys: readonly NewKey[]): Promise<readonly StoredKey[]> {
    return this.#mirrored.change(async () => {
      this.#known.room.expect(keys.filter(({ key }) => !this.#isKnown(key)).length)
      const added = await this.#mirrored.write(() => this.#store.addAll(keys))
      for (const stored of added) this.#put(stored)
      return added
    })
  }

  revoke(id: number): Promise<StoredKey> {
    return this.#mirrored.change(async () => {
      const stored = existing(await this.#mirrored.write(() => this.#store.remove(id)))
      accessKeyToWords(stored.key, this.#words, 0)
      this.#known.table.remove(this.#words)
      return stored
    })
  }

  extend(id: number, lifetimeSeconds: number | undefined): Promise<StoredKey> {
    return this.#mirrored.change(async () => {
      const until = this.#endOf(lifetimeSeconds)
      const stored = existing(await this.#mirrored.write(() => this.#store.extend(id, until)))
      this.#put(stored)
      return stored
    })
  }

  relabel(id: number, label: string | undefined): Promise<StoredKey> {
    return this.#mirrored.change(async () => existing(await this.#mirrored.write(() => this.#store.relabel(id, label))))
  }

  find(key: AccessKey): Promise<StoredKey | undefined> {
    return this.#mirrored.read(() => this.#store.find(key))
  }

  async page(after: number, limit: number, labelPart?: string): Promise<KeyPage> {
    const keys = await this.#mirrored.read(() => this.#store.page(after, limit, labelPart))
    return { keys, next: nextAfter(keys, limit, positionOf) }
  }

  count(): Promise<number> {
    return this.#mirrored.read(() => this.#store.count())
  }

  /** `progress` receives the number of keys read so far. */
  reload(progress?: (keys: number) => void): Promise<number> {
    return this.#mirrored.reload(progress)
  }

  #isKnown(key: AccessKey): boolean {
    accessKeyToWords(key, this.#words, 0)
    return this.#known.table.has(this.#words)
  }

  #put({ key, validUntilSeconds }: StoredKey): void {
    accessKeyToWords(key, this.#words, 0)
    if (!this.#known.table.put(this.#words, validUntilSeconds)) this.#known.room.expect(1)
  }

  #endOf(lifetimeSeconds: number | undefined): number | undefined {
    if (lifetimeSeconds === undefined) return undefined
    const end = this.#dependencies.clock.wallSeconds() + lifetimeSeconds
    if (end <= LAST_SECOND) return end
    throw new Refusal('lifetime-too-long', 'the key would be valid for longer than a date can represent')
  }
}

function existing(stored: StoredKey | undefined): StoredKey {
  if (stored === undefined) throw new Refusal('not-there', 'there is no such key')
  return stored
}
