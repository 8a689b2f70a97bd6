// Facts leaving the hot lane: noted by the thread in which they happen, delivered to the main thread a moment later.

import { port } from '../port.ts'

/** What can happen to a torrent. Values are those of its word in shared memory, 1 to 31. */
export const FactKind = { TorrentCompleted: 1, TorrentAdded: 2, TorrentRemoved: 3 } as const
export type FactKind = (typeof FactKind)[keyof typeof FactKind]

/** Hot lane, one instance per thread: no allocation, no waiting. */
export interface Facts {
  /**
   * Notes that something happened to the torrent whose info hash is at word `infoHashAt` of `words`, if that kind is
   * wanted. Facts that find no room are counted. Half of the room is reserved for downloads, because clients decide how
   * many torrents come and go.
   */
  note(kind: FactKind, words: Int32Array, infoHashAt: number): void
}
export const Facts = port<Facts>('Facts')

/** The receiving end: main thread only. */
export interface FactInbox {
  /** From now on facts of these kinds, and no others, are noted; before the first call, none are. */
  want(kinds: readonly FactKind[]): void
  /**
   * Calls `visit` for each fact that has arrived, up to `max` of them, in order within each thread; `words` holds the
   * info hash at `infoHashAt` and is valid only during the call. Returns how many there were.
   */
  drain(max: number, visit: (kind: FactKind, words: Int32Array, infoHashAt: number) => void): number
}
export const FactInbox = port<FactInbox>('FactInbox')
