// Completed downloads that survive a restart: a count per torrent, and their total.

import type { InfoHash } from '../../info-hash.ts'
import { port } from '../port.ts'

export interface DownloadCount {
  readonly infoHash: InfoHash
  /** Whole number; in an increment at least 1. */
  readonly completed: number
}

export interface StoredDownloadCount extends DownloadCount {
  /** Where a page goes on. */
  readonly position: number
}

/** Rejections and durability are those of `TorrentListStore`. One writer. */
export interface DownloadStore {
  /**
   * Adds to the counts of torrents (each named once) and their sum to the total: all or none, and once only for each
   * `batch`, however often it is tried. Batches are numbered in rising order; the first one is `await lastBatch() + 1`.
   */
  add(batch: number, increments: readonly DownloadCount[]): Promise<void>
  /** Number of the last batch that was added; 0 before the first. */
  lastBatch(): Promise<number>
  /** Up to `limit` counts with a position above `after` (0: from the start), in rising position; fewer mean the end. */
  page(after: number, limit: number): Promise<readonly StoredDownloadCount[]>
  /** Torrents with a count. */
  count(): Promise<number>
  /** Completed downloads of all torrents, those before the store was adopted included. */
  total(): Promise<number>
}
export const DownloadStore = port<DownloadStore>('DownloadStore')
