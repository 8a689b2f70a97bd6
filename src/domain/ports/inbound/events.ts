// Events delivered to listeners inside this process. Main thread only.

import type { InfoHash } from '../../info-hash.ts'
import { port } from '../port.ts'

/** For a torrent: it was not known before; it has been dropped; a peer has completed the download. */
export type TorrentEventKind = 'torrent-added' | 'torrent-removed' | 'torrent-completed'
export const EVENT_KINDS = ['torrent-added', 'torrent-removed', 'torrent-completed', 'key-expired'] as const
export type EventKind = (typeof EVENT_KINDS)[number]

/** A fact, not a command. A key is named by its id in the store, because the key itself is secret. */
export type TrackerEvent =
  | { readonly kind: TorrentEventKind; readonly infoHash: InfoHash }
  | { readonly kind: 'key-expired'; readonly keyId: number }

/** A returned promise is awaited before the listener gets its next event. */
export type EventHandler = (event: TrackerEvent) => unknown

export interface Events {
  /**
   * Calls `handle` for each event of these kinds from now on, a moment after it happened, one at a time. A slow
   * listener loses some of its own events, one that throws loses that event; both are counted, and neither affects
   * announces or other listeners. So events suit notification, not bookkeeping. Events of one torrent that happen in
   * different threads within a tenth of a second may be reordered. `name` is for the log. Returns a function that stops
   * listening.
   */
  listen(name: string, kinds: readonly EventKind[], handle: EventHandler): () => void
}
export const Events = port<Events>('Events')
