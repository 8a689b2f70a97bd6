// Lists of torrents that survive a restart: the whitelist, and the blocklist with its reasons.

import type { InfoHash } from '../../info-hash.ts'
import { port } from '../port.ts'

export interface ListEntry {
  readonly infoHash: InfoHash
  /** Why it is on the list, for people. Whitelists have none. */
  readonly reason?: string | undefined
}

export interface StoredListEntry extends ListEntry {
  /** Rises with each entry added; where a page goes on. */
  readonly position: number
  /** Seconds since 1970; undefined when the store does not know (Torrust's whitelists). */
  readonly addedAtSeconds?: number | undefined
}

/**
 * All methods reject with a `Refusal` 'store-unavailable' when the store is away, too slow or full. Nothing has changed
 * then, unless the connection broke before the acknowledgement came: whoever has to know asks again. What was
 * acknowledged survives the death of the process and of the database server. Writers may overlap in any number.
 */
export interface TorrentListStore {
  /**
   * Adds all or none; resolves with those that were not there before, in the given order. Of one given twice the last
   * reason holds. One that is there keeps its place; a reason replaces the old one. Any number of entries.
   */
  add(entries: readonly ListEntry[]): Promise<readonly InfoHash[]>
  /** Removes all or none; resolves with those that were there. */
  remove(infoHashes: readonly InfoHash[]): Promise<readonly InfoHash[]>
  /** Undefined when it is not on the list. */
  find(infoHash: InfoHash): Promise<StoredListEntry | undefined>
  /**
   * Up to `limit` entries with a position above `after` (0: from the start), in rising position; fewer mean the end.
   */
  page(after: number, limit: number): Promise<readonly StoredListEntry[]>
  count(): Promise<number>
}
export const WhitelistStore = port<TorrentListStore>('WhitelistStore')
export const BlocklistStore = port<TorrentListStore>('BlocklistStore')
