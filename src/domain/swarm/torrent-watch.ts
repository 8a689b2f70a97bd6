// Receives notice of torrents added and removed. Hot lane: called with the shard's lock held, so it records what it
// needs and returns.

export interface TorrentWatch {
  /** An unknown torrent got its first peer; its info hash is at `infoHashAt` of `words`. */
  added(words: Int32Array, infoHashAt: number): void
  /** A torrent is removed: its last peer stopped, a clean-up removed it, or it was evicted. */
  removed(words: Int32Array, infoHashAt: number): void
}

export const UNWATCHED: TorrentWatch = { added: () => {}, removed: () => {} }
