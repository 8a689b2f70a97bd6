// When clients are asked to announce again: a base interval plus jitter, because clients do not add their own (CL-01).
// This is what is configured; a control loop may replace the base interval (pacing/).

/** Seconds. */
export interface AnnounceIntervals {
  readonly intervalSeconds: number
  readonly minIntervalSeconds: number
  /** Fraction of the interval by which a reply's interval may be longer: 0.2 spreads 1800 over 1800 to 2159. */
  readonly jitter: number
}

/** The longest interval (lists of public trackers reject longer ones, NT-03). */
export const MAX_INTERVAL_SECONDS = 10_800
