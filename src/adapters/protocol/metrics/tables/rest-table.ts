// Counters and histograms of the management API.

import { seconds } from './seconds.ts'

/** Always counted. */
export const REST_COUNTERS = [
  /** Requests of any kind. */
  'rest_requests',
  /** Those without a valid token. */
  'rest_authentication_failures',
  /** Above a limit. */
  'rest_connections_refused',
  /** Closed to make room for a newcomer, by the limit that the newcomer was above. */
  'rest_connections_displaced_by_address',
  'rest_connections_displaced_by_prefix',
  'rest_connections_displaced_by_total',
] as const

export const REST_HISTOGRAMS = {
  /** From parsed request to response sent. */
  rest_request: seconds(
    500,
    1000,
    2500,
    5000,
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1e6,
    2.5e6,
    5e6,
    10e6,
  ),
} as const
