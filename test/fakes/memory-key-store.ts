import type { AccessKey } from '../../src/domain/access-key.ts'
import type { KeyStore, NewKey, StoredKey } from '../../src/domain/ports/outbound/key-store.ts'
import { Refusal } from '../../src/domain/refusal.ts'
import { SwitchableStore } from './switchable-store.ts'

/** Keys in a map. */
export class MemoryKeyStore extends SwitchableStore implements KeyStore {
  readonly #keys = new Map<number, StoredKey>()
  readonly #nowSeconds: (() => number) | undefined
  #last = 0

  /** Without a clock it does not know when keys were added. */
  constructor(nowSeconds?: () => number) {
    super()
    this.#nowSeconds = nowSeconds
  }

  async add(key: AccessKey, validUntilSeconds: number | undefined, label?: string): Promise<StoredKey> {
    const [added] = await this.addAll([{ key, validUntilSeconds, label }])
    if (added === undefined) throw new Refusal('already-there', 'the entry already exists')
    return added
  }

  async addAll(keys: readonly NewKey[]): Promise<readonly StoredKey[]> {
    this.requireAvailable()
    const added: StoredKey[] = []
    for (const given of keys) {
      if (this.#withKey(given.key) !== undefined) continue
      added.push(this.#set({ ...given, id: ++this.#last, addedAtSeconds: this.#nowSeconds?.() }))
    }
    return added
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

  async relabel(id: number, label: string | undefined): Promise<StoredKey | undefined> {
    this.requireAvailable()
    const stored = this.#keys.get(id)
    return stored && this.#set({ ...stored, label })
  }

  async find(key: AccessKey): Promise<StoredKey | undefined> {
    this.requireAvailable()
    return this.#withKey(key)
  }

  async page(after: number, limit: number, labelPart?: string): Promise<readonly StoredKey[]> {
    this.requireAvailable()
    const part = labelPart?.toLowerCase()
    return [...this.#keys.values()]
      .filter(({ id, label }) => id > after && (part === undefined || label?.toLowerCase().includes(part)))
      .slice(0, limit)
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
