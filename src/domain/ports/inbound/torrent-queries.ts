// Queries about torrents: one with its peers, some by their hashes, lists of all. Read from the swarms at that moment.

import type { Cancellation } from '../../cancellation.ts'
import type { InfoHash } from '../../info-hash.ts'
import { port } from '../port.ts'

export interface TorrentRow {
  readonly infoHash: InfoHash
  readonly seeders: number
  readonly leechers: number
  /** Completed downloads. */
  readonly completed: number
}

export interface PeerView {
  /** 20 bytes. */
  readonly peerId: Uint8Array
  /** Address and port in network bytes: 6 or 18. */
  readonly endpoint: Uint8Array
  readonly uploaded: bigint
  readonly downloaded: bigint
  readonly left: bigint
  readonly event: 'none' | 'completed' | 'started' | 'paused'
  /** Seconds since 1970. */
  readonly lastAnnounceSeconds: number
}

export interface TorrentView extends TorrentRow {
  readonly peers: readonly PeerView[]
}

export type TorrentSort = 'info_hash' | 'seeders' | 'leechers' | 'completed'

export interface TorrentSearch {
  /** Lower-case hex digits at the start of the hash, 0 to 40. */
  readonly prefix: string
  /** By hash ascending, or by a count descending (then by hash ascending). */
  readonly sort: TorrentSort
  /** The last row of the previous page; undefined for the first page. */
  readonly after: TorrentRow | undefined
  /** 1 to 1000. */
  readonly limit: number
}

export interface TorrentQueries {
  /** Undefined when no peer has announced it. With at most `maxPeers` peers. */
  torrent(infoHash: InfoHash, maxPeers: number): TorrentView | undefined
  /** The known ones, in the given order, duplicates included. */
  torrents(infoHashes: readonly InfoHash[]): readonly TorrentRow[]
  /**
   * `limit` torrents in ascending order of hashes, from index `offset` on, in pieces that are found when they are
   * requested. Needs little memory whatever the limit, and does nothing while no piece is requested. Ends early when
   * cancelled. A torrent that appears or disappears meanwhile may be missing; none is listed twice.
   */
  list(offset: number, limit: number, signal?: Cancellation): AsyncIterable<readonly TorrentRow[]>
  /** Up to `limit` rows; fewer mean that it is the last page. None when cancelled. */
  search(search: TorrentSearch, signal?: Cancellation): Promise<readonly TorrentRow[]>
}
export const TorrentQueries = port<TorrentQueries>('TorrentQueries')
