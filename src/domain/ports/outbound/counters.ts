// Things that are counted as they happen, by name. Counting is part of the hot lane: one addition, no allocation.

import { port } from '../port.ts'

/** The counters, in the order in which they lie in shared memory. A new one goes to the end. */
export const COUNTER_NAMES = [
  'udp_datagrams_received',
  'udp_datagrams_too_short',
  'udp_datagrams_from_port_zero',
  'udp_datagrams_with_wrong_magic',
  'udp_connects',
  'udp_announces',
  'udp_scrapes',
  'udp_connection_id_mismatches',
  'udp_malformed_requests',
  'udp_unknown_actions',
  'udp_errors_sent',
  'udp_replies_sent',
  'udp_send_failures',
  'udp_receive_failures',
  'udp_kernel_drops',
  'udp_batches',
  'http_requests',
  'http_announces',
  'http_scrapes',
  'http_failures',
  'http_rejected_requests',
  'http_connection_errors',
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
export type CounterName = (typeof COUNTER_NAMES)[number]

/** Index of a counter: `Counter.udp_connects`. */
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
