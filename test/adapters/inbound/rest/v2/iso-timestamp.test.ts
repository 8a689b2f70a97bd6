import { describe, expect, it } from '@jest/globals'
import { isoTimestamp } from '../../../../../src/adapters/inbound/rest/v2/iso-timestamp.ts'

describe('a timestamp', () => {
  it.each([
    [1_700_000_000, '2023-11-14T22:13:20Z'],
    [0, '1970-01-01T00:00:00Z'],
    [-1, '1970-01-01T00:00:00Z'],
    [8_640_000_000_000, '9999-12-31T23:59:59Z'],
    [Number.MAX_SAFE_INTEGER, '9999-12-31T23:59:59Z'],
  ])('of %d seconds is %s', (seconds, text) => expect(isoTimestamp(seconds)).toBe(text))
})
