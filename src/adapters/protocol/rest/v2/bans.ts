// REST v2: banned addresses and networks.

import * as v from 'valibot'
import { readBanRange } from '../../ban-range-text.ts'
import { json, lines, operation } from '../operation.ts'
import { cursor, freeText, givenMoment, integerFrom, limit, moment, nextCursor } from './fields.ts'
import { ImportResultSchema } from './import-result.ts'

const MAX_PER_REQUEST = 1000
/** Of an address in its longest form, and a prefix. */
const MAX_ADDRESS_LENGTH = 49
/** Ten years. */
const MAX_BAN_SECONDS = 315_360_000

const ADDRESS_FORMS = 'must be an IP address or a network such as 192.0.2.0/24'

function problemOf(text: string): string | undefined {
  const reading = readBanRange(text)
  return 'problem' in reading ? reading.problem : undefined
}

const banned = v.pipe(
  v.string(ADDRESS_FORMS),
  v.maxLength(MAX_ADDRESS_LENGTH, ADDRESS_FORMS),
  v.rawCheck(({ dataset, addIssue }) => {
    const problem = dataset.typed ? problemOf(dataset.value) : undefined
    if (problem !== undefined) addIssue({ message: problem })
  }),
  v.description('`192.0.2.1`, `192.0.2.0/24` (/8 at most), `2001:db8::1`, `2001:db8::/48` (/16 at most).'),
)

const reason = v.pipe(freeText(500), v.description('Why, as free text; never shown to clients.'))

export const BanEntrySchema = v.strictObject({
  address: v.pipe(v.string(), v.description('In its canonical form; a network has a prefix.')),
  reason: v.nullable(v.string()),
  added_at: moment,
  expires_at: v.pipe(v.nullable(moment), v.description('Null: until it is lifted.')),
})

export const BanPageSchema = v.strictObject({ bans: v.array(BanEntrySchema), next_cursor: nextCursor })

export const BanOrderSchema = v.pipe(
  v.strictObject({
    addresses: v.pipe(
      v.array(banned, 'must be a list'),
      v.minLength(1, 'must not be empty'),
      v.maxLength(MAX_PER_REQUEST, `must have at most ${MAX_PER_REQUEST} entries`),
    ),
    reason: v.optional(reason),
    seconds: v.optional(v.pipe(integerFrom(1, MAX_BAN_SECONDS), v.description('The bans end after this time.'))),
    expires_at: v.optional(v.pipe(givenMoment, v.description('The bans end at this time.'))),
  }),
  v.check(
    (order) => order.seconds === undefined || order.expires_at === undefined,
    'has seconds or expires_at, not both',
  ),
  v.description('Without `seconds` and `expires_at` the bans last until they are lifted.'),
)

export const BansSchema = v.strictObject({ bans: v.array(BanEntrySchema) })

/** A line may also be the bare address, without quotes. */
export const BanLineSchema = v.strictObject({
  address: banned,
  reason: v.optional(v.nullable(reason)),
  expires_at: v.optional(v.nullable(givenMoment)),
})

/** Not `banned`: networks of any width and host bits are looked up too, and found not to be there. */
const lookedUp = v.pipe(
  v.string('must be an IP address'),
  v.maxLength(MAX_ADDRESS_LENGTH, 'must be an IP address'),
  v.check((text) => !text.includes('/') && problemOf(text) === undefined, 'must be an IP address'),
  v.description('Only the bans that cover this address.'),
)

export const bans = {
  listBans: operation({
    method: 'get',
    path: '/bans',
    tag: 'bans',
    summary: 'List the bans in order of addition, or those that cover an address',
    scope: 'read',
    query: v.strictObject({ limit, cursor, address: v.optional(lookedUp) }),
    success: { 200: { description: 'A page of bans', content: json(BanPageSchema) } },
    problems: [400, 409, 503],
  }),
  ban: operation({
    method: 'post',
    path: '/bans',
    tag: 'bans',
    summary: `Ban up to ${MAX_PER_REQUEST} addresses and networks; an existing ban gets the new reason and end`,
    scope: 'manage',
    body: json(BanOrderSchema),
    success: { 200: { description: 'The bans, which are in force', content: json(BansSchema) } },
    problems: [409, 503, 507],
  }),
  liftBan: operation({
    method: 'delete',
    path: '/bans',
    tag: 'bans',
    summary: 'Lift the ban of exactly this address or network',
    scope: 'manage',
    query: v.strictObject({ address: banned }),
    success: { 204: { description: 'It was lifted' } },
    problems: [400, 404, 409, 503],
  }),
  importBans: operation({
    method: 'post',
    path: '/bans/import',
    tag: 'bans',
    summary: 'Ban any number of addresses and networks, one per line; invalid lines are skipped and counted',
    scope: 'manage',
    body: lines(BanLineSchema),
    success: { 200: { description: 'All lines were read', content: json(ImportResultSchema) } },
    problems: [409, 503, 507],
  }),
  exportBans: operation({
    method: 'get',
    path: '/bans/export',
    tag: 'bans',
    summary: 'Export all bans, one per line, in the format of imports',
    scope: 'read',
    success: { 200: { description: 'The bans', content: lines(BanLineSchema) } },
    problems: [409, 503],
  }),
}
