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
  /** Who holds it, for humans. Personal: never in a log or a metric. */
  readonly label?: string | undefined
  /** Seconds since 1970; undefined when the store does not know (Torrust's keys). */
  readonly addedAtSeconds?: number | undefined
}

/** A key to be added. */
export type NewKey = Pick<StoredKey, 'key' | 'validUntilSeconds' | 'label'>

/** Rejections and durability as for `TorrentListStore`. */
export interface KeyStore {
  /** Rejects with a `Refusal` 'already-there' if the key exists. */
  add(key: AccessKey, validUntilSeconds: number | undefined, label?: string): Promise<StoredKey>
  /**
   * Adds those that do not exist, all or none of them; existing keys stay as they are. Resolves with the added ones, in
   * the given order. Of a key given twice the first counts. Any number of keys.
   */
  addAll(keys: readonly NewKey[]): Promise<readonly StoredKey[]>
  /** Resolves with the removed key; undefined if it did not exist. */
  remove(id: number): Promise<StoredKey | undefined>
  /** Changes how long a key is valid; undefined if it does not exist. */
  extend(id: number, validUntilSeconds: number | undefined): Promise<StoredKey | undefined>
  /** Replaces the label; undefined: none. Resolves with undefined if the key does not exist. */
  relabel(id: number, label: string | undefined): Promise<StoredKey | undefined>
  find(key: AccessKey): Promise<StoredKey | undefined>
  /**
   * Up to `limit` keys with an id above `after` (0: from the start), in ascending order of ids; fewer mean that it is
   * the last page. With `labelPart` only those whose label contains it; ASCII letters match in either case.
   */
  page(after: number, limit: number, labelPart?: string): Promise<readonly StoredKey[]>
  count(): Promise<number>
}
export const KeyStore = port<KeyStore>('KeyStore')
