// Persistent bans. A range is there once; how its address is written does not matter.

import type { AddressNetwork } from '../../address-ranges.ts'
import type { Ban, StoredBan } from '../../ban.ts'
import { port } from '../port.ts'

/** Rejections and guarantees are those of `TorrentListStore`. */
export interface BanStore {
  /**
   * Adds all or none; resolves with what is stored for each range, in the given order, each once. A range that is
   * banned already gets the given reason and expiry and keeps its position. Any number of bans.
   */
  put(bans: readonly Ban[]): Promise<readonly StoredBan[]>
  /** By the texts of the ranges: removes all or none; resolves with those that were there. */
  remove(ranges: readonly string[]): Promise<readonly StoredBan[]>
  find(range: string): Promise<StoredBan | undefined>
  /** Those of these networks that are banned, expired or not. */
  among(networks: readonly AddressNetwork[]): Promise<readonly StoredBan[]>
  /**
   * Up to `limit` bans with a position above `after` (0: from the start), in ascending order, expired ones included.
   */
  page(after: number, limit: number): Promise<readonly StoredBan[]>
  /** Removes up to `limit` bans that expired before this date; resolves with how many. */
  removeExpired(beforeSeconds: number, limit: number): Promise<number>
  count(): Promise<number>
}
export const BanStore = port<BanStore>('BanStore')
