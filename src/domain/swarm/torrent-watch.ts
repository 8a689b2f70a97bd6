// Whoever is told that torrents come and go. Hot lane: called with the shard's lock held, so it notes what it needs and
// returns.

export interface TorrentWatch {
  /** A torrent that was not known has its first peer; its info hash is at `infoHashAt` of `words`. */
  added(words: Int32Array, infoHashAt: number): void
  /** A torrent is given up: its last peer has stopped, a clean-up was due, or another one needed the room. */
  removed(words: Int32Array, infoHashAt: number): void
}

export const UNWATCHED: TorrentWatch = { added: () => {}, removed: () => {} }
