// Counters and histograms of the HTTP listeners. Address families in pairs, as in the UDP table.

import { seconds } from './seconds.ts'

/** Request statistics, which the operator can turn off. */
export const HTTP_REQUEST_COUNTERS = ['http4_announces', 'http6_announces', 'http4_scrapes', 'http6_scrapes'] as const

/** Always counted. */
export const HTTP_COUNTERS = [
  /** Requests of any kind. */
  'http_requests',
  /** Announces and scrapes answered with a failure reason. */
  'http_failures',
  /** Of these, the ones whose source was over its rate. */
  'http_rate_limited',
  /** Rejected: for method, host or origin; by a connection limit; for not speaking HTTP, or too slowly. */
  'http_rejected_requests',
  'http_connections_refused',
  /** Connections, and requests through a proxy, of banned addresses. */
  'http_requests_banned',
  /** Closed to make room for a newcomer, by the limit that the newcomer was above. */
  'http_connections_displaced_by_address',
  'http_connections_displaced_by_prefix',
  'http_connections_displaced_by_total',
  'http_connection_errors',
  /** Times that the plain driver accepted nothing for a while, for want of descriptors or memory. */
  'http_accept_pauses',
  /** Of announce and scrape replies, without headers. */
  'http_bytes_sent',
] as const

export const HTTP_HISTOGRAMS = {
  /** An announce, from read request to written reply. */
  http_announce: seconds(10, 20, 40, 80, 160, 320, 640, 1280, 5120, 20_480, 81_920),
} as const
