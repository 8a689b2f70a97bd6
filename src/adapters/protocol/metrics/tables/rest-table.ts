// What the management API counts and measures.

import { seconds } from './seconds.ts'

/** Always counted: requests of whatever kind, and those without a token that opens the API. */
export const REST_COUNTERS = ['rest_requests', 'rest_authentication_failures'] as const

export const REST_HISTOGRAMS = {
  /** From request read to answer sent. */
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
