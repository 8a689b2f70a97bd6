// What the HTTP listeners count and measure. Pairs of address families as in the table of UDP.

import { seconds } from './seconds.ts'

/** Statistics of requests, which an operator may turn off. */
export const HTTP_REQUEST_COUNTERS = ['http4_announces', 'http6_announces', 'http4_scrapes', 'http6_scrapes'] as const

/** Always counted. */
export const HTTP_COUNTERS = [
  /** Requests of whatever kind. */
  'http_requests',
  /** Announces and scrapes answered with a failure reason. */
  'http_failures',
  /** Turned away: by method, host or origin; by the limit of connections; for speaking no HTTP, or too slowly. */
  'http_rejected_requests',
  'http_connections_refused',
  'http_connection_errors',
  /** Of announce and scrape replies, without headers. */
  'http_bytes_sent',
] as const

export const HTTP_HISTOGRAMS = {
  /** An announce, from request read to reply handed over. */
  http_announce: seconds(10, 20, 40, 80, 160, 320, 640, 1280, 5120, 20_480, 81_920),
} as const
