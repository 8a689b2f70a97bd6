// Timestamps in the contract's format: whole seconds, and four-digit years, whatever the database contains.

const LAST_SECOND = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000

/** From seconds since 1970. */
export function isoTimestamp(seconds: number): string {
  return new Date(Math.min(Math.max(seconds, 0), LAST_SECOND) * 1000).toISOString().replace('.000Z', 'Z')
}
