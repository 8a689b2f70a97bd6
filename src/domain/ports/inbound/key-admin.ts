// Administering the keys of a private tracker. Store first, then memory, then the answer, as for lists.

import type { AccessKey } from '../../access-key.ts'
import type { StoredKey } from '../outbound/key-store.ts'
import { port } from '../port.ts'

export interface KeyPage {
  readonly keys: readonly StoredKey[]
  /** What to ask for next; undefined at the end. */
  readonly next: number | undefined
}

/**
 * Lifetimes are whole seconds from now, 0 or more; undefined: for ever. Rejects with a `Refusal`: 'store-unavailable',
 * 'no-database', 'table-full', and what each method says.
 */
export interface KeyAdmin {
  /** False: the tracker runs without a database, and every other method rejects with 'no-database'. */
  readonly isAvailable: boolean
  /** A new random key. 'lifetime-too-long'. */
  issue(lifetimeSeconds: number | undefined): Promise<StoredKey>
  /** A key that the caller has made. 'already-there', 'lifetime-too-long'. */
  add(key: AccessKey, lifetimeSeconds: number | undefined): Promise<StoredKey>
  /** 'not-there'. */
  revoke(id: number): Promise<StoredKey>
  /** Valid from now for another lifetime. 'not-there', 'lifetime-too-long'. */
  extend(id: number, lifetimeSeconds: number | undefined): Promise<StoredKey>
  find(key: AccessKey): Promise<StoredKey | undefined>
  page(after: number, limit: number): Promise<KeyPage>
  count(): Promise<number>
  /** Makes memory hold what the store holds, whoever changed the store; resolves with the number of keys. */
  reload(): Promise<number>
}
export const KeyAdmin = port<KeyAdmin>('KeyAdmin')
