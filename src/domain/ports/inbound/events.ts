// What has happened, told to whoever wants to know, inside this process. Main thread only.

import type { InfoHash } from '../../info-hash.ts'
import { port } from '../port.ts'

/** Of a torrent: the tracker had not known it; it has been given up; somebody has it all. */
export type TorrentEventKind = 'torrent-added' | 'torrent-removed' | 'torrent-completed'
export const EVENT_KINDS = ['torrent-added', 'torrent-removed', 'torrent-completed', 'key-expired'] as const
export type EventKind = (typeof EVENT_KINDS)[number]

/** A fact, not an order. A key is named by its id in the store: itself it is secret. */
export type TrackerEvent =
  | { readonly kind: TorrentEventKind; readonly infoHash: InfoHash }
  | { readonly kind: 'key-expired'; readonly keyId: number }

/** A promise is awaited before the listener is given its next event. */
export type EventHandler = (event: TrackerEvent) => unknown

export interface Events {
  /**
   * Has `handle` called for each event of these kinds from now on, a moment after it happened, one after the other.
   * Whoever is slow loses events of its own, whoever throws loses that one; both are counted, and neither is noticed by
   * announces or other listeners. So an event is good for telling, not for book-keeping. Events of one torrent that
   * happen in different threads within a tenth of a second may change places. `name` is for the log. Returns what ends
   * it.
   */
  listen(name: string, kinds: readonly EventKind[], handle: EventHandler): () => void
}
export const Events = port<Events>('Events')
