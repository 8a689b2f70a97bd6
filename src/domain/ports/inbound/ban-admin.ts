// Administering bans. Every change is in the store first, then in the memory that all threads read, and only then
// acknowledged: the next datagram or request on any thread meets it.

import type { Ban, StoredBan } from '../../ban.ts'
import { port } from '../port.ts'

export interface BanPage {
  readonly bans: readonly StoredBan[]
  /** The `after` of the next page; undefined at the end. */
  readonly next: number | undefined
}

/**
 * Rejects with a `Refusal`: 'store-unavailable' (try again: the change may have been made nevertheless), 'no-database',
 * 'table-full' (nothing has changed).
 */
export interface BanAdmin {
  /** False: the tracker runs without a database, and every other method rejects with 'no-database'. */
  readonly isAvailable: boolean
  /** Bans all or none; a range that is banned already gets the given reason and expiry. Each range once, in order. */
  put(bans: readonly Ban[]): Promise<readonly StoredBan[]>
  /** Lifts the bans of exactly these ranges, by their texts; resolves with those that were there. */
  lift(ranges: readonly string[]): Promise<readonly StoredBan[]>
  find(range: string): Promise<StoredBan | undefined>
  /** The bans in force that cover an address (4 or 16 network bytes), widest first. */
  covering(address: Uint8Array): Promise<readonly StoredBan[]>
  /**
   * `after` is 0 for the first page, then `next` of the previous one; `limit` at least 1. Expired bans are left out.
   */
  page(after: number, limit: number): Promise<BanPage>
  /** Of the bans in memory. */
  count(): Promise<number>
  /** Makes memory hold what the store holds, however the store was changed; resolves with the number of bans. */
  reload(): Promise<number>
}
export const BanAdmin = port<BanAdmin>('BanAdmin')
