// Persistent lists of torrents: the whitelist, and the blocklist with its reasons.

import type { InfoHash } from '../../info-hash.ts'
import { port } from '../port.ts'

export interface ListEntry {
  readonly infoHash: InfoHash
  /** Why it is on the list, for humans. */
  readonly reason?: string | undefined
}

export interface StoredListEntry extends ListEntry {
  /** Increases with each entry added; marks where the next page continues. */
  readonly position: number
  /** Seconds since 1970; undefined when the store does not know (Torrust's whitelists). */
  readonly addedAtSeconds?: number | undefined
}

export interface AddOptions {
  /** Whether reasons that are given replace those of existing entries; otherwise existing entries stay as they are. */
  readonly replacesReasons?: boolean
}

/**
 * All methods reject with a `Refusal` 'store-unavailable' when the store is unreachable, too slow or full. Nothing has
 * changed then, unless the connection broke before the acknowledgement arrived: a caller that has to know must query
 * again. Acknowledged changes survive a crash of the process and of the database server. Any number of writers may
 * overlap.
 */
export interface TorrentListStore {
  /**
   * Adds all or none; resolves with those that were new, in the given order, which is also that of their positions. For
   * an entry given twice the last reason applies. An existing entry keeps its position. Any number of entries.
   */
  add(entries: readonly ListEntry[], options?: AddOptions): Promise<readonly InfoHash[]>
  /** Removes all or none; resolves with those that were on the list. */
  remove(infoHashes: readonly InfoHash[]): Promise<readonly InfoHash[]>
  /** Undefined when it is not on the list. */
  find(infoHash: InfoHash): Promise<StoredListEntry | undefined>
  /**
   * Up to `limit` entries with a position above `after` (0: from the start), in ascending order; fewer mean that it is
   * the last page.
   */
  page(after: number, limit: number): Promise<readonly StoredListEntry[]>
  count(): Promise<number>
}
export const WhitelistStore = port<TorrentListStore>('WhitelistStore')
export const BlocklistStore = port<TorrentListStore>('BlocklistStore')
