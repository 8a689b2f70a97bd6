import type { AccessKey } from '../../src/domain/access-key.ts'
import type { KeyStore, StoredKey } from '../../src/domain/ports/outbound/key-store.ts'
import { Refusal } from '../../src/domain/refusal.ts'
import { SwitchableStore } from './switchable-store.ts'

/** Keys in a map. */
export class MemoryKeyStore extends SwitchableStore implements KeyStore {
  readonly #keys = new Map<number, StoredKey>()
  #last = 0

  async add(key: AccessKey, validUntilSeconds: number | undefined): Promise<StoredKey> {
    this.requireAvailable()
    if (this.#withKey(key) !== undefined) throw new Refusal('already-there', 'the entry already exists')
    return this.#set({ id: ++this.#last, key, validUntilSeconds })
  }

  async remove(id: number): Promise<StoredKey | undefined> {
    this.requireAvailable()
    const stored = this.#keys.get(id)
    this.#keys.delete(id)
    return stored
  }

  async extend(id: number, validUntilSeconds: number | undefined): Promise<StoredKey | undefined> {
    this.requireAvailable()
    const stored = this.#keys.get(id)
    return stored && this.#set({ ...stored, validUntilSeconds })
  }

  async find(key: AccessKey): Promise<StoredKey | undefined> {
    this.requireAvailable()
    return this.#withKey(key)
  }

  async page(after: number, limit: number): Promise<readonly StoredKey[]> {
    this.requireAvailable()
    return [...this.#keys.values()].filter(({ id }) => id > after).slice(0, limit)
  }

  async count(): Promise<number> {
    this.requireAvailable()
    return this.#keys.size
  }

  #withKey(key: AccessKey): StoredKey | undefined {
    return [...this.#keys.values()].find((stored) => stored.key === key)
  }

  #set(stored: StoredKey): StoredKey {
    this.#keys.set(stored.id, stored)
    return stored
  }
}
