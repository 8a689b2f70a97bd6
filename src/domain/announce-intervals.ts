// When clients are asked to come back: a base interval spread over a range, because clients do not spread themselves
// (CL-01).

/** Seconds. */
export interface AnnounceIntervals {
  readonly intervalSeconds: number
  readonly minIntervalSeconds: number
  /** Share of the interval by which a reply's interval may be longer: 0.2 spreads 1800 over 1800 to 2159. */
  readonly jitter: number
}

/** No interval is longer (lists of public trackers refuse more, NT-03). */
export const MAX_INTERVAL_SECONDS = 10_800
