// Things that are counted as they happen, by name. Counting is part of the hot lane: one addition, no allocation.

import { port } from '../port.ts'

/**
 * Statistics of requests, which an operator may turn off. Those of both address families stand in pairs, so that the one for a client
 * is found by adding its `Family`: `Counter.udp4_announces + family`.
 */
const REQUEST_COUNTERS = [
  /** Datagrams received, of whatever kind. */
  'udp4_datagrams_received',
  'udp6_datagrams_received',
  /** Connects, announces and scrapes that were well formed and proven. */
  'udp4_connects',
  'udp6_connects',
  'udp4_announces',
  'udp6_announces',
  'udp4_scrapes',
  'udp6_scrapes',
  /** Those announces that were answered with peers. */
  'udp4_announces_answered',
  'udp6_announces_answered',
  /** Errors sent, by what was asked for; other: an action that there is not. */
  'udp4_announce_errors',
  'udp6_announce_errors',
  'udp4_scrape_errors',
  'udp6_scrape_errors',
  'udp4_other_errors',
  'udp6_other_errors',
  /** Replies, errors among them, that the operating system has taken. */
  'udp4_replies_sent',
  'udp6_replies_sent',
  'http4_announces',
  'http6_announces',
  'http4_scrapes',
  'http6_scrapes',
  /** Requests in batches whose time was taken, and the time that they took, by kind. */
  'udp_connects_timed',
  'udp_announces_timed',
  'udp_scrapes_timed',
  'udp_connect_nanoseconds',
  'udp_announce_nanoseconds',
  'udp_scrape_nanoseconds',
] as const

/** What is always counted: how the tracker itself is doing. */
const OTHER_COUNTERS = [
  'udp_datagrams_too_short',
  'udp_datagrams_from_port_zero',
  'udp_datagrams_with_wrong_magic',
  'udp_datagrams_from_nowhere',
  'udp_connection_id_mismatches',
  'udp_malformed_requests',
  'udp_unknown_actions',
  'udp_send_failures',
  'udp_receive_failures',
  'udp_kernel_drops',
  'udp_batches',
  'udp_bytes_received',
  'udp_bytes_sent',
  'http_requests',
  'http_failures',
  'http_rejected_requests',
  'http_connection_errors',
  'http_bytes_sent',
  'tls_reloads',
  'tls_reload_failures',
  'announces_served',
  'announces_refused_for_memory',
  'swarms_evicted',
  'peers_expired',
  'internal_errors',
  'http_connections_refused',
  'announces_refused_without_key',
  'announces_refused_unregistered',
  'downloads_completed',
  'facts_lost',
  'rest_requests',
  'rest_authentication_failures',
  'store_failures',
  'events_dropped',
  'event_listener_failures',
] as const

/** The counters, in the order in which they lie in shared memory. A new one goes to the end of its list. */
export const COUNTER_NAMES = [...REQUEST_COUNTERS, ...OTHER_COUNTERS] as const
export type CounterName = (typeof COUNTER_NAMES)[number]

/** Counters below this index are statistics of requests. */
export const FIRST_OTHER_COUNTER = REQUEST_COUNTERS.length

/** Index of a counter: `Counter.udp4_connects`. */
export const Counter = Object.freeze(Object.fromEntries(COUNTER_NAMES.map((name, index) => [name, index]))) as Readonly<
  Record<CounterName, number>
>

/** One instance per thread, of which only that thread adds; anybody may read the sums of all threads. */
export interface Counters {
  /** Adds `amount` (a whole number, not negative) to the counter at index `counter`. */
  add(counter: number, amount: number): void
  /** The sum of all threads for one counter; may lag by what is being added at this moment. */
  total(counter: number): number
}
export const Counters = port<Counters>('Counters')
