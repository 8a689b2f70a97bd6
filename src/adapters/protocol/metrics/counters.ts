// All counters: the combined tables, each name with its index into the rows of shared memory. Counters that are always
// on come first, the tracker's own before those of the adapters; request statistics come last.

import { type Counters, TRACKER_COUNTER_NAMES } from '../../../domain/ports/outbound/counters.ts'
import { HTTP_COUNTERS, HTTP_REQUEST_COUNTERS } from './tables/http-table.ts'
import { PROCESS_COUNTERS } from './tables/process-table.ts'
import { REST_COUNTERS } from './tables/rest-table.ts'
import { TLS_COUNTERS } from './tables/tls-table.ts'
import { UDP_COUNTERS, UDP_REQUEST_COUNTERS } from './tables/udp-table.ts'

const ALWAYS_COUNTED = [
  ...TRACKER_COUNTER_NAMES,
  ...UDP_COUNTERS,
  ...HTTP_COUNTERS,
  ...TLS_COUNTERS,
  ...REST_COUNTERS,
  ...PROCESS_COUNTERS,
] as const

export const COUNTER_NAMES = [...ALWAYS_COUNTED, ...UDP_REQUEST_COUNTERS, ...HTTP_REQUEST_COUNTERS] as const
export type CounterName = (typeof COUNTER_NAMES)[number]

/** Counters from this index on are request statistics. */
export const FIRST_REQUEST_COUNTER = ALWAYS_COUNTED.length

/** Index of a counter: `Counter.udp4_connects`. */
export const Counter = Object.freeze(Object.fromEntries(COUNTER_NAMES.map((name, index) => [name, index]))) as Readonly<
  Record<CounterName, number>
>

export type CounterTotals = Readonly<Record<CounterName, number>>

/** The current totals of all counters, by name: of the whole tracker, or of one listener. */
export function readTotals(counters: Pick<Counters, 'total'>): CounterTotals {
  return Object.fromEntries(COUNTER_NAMES.map((name, index) => [name, counters.total(index)])) as Record<
    CounterName,
    number
  >
}
