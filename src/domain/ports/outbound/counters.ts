// Event counters. Counting is part of the hot lane: one addition, no allocation. The names here are what domain,
// application and outbound adapters count; other adapters have their own tables.

import { port } from '../port.ts'

/** In index order; these come first, those of the adapters follow. Always counted. */
export const TRACKER_COUNTER_NAMES = [
  /** Announces applied, and those rejected, by reason. */
  'announces_served',
  'announces_refused_for_memory',
  'announces_refused_for_share',
  'announces_refused_without_key',
  'announces_refused_unregistered',
  /** Announces answered without being applied, because there were too many. */
  'announces_shed',
  /** Torrents evicted when memory was full. */
  'swarms_evicted',
  /** Entries that gave way to another one of their address, and to newcomers of full torrents. */
  'peers_replaced',
  'peers_displaced',
  /** Peers not stored because their address or network has its share of the memory. */
  'peers_refused',
  /** Peers removed by the clean-up. */
  'peers_expired',
  /** Completed downloads passed on for persisting, and those lost because the ring was full. */
  'downloads_completed',
  'facts_lost',
  /** Events dropped for lack of room, and those for which a listener failed. */
  'events_dropped',
  'event_listener_failures',
  /** Times that a store was unavailable. */
  'store_failures',
  /** Times that an attack was recognized. */
  'attacks',
  /** Alerts delivered, and replaced by later ones before that; failed attempts to deliver one. */
  'alerts_sent',
  'alerts_replaced',
  'alert_failures',
  /** Faults of the tracker itself. */
  'internal_errors',
] as const
export type TrackerCounterName = (typeof TRACKER_COUNTER_NAMES)[number]

/** Index of a counter: `TrackerCounter.announces_served`. */
export const TrackerCounter = Object.freeze(
  Object.fromEntries(TRACKER_COUNTER_NAMES.map((name, index) => [name, index])),
) as Readonly<Record<TrackerCounterName, number>>

/**
 * One instance per thread and listener, and one per thread for what belongs to no listener. Only its thread adds to it;
 * any thread may read the totals.
 */
export interface Counters {
  /** Adds `amount` (a whole number, not negative) to the counter at index `counter`. */
  add(counter: number, amount: number): void
  /** The sum of all threads and listeners for one counter; may lag slightly behind concurrent additions. */
  total(counter: number): number
}
export const Counters = port<Counters>('Counters')
