// A key as API v1 shows it, with its expiry as a number and as text.

import type { AccessKey } from '../../../../domain/access-key.ts'

/** `2022-11-25 17:31:18 UTC`; years of more than four digits begin with a plus. */
function writeExpiry(seconds: number): string {
  const [date, time] = new Date(seconds * 1000).toISOString().split('T')
  return `${date.replace(/^\+0*/, '+')} ${time.slice(0, 8)} UTC`
}

export interface ShownKey {
  readonly key: AccessKey
  /** Seconds since 1970; undefined: forever. */
  readonly validUntilSeconds: number | undefined
}

export function writeKey({ key, validUntilSeconds }: ShownKey): string {
  return JSON.stringify({
    key,
    valid_until: validUntilSeconds ?? null,
    expiry_time: validUntilSeconds === undefined ? null : writeExpiry(validUntilSeconds),
  })
}
