// Administering the whitelist and the blocklist. Every change is in the store first, then in the memory that all
// threads read, and only then acknowledged: the next announce on any thread sees it.

import type { InfoHash } from '../../info-hash.ts'
import type { AddOptions, ListEntry, StoredListEntry } from '../outbound/torrent-list-store.ts'
import { port } from '../port.ts'

export interface ListPage {
  readonly entries: readonly StoredListEntry[]
  /** The `after` of the next page; undefined at the end. */
  readonly next: number | undefined
}

/**
 * Rejects with a `Refusal`: 'store-unavailable' (try again: the change may have been made nevertheless), 'no-database',
 * 'table-full' (nothing has changed).
 */
export interface TorrentListAdmin {
  /** False: the tracker runs without a database, and every other method rejects with 'no-database'. */
  readonly isAvailable: boolean
  /** Adds all or none; resolves with those that were not on the list yet. Without options, others stay as they are. */
  add(entries: readonly ListEntry[], options?: AddOptions): Promise<readonly InfoHash[]>
  /** Resolves with those that were on the list. */
  remove(infoHashes: readonly InfoHash[]): Promise<readonly InfoHash[]>
  find(infoHash: InfoHash): Promise<StoredListEntry | undefined>
  /** `after` is 0 for the first page, then `next` of the previous one; `limit` at least 1. */
  page(after: number, limit: number): Promise<ListPage>
  count(): Promise<number>
  /** Makes memory hold what the store holds, however the store was changed; resolves with the number of entries. */
  reload(): Promise<number>
}
export const WhitelistAdmin = port<TorrentListAdmin>('WhitelistAdmin')
export const BlocklistAdmin = port<TorrentListAdmin>('BlocklistAdmin')
