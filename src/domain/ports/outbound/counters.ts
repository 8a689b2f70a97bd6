// Things that are counted as they happen. Counting is part of the hot lane: one addition, no allocation. The names here
// are what domain, application and outbound adapters count; adapters have tables of their own.

import { port } from '../port.ts'

/** In the order of their indices, which are the first: those of the adapters follow. Always counted. */
export const TRACKER_COUNTER_NAMES = [
  /** Announces applied, and those refused, by why. */
  'announces_served',
  'announces_refused_for_memory',
  'announces_refused_without_key',
  'announces_refused_unregistered',
  /** Torrents given up for others when memory was spent. */
  'swarms_evicted',
  /** Peers removed by the clean-up. */
  'peers_expired',
  /** Completed downloads handed on to be persisted, and those that found their ring full. */
  'downloads_completed',
  'facts_lost',
  /** Events that found no room, and those that a listener failed at. */
  'events_dropped',
  'event_listener_failures',
  /** Times that a store was found away. */
  'store_failures',
  /** Faults of the tracker itself. */
  'internal_errors',
] as const
export type TrackerCounterName = (typeof TRACKER_COUNTER_NAMES)[number]

/** Index of a counter: `TrackerCounter.announces_served`. */
export const TrackerCounter = Object.freeze(
  Object.fromEntries(TRACKER_COUNTER_NAMES.map((name, index) => [name, index])),
) as Readonly<Record<TrackerCounterName, number>>

/** One instance per thread, to which only that thread adds; any thread may read the sums of all threads. */
export interface Counters {
  /** Adds `amount` (a whole number, not negative) to the counter at index `counter`. */
  add(counter: number, amount: number): void
  /** The sum of all threads for one counter; may lag by what is being added at this moment. */
  total(counter: number): number
}
export const Counters = port<Counters>('Counters')
