// Moments as the contract writes them: with years of four digits, whatever a database holds.

const LAST_SECOND = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000

/** Of seconds since 1970. */
export function isoMoment(seconds: number): string {
  return new Date(Math.min(Math.max(seconds, 0), LAST_SECOND) * 1000).toISOString()
}
