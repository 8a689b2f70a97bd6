// REST v2: the whitelist and the blocklist. Both work the same, except that a block must have a reason when it is
// added.

import * as v from 'valibot'
import { json, lines, operation, type Schema } from '../operation.ts'
import {
  addedAt,
  cursor,
  freeText,
  infoHash,
  infoHashInPath,
  infoHashText,
  limit,
  nextCursor,
  truncatedFrom,
} from './fields.ts'
import { ImportResultSchema } from './import-result.ts'

const MAX_PER_REQUEST = 1000
const reason = v.pipe(freeText(500), v.description('Why it is on the list, as free text.'))
const storedReason = v.nullable(v.string())

const entry = v.strictObject({
  info_hash: infoHash,
  reason: storedReason,
  added_at: addedAt,
  truncated_from: truncatedFrom,
})
export const WhitelistEntrySchema = entry
export const BlocklistEntrySchema = v.strictObject(entry.entries)

const hashes = {
  info_hash: v.optional(infoHashText),
  info_hashes: v.optional(
    v.pipe(
      v.array(infoHashText, 'must be a list'),
      v.minLength(1, 'must not be empty'),
      v.maxLength(MAX_PER_REQUEST, `must have at most ${MAX_PER_REQUEST} entries`),
    ),
  ),
  update: v.optional(
    v.pipe(v.boolean(), v.description('Whether the reason replaces those of existing entries; otherwise they stay.')),
  ),
}
function isOneOrMany({ info_hash, info_hashes }: { info_hash?: unknown; info_hashes?: unknown }): boolean {
  return (info_hash === undefined) !== (info_hashes === undefined)
}

const ONE_OR_MANY = 'must have either info_hash or info_hashes'
const ONE_OR_MANY_DESCRIPTION = 'Has either `info_hash` or `info_hashes`.'

export const WhitelistAdditionSchema = v.pipe(
  v.strictObject({ ...hashes, reason: v.optional(reason) }),
  v.check((given) => isOneOrMany(given), ONE_OR_MANY),
  v.description(ONE_OR_MANY_DESCRIPTION),
)
export const BlocklistAdditionSchema = v.pipe(
  v.strictObject({ ...hashes, reason }),
  v.check((given) => isOneOrMany(given), ONE_OR_MANY),
  v.description(ONE_OR_MANY_DESCRIPTION),
)

export const AdditionResultSchema = v.strictObject({
  results: v.array(
    v.strictObject({
      info_hash: infoHash,
      status: v.pipe(
        v.picklist(['added', 'present', 'updated']),
        v.description('present: it was already on the list and stays; updated: it was, and has the new reason.'),
      ),
      truncated_from: truncatedFrom,
    }),
  ),
})

/** A line may also be the bare hash, without quotes. */
export const WhitelistLineSchema = v.strictObject({ info_hash: infoHashText, reason: v.optional(reason) })
export const BlocklistLineSchema = v.strictObject({ info_hash: infoHashText, reason: v.optional(reason) })

function page<S extends Schema>(entry: S) {
  return v.strictObject({ entries: v.array(entry), next_cursor: nextCursor })
}

export const WhitelistPageSchema = page(WhitelistEntrySchema)
export const BlocklistPageSchema = page(BlocklistEntrySchema)

interface ListSchemas<Entry extends Schema, Page extends Schema, Addition extends Schema, Line extends Schema> {
  readonly entry: Entry
  readonly page: Page
  readonly addition: Addition
  readonly line: Line
}

function operationsOf<Entry extends Schema, Page extends Schema, Addition extends Schema, Line extends Schema>(
  list: 'whitelist' | 'blocklist',
  { entry, page, addition, line }: ListSchemas<Entry, Page, Addition, Line>,
) {
  const tag = list
  return {
    page: operation({
      method: 'get',
      path: `/${list}`,
      tag,
      summary: `List the ${list} in order of addition`,
      scope: 'read',
      query: v.strictObject({ limit, cursor }),
      success: { 200: { description: 'A page of entries', content: json(page) } },
      problems: [400, 409, 503],
    }),
    add: operation({
      method: 'post',
      path: `/${list}`,
      tag,
      summary: `Add up to ${MAX_PER_REQUEST} torrents to the ${list}: all, or none if one of them is invalid`,
      scope: 'manage',
      body: json(addition),
      success: {
        200: { description: 'All were already on the list', content: json(AdditionResultSchema) },
        201: { description: 'Some were added', content: json(AdditionResultSchema) },
      },
      problems: [409, 503, 507],
    }),
    find: operation({
      method: 'get',
      path: `/${list}/{info_hash}`,
      tag,
      summary: `Look up a torrent on the ${list}`,
      scope: 'read',
      params: infoHashInPath,
      success: { 200: { description: 'It is on the list', content: json(entry) } },
      problems: [400, 404, 409, 503],
    }),
    remove: operation({
      method: 'delete',
      path: `/${list}/{info_hash}`,
      tag,
      summary: `Remove a torrent from the ${list}`,
      scope: 'manage',
      params: infoHashInPath,
      success: { 204: { description: 'It was removed' } },
      problems: [400, 404, 409, 503],
    }),
    import: operation({
      method: 'post',
      path: `/${list}/import`,
      tag,
      summary: `Add any number of torrents to the ${list}, one per line; invalid lines are skipped and counted`,
      scope: 'manage',
      query: v.strictObject({
        update: v.optional(
          v.pipe(
            v.picklist(['true', 'false'], 'must be true or false'),
            v.description('Whether reasons replace those of existing entries; otherwise they stay.'),
          ),
          'false',
        ),
      }),
      body: lines(line),
      success: { 200: { description: 'All lines were read', content: json(ImportResultSchema) } },
      problems: [400, 409, 503, 507],
    }),
    export: operation({
      method: 'get',
      path: `/${list}/export`,
      tag,
      summary: `Export the whole ${list}, one entry per line, in the format of imports`,
      scope: 'read',
      success: { 200: { description: 'The list', content: lines(line) } },
      problems: [409, 503],
    }),
  }
}

const whitelist = operationsOf('whitelist', {
  entry: WhitelistEntrySchema,
  page: WhitelistPageSchema,
  addition: WhitelistAdditionSchema,
  line: WhitelistLineSchema,
})
const blocklist = operationsOf('blocklist', {
  entry: BlocklistEntrySchema,
  page: BlocklistPageSchema,
  addition: BlocklistAdditionSchema,
  line: BlocklistLineSchema,
})

export const lists = {
  listWhitelist: whitelist.page,
  addToWhitelist: whitelist.add,
  findInWhitelist: whitelist.find,
  removeFromWhitelist: whitelist.remove,
  importWhitelist: whitelist.import,
  exportWhitelist: whitelist.export,
  listBlocklist: blocklist.page,
  addToBlocklist: blocklist.add,
  findInBlocklist: blocklist.find,
  removeFromBlocklist: blocklist.remove,
  importBlocklist: blocklist.import,
  exportBlocklist: blocklist.export,
}
