// REST v2: the keys of a private tracker. A key is shown once, when it is issued; after that only its id identifies it.

import * as v from 'valibot'
import { json, operation } from '../operation.ts'
import { cursor, integerFrom, limit, moment, nextCursor } from './fields.ts'

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
const validUntil = v.pipe(v.nullable(moment), v.description('Null: forever.'))

const fields = {
  id: integerFrom(1, Number.MAX_SAFE_INTEGER),
  hint: v.pipe(v.string(), v.description('The first four characters of the key.')),
  valid_until: validUntil,
}

export const KeyEntrySchema = v.strictObject(fields)
export const IssuedKeySchema = v.strictObject({ ...fields, key })
export const KeyPageSchema = v.strictObject({ keys: v.array(KeyEntrySchema), next_cursor: nextCursor })
export const KeyOrderSchema = v.strictObject({
  key: v.optional(v.pipe(v.nullable(key), v.description('A key of your own; null or absent: a random one.'))),
  seconds_valid: v.optional(secondsValid, null),
})

const idInPath = v.strictObject({ id: integerFrom(1, Number.MAX_SAFE_INTEGER) })

export const keys = {
  listKeys: operation({
    method: 'get',
    path: '/keys',
    tag: 'keys',
    summary: 'List keys without revealing them',
    scope: 'read',
    query: v.strictObject({ limit, cursor }),
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
  extendKey: operation({
    method: 'patch',
    path: '/keys/{id}',
    tag: 'keys',
    summary: 'Set a new lifetime for a key, from now',
    scope: 'manage',
    params: idInPath,
    body: json(v.strictObject({ seconds_valid: secondsValid })),
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
}
