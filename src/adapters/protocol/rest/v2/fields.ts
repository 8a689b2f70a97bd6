// Schemas of fields that several resources of REST v2 have: hashes, times, pages.

import * as v from 'valibot'
import { MAX_INFO_HASH_TEXT_LENGTH, readInfoHashText } from '../info-hash-text.ts'

const MAX_ROWS = 1000
const DEFAULT_ROWS = 100

export function integerFrom(min: number, max: number) {
  return v.pipe(
    v.number('must be a whole number'),
    v.integer('must be a whole number'),
    v.minValue(min, `must be ${min} or more`),
    v.maxValue(max, `must be ${max} or less`),
  )
}

/** Control characters and lone surrogates, which not every database can store. */
const FORBIDDEN = /[\p{Cc}\p{Cs}]/u

export function freeText(maxLength: number) {
  return v.pipe(
    v.string('must be a text'),
    v.minLength(1, 'must not be empty'),
    v.maxLength(maxLength, `must have at most ${maxLength} characters`),
    v.check((text) => !FORBIDDEN.test(text), 'must have no control characters'),
  )
}

export const count = v.pipe(v.number(), v.integer(), v.minValue(0))

export const infoHash = v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/), v.description('40 lower-case hex digits.'))

export const truncatedFrom = v.optional(
  v.pipe(
    v.string(),
    v.regex(/^[0-9a-f]{64}$/),
    v.description('The v2 hash that was given; trackers identify the torrent by its first 40 digits.'),
  ),
)

/** In paths. */
export const infoHashInPath = v.strictObject({
  info_hash: v.pipe(
    v.string(),
    v.regex(/^(?:[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})$/, 'must be 40 or 64 hex digits'),
    v.description('40 hex digits, or the 64 of a v2 hash.'),
  ),
})

/** In bodies. */
export const infoHashText = v.pipe(
  v.string('must be an info hash'),
  v.maxLength(MAX_INFO_HASH_TEXT_LENGTH, 'too long'),
  v.check((text) => readInfoHashText(text) !== undefined, 'must be an info hash, a URN or a magnet link'),
  v.description(
    '40 hex digits, the 64 of a v2 hash, 32 of base32, urn:btih:..., urn:btmh:1220..., or a magnet link with one of these. The link of a hybrid torrent means both of its hashes.',
  ),
)

export const moment = v.pipe(v.string(), v.isoTimestamp(), v.description('UTC.'))

const MOMENT_FORM = 'must be a time such as 2026-12-31T00:00:00Z'

/** In requests: with any offset from UTC. */
export const givenMoment = v.pipe(
  v.string(MOMENT_FORM),
  v.isoTimestamp(MOMENT_FORM),
  v.check((text) => Date.parse(text) >= 0, MOMENT_FORM),
)

export const addedAt = v.pipe(v.nullable(moment), v.description('Null if the database does not have it.'))

/** The maximum number of entries on a page. */
export const limit = v.optional(integerFrom(1, MAX_ROWS), DEFAULT_ROWS)

export const cursor = v.optional(
  v.pipe(
    v.string(),
    v.maxLength(200, 'must be a next_cursor of this list'),
    v.description('`next_cursor` of the previous page; absent for the first page.'),
  ),
)

export const nextCursor = v.pipe(v.nullable(v.string()), v.description('The cursor of the next page; null at the end.'))
