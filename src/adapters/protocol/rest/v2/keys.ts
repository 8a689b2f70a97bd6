// REST v2: the keys of a private tracker. A key is shown once, when it is issued, and in exports; otherwise its
// id identifies it.

import * as v from 'valibot'
import { json, lines, operation } from '../operation.ts'
import { addedAt, cursor, freeText, givenMoment, integerFrom, limit, moment, nextCursor } from './fields.ts'
import { ImportResultSchema } from './import-result.ts'

/** More than three thousand years; the year still has four digits. */
const MAX_LIFETIME_SECONDS = 100_000_000_000

const secondsValid = v.pipe(
  v.nullable(integerFrom(1, MAX_LIFETIME_SECONDS)),
  v.description('Lifetime from now; null: forever.'),
)
const key = v.pipe(
  v.string('must be 32 letters and digits'),
  v.regex(/^[0-9A-Za-z]{32}$/, 'must be 32 letters and digits'),
)
const label = v.pipe(freeText(200), v.description('Who holds it, as free text.'))
const validUntil = v.pipe(v.nullable(moment), v.description('Null: forever.'))

const fields = {
  id: integerFrom(1, Number.MAX_SAFE_INTEGER),
  hint: v.pipe(v.string(), v.description('The first four characters of the key.')),
  label: v.nullable(v.string()),
  added_at: addedAt,
  valid_until: validUntil,
}

export const KeyEntrySchema = v.strictObject(fields)
export const IssuedKeySchema = v.strictObject({ ...fields, key })
export const KeyPageSchema = v.strictObject({ keys: v.array(KeyEntrySchema), next_cursor: nextCursor })
export const KeyOrderSchema = v.strictObject({
  key: v.optional(v.pipe(v.nullable(key), v.description('A key of your own; null or absent: a random one.'))),
  seconds_valid: v.optional(secondsValid, null),
  label: v.optional(v.nullable(label)),
})
export const KeyChangeSchema = v.pipe(
  v.strictObject({ seconds_valid: v.optional(secondsValid), label: v.optional(v.nullable(label)) }),
  v.check((given) => Object.keys(given).length > 0, 'must have seconds_valid or label'),
  v.description('What is to change; a label of null removes it.'),
)

/** A line may also be the bare key, without quotes. */
export const KeyLineSchema = v.strictObject({
  key,
  valid_until: v.optional(v.pipe(v.nullable(givenMoment), v.description('Null or absent: forever.'))),
  label: v.optional(v.nullable(label)),
})

const idInPath = v.strictObject({ id: integerFrom(1, Number.MAX_SAFE_INTEGER) })

export const keys = {
  listKeys: operation({
    method: 'get',
    path: '/keys',
    tag: 'keys',
    summary: 'List keys without revealing them',
    scope: 'read',
    query: v.strictObject({
      label: v.optional(v.pipe(freeText(200), v.description('Only keys whose label contains this, in either case.'))),
      limit,
      cursor,
    }),
    success: { 200: { description: 'A page of keys', content: json(KeyPageSchema) } },
    problems: [400, 409, 503],
  }),
  issueKey: operation({
    method: 'post',
    path: '/keys',
    tag: 'keys',
    summary: 'Issue a random key, or register your own; only this answer shows it',
    scope: 'manage',
    body: json(KeyOrderSchema),
    success: { 201: { description: 'The key', content: json(IssuedKeySchema) } },
    problems: [409, 503, 507],
  }),
  revokeKey: operation({
    method: 'delete',
    path: '/keys/{id}',
    tag: 'keys',
    summary: 'Revoke a key permanently',
    scope: 'manage',
    params: idInPath,
    success: { 204: { description: 'It is revoked' } },
    problems: [400, 404, 409, 503],
  }),
  changeKey: operation({
    method: 'patch',
    path: '/keys/{id}',
    tag: 'keys',
    summary: 'Set a new lifetime, from now, or another label for a key',
    scope: 'manage',
    params: idInPath,
    body: json(KeyChangeSchema),
    success: { 200: { description: 'The key as it is now', content: json(KeyEntrySchema) } },
    problems: [404, 409, 503],
  }),
  lookUpKey: operation({
    method: 'post',
    path: '/keys/lookup',
    tag: 'keys',
    summary: 'Find the entry of a key',
    scope: 'read',
    body: json(v.strictObject({ key })),
    success: { 200: { description: 'The entry of the key', content: json(KeyEntrySchema) } },
    problems: [404, 409, 503],
  }),
  importKeys: operation({
    method: 'post',
    path: '/keys/import',
    tag: 'keys',
    summary: 'Add any number of keys, one per line; existing keys stay, invalid lines are skipped and counted',
    scope: 'manage',
    body: lines(KeyLineSchema),
    success: { 200: { description: 'All lines were read', content: json(ImportResultSchema) } },
    problems: [409, 503, 507],
  }),
  exportKeys: operation({
    method: 'get',
    path: '/keys/export',
    tag: 'keys',
    summary: 'Export all keys in full, one per line, in the format of imports',
    scope: 'manage',
    success: { 200: { description: 'The keys', content: lines(KeyLineSchema) } },
    problems: [409, 503],
  }),
}
