// An entry as a line of the API's imports, and what the API would say of it.

import { readBy } from '../../protocol/rest/read.ts'
import { KeyLineSchema } from '../../protocol/rest/v2/keys.ts'
import { BlocklistLineSchema, WhitelistLineSchema } from '../../protocol/rest/v2/lists.ts'
import { type EntryRow, targetOf } from './source-row.ts'

const SCHEMAS = { whitelist: WhitelistLineSchema, blocklist: BlocklistLineSchema, keys: KeyLineSchema }

export function entryLine(row: EntryRow): object {
  if (row.kind === 'key') return { key: row.key, valid_until: row.validUntil, label: row.label }
  return { info_hash: row.infoHash, ...(row.reason === undefined ? {} : { reason: row.reason }) }
}

/** What is wrong with the entry; undefined if the API takes it. Never repeats the entry. */
export function entryFlaw(row: EntryRow): string | undefined {
  const reading = readBy(SCHEMAS[targetOf(row)], entryLine(row))
  if (reading.isValid) return undefined
  return reading.errors.map(({ path, message }) => `${path}: ${message}`).join('; ')
}
