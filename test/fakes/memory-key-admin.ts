import { type AccessKey, readAccessKey } from '../../src/domain/access-key.ts'
import type { KeyAdmin, KeyPage } from '../../src/domain/ports/inbound/key-admin.ts'
import type { NewKey, StoredKey } from '../../src/domain/ports/outbound/key-store.ts'
import { Refusal } from '../../src/domain/refusal.ts'
import { FakeTrouble } from './fake-trouble.ts'

const LAST_SECOND = 100_000_000_000

/** Keys in a Map. Issued keys are the same in every run. */
export class MemoryKeyAdmin implements KeyAdmin {
  readonly trouble = new FakeTrouble()
  readonly #keys = new Map<number, StoredKey>()
  #lastId = 0
  /** Seconds since 1970. */
  nowSeconds = 1_700_000_000
  capacity = Number.POSITIVE_INFINITY

  get isAvailable(): boolean {
    return this.trouble.isAvailable
  }

  issue(lifetimeSeconds: number | undefined, label?: string): Promise<StoredKey> {
    const key = readAccessKey(`issued${this.#lastId + 1}`.padEnd(32, 'x'))
    if (key === undefined) throw new Error('not a key')
    return this.add(key, lifetimeSeconds, label)
  }

  async add(key: AccessKey, lifetimeSeconds: number | undefined, label?: string): Promise<StoredKey> {
    await this.trouble.await()
    const validUntilSeconds = this.#until(lifetimeSeconds)
    if (this.#isKnown(key)) throw new Refusal('already-there', 'the entry already exists')
    if (this.#keys.size >= this.capacity) throw this.trouble.full()
    return this.#put({ key, validUntilSeconds, label })
  }

  async addAll(keys: readonly NewKey[]): Promise<readonly StoredKey[]> {
    await this.trouble.await()
    const fresh = new Map(keys.toReversed().map((given) => [given.key, given]))
    for (const key of fresh.keys()) if (this.#isKnown(key)) fresh.delete(key)
    if (this.#keys.size + fresh.size > this.capacity) throw this.trouble.full()
    return keys.filter((given) => fresh.get(given.key) === given).map((given) => this.#put(given))
  }

  async revoke(id: number): Promise<StoredKey> {
    await this.trouble.await()
    const stored = this.#get(id)
    this.#keys.delete(id)
    return stored
  }

  async extend(id: number, lifetimeSeconds: number | undefined): Promise<StoredKey> {
    await this.trouble.await()
    const stored = { ...this.#get(id), validUntilSeconds: this.#until(lifetimeSeconds) }
    this.#keys.set(id, stored)
    return stored
  }

  async relabel(id: number, label: string | undefined): Promise<StoredKey> {
    await this.trouble.await()
    const stored = { ...this.#get(id), label }
    this.#keys.set(id, stored)
    return stored
  }

  async find(key: AccessKey): Promise<StoredKey | undefined> {
    await this.trouble.await()
    return [...this.#keys.values()].find((stored) => stored.key === key)
  }

  async page(after: number, limit: number, labelPart?: string): Promise<KeyPage> {
    await this.trouble.await()
    const part = labelPart?.toLowerCase()
    const keys = [...this.#keys.values()]
      .filter(({ id, label }) => id > after && (part === undefined || label?.toLowerCase().includes(part)))
      .slice(0, limit)
    return { keys, next: keys.length < limit ? undefined : keys.at(-1)?.id }
  }

  async count(): Promise<number> {
    await this.trouble.await()
    return this.#keys.size
  }

  reload(): Promise<number> {
    return this.count()
  }

  #isKnown(key: AccessKey): boolean {
    return [...this.#keys.values()].some((stored) => stored.key === key)
  }

  #put(given: NewKey): StoredKey {
    const stored = { ...given, id: ++this.#lastId, addedAtSeconds: this.nowSeconds }
    this.#keys.set(stored.id, stored)
    return stored
  }

  #get(id: number): StoredKey {
    const stored = this.#keys.get(id)
    if (stored === undefined) throw new Refusal('not-there', 'no such key')
    return stored
  }

  #until(lifetimeSeconds: number | undefined): number | undefined {
    if (lifetimeSeconds === undefined) return undefined
    const until = this.nowSeconds + lifetimeSeconds
    if (until > LAST_SECOND) throw new Refusal('lifetime-too-long', 'the lifetime is too long')
    return until
  }
}
