// Persistent counts of completed downloads: one per torrent, and the total.

import type { InfoHash } from '../../info-hash.ts'
import { port } from '../port.ts'

export interface DownloadCount {
  readonly infoHash: InfoHash
  /** Whole number; in an increment at least 1. */
  readonly completed: number
}

export interface StoredDownloadCount extends DownloadCount {
  /** Where the next page continues. */
  readonly position: number
}

/** Rejections and durability as for `TorrentListStore`. One writer. */
export interface DownloadStore {
  /**
   * Adds to the counts of torrents (each named once) and their sum to the total: all or none, and only once for each
   * `batch`, however often it is retried. Batch numbers ascend; the first one is `await lastBatch() + 1`.
   */
  add(batch: number, increments: readonly DownloadCount[]): Promise<void>
  /** Number of the last batch added; 0 before the first. */
  lastBatch(): Promise<number>
  /**
   * Up to `limit` counts with a position above `after` (0: from the start), in ascending order; fewer mean that it is
   * the last page.
   */
  page(after: number, limit: number): Promise<readonly StoredDownloadCount[]>
  /** Number of torrents with a count. */
  count(): Promise<number>
  /** Completed downloads of all torrents, including those from before the store was adopted. */
  total(): Promise<number>
}
export const DownloadStore = port<DownloadStore>('DownloadStore')
