// Administering the keys of a private tracker. Changes go to the store first, then to memory, then the answer is given,
// as for lists.

import type { AccessKey } from '../../access-key.ts'
import type { NewKey, StoredKey } from '../outbound/key-store.ts'
import { port } from '../port.ts'

export interface KeyPage {
  readonly keys: readonly StoredKey[]
  /** The `after` of the next page; undefined at the end. */
  readonly next: number | undefined
}

/**
 * Lifetimes are whole seconds from now, 0 or more; undefined: no expiry. Rejects with a `Refusal`: 'store-unavailable',
 * 'no-database', 'table-full', and those named at each method.
 */
export interface KeyAdmin {
  /** False: the tracker runs without a database, and every other method rejects with 'no-database'. */
  readonly isAvailable: boolean
  /** Creates a random key. 'lifetime-too-long'. */
  issue(lifetimeSeconds: number | undefined, label?: string): Promise<StoredKey>
  /** Adds a key that the caller supplies. 'already-there', 'lifetime-too-long'. */
  add(key: AccessKey, lifetimeSeconds: number | undefined, label?: string): Promise<StoredKey>
  /** Adds those that are not there, all or none; existing ones stay as they are. Resolves with the added ones. */
  addAll(keys: readonly NewKey[]): Promise<readonly StoredKey[]>
  /** 'not-there'. */
  revoke(id: number): Promise<StoredKey>
  /** Makes it valid for another lifetime from now. 'not-there', 'lifetime-too-long'. */
  extend(id: number, lifetimeSeconds: number | undefined): Promise<StoredKey>
  /** Replaces the label; undefined: none. 'not-there'. */
  relabel(id: number, label: string | undefined): Promise<StoredKey>
  find(key: AccessKey): Promise<StoredKey | undefined>
  /** With `labelPart` only keys whose label contains it; ASCII letters match in either case. */
  page(after: number, limit: number, labelPart?: string): Promise<KeyPage>
  count(): Promise<number>
  /** Makes memory hold what the store holds, however the store was changed; resolves with the number of keys. */
  reload(): Promise<number>
}
export const KeyAdmin = port<KeyAdmin>('KeyAdmin')
