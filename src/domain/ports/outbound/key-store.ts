// Persistent storage of a private tracker's keys.

import type { AccessKey } from '../../access-key.ts'
import { port } from '../port.ts'

export interface StoredKey {
  /**
   * Assigned by the store, never reused; names the key without revealing it, and marks where the next page continues.
   */
  readonly id: number
  readonly key: AccessKey
  /** Whole seconds since 1970; undefined: no expiry. */
  readonly validUntilSeconds: number | undefined
}

/** Rejections and durability as for `TorrentListStore`. */
export interface KeyStore {
  /** Rejects with a `Refusal` 'already-there' if the key exists. */
  add(key: AccessKey, validUntilSeconds: number | undefined): Promise<StoredKey>
  /** Resolves with the removed key; undefined if it did not exist. */
  remove(id: number): Promise<StoredKey | undefined>
  /** Changes how long a key is valid; undefined if it does not exist. */
  extend(id: number, validUntilSeconds: number | undefined): Promise<StoredKey | undefined>
  find(key: AccessKey): Promise<StoredKey | undefined>
  /**
   * Up to `limit` keys with an id above `after` (0: from the start), in ascending order of ids; fewer mean that it is
   * the last page.
   */
  page(after: number, limit: number): Promise<readonly StoredKey[]>
  count(): Promise<number>
}
export const KeyStore = port<KeyStore>('KeyStore')
