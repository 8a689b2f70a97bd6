// Facts on their way out of the hot lane: noted by the thread in which they happen, told to the main thread a moment
// later.

import { port } from '../port.ts'

/** What can happen to a torrent. Values are those of the word that stands for it in shared memory, 1 to 31. */
export const FactKind = { TorrentCompleted: 1, TorrentAdded: 2, TorrentRemoved: 3 } as const
export type FactKind = (typeof FactKind)[keyof typeof FactKind]

/** Hot lane, one instance per thread: no allocation, no waiting. */
export interface Facts {
  /**
   * Notes that something happened to the torrent whose info hash is at word `infoHashAt` of `words`, if that is wanted.
   * What finds no room is counted. Downloads always have half of the room to themselves: strangers decide how many
   * torrents come and go.
   */
  note(kind: FactKind, words: Int32Array, infoHashAt: number): void
}
export const Facts = port<Facts>('Facts')

/** The other end: main thread only. */
export interface FactInbox {
  /** From now on facts of these kinds, and no others, are noted. Nothing is until then. */
  want(kinds: readonly FactKind[]): void
  /**
   * Calls `visit` for each fact that has arrived, up to `most` of them, in the order of each thread; `words` holds the
   * info hash at `infoHashAt` and is good during the call only. Returns how many there were.
   */
  drain(max: number, visit: (kind: FactKind, words: Int32Array, infoHashAt: number) => void): number
}
export const FactInbox = port<FactInbox>('FactInbox')
