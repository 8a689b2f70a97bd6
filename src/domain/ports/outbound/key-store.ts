// Keys of a private tracker that survive a restart.

import type { AccessKey } from '../../access-key.ts'
import { port } from '../port.ts'

export interface StoredKey {
  /** Given by the store, never used again; names the key without showing it, and is where a page goes on. */
  readonly id: number
  readonly key: AccessKey
  /** Whole seconds since 1970; undefined: for ever. */
  readonly validUntilSeconds: number | undefined
}

/** Rejections and durability are those of `TorrentListStore`. */
export interface KeyStore {
  /** Rejects with a `Refusal` 'already-there' when there is such a key. */
  add(key: AccessKey, validUntilSeconds: number | undefined): Promise<StoredKey>
  /** Resolves with what was removed; undefined when there was no such key. */
  remove(id: number): Promise<StoredKey | undefined>
  /** Changes how long a key is valid; undefined when there is no such key. */
  extend(id: number, validUntilSeconds: number | undefined): Promise<StoredKey | undefined>
  find(key: AccessKey): Promise<StoredKey | undefined>
  /** Up to `limit` keys with an id above `after` (0: from the start), in rising order of ids; fewer mean the end. */
  page(after: number, limit: number): Promise<readonly StoredKey[]>
  count(): Promise<number>
}
export const KeyStore = port<KeyStore>('KeyStore')
