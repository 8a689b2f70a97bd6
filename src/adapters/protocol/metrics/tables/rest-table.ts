// Counters and histograms of the management API.

import { seconds } from './seconds.ts'

/** Always counted: requests of any kind, those without a valid token, and connections above a limit. */
export const REST_COUNTERS = ['rest_requests', 'rest_authentication_failures', 'rest_connections_refused'] as const

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
