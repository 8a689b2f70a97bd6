// The actions of `muster keys` that read or write many keys: list, export, import.

import type { V2Result } from '../../protocol/rest/v2/contract.ts'
import type { ApiSession } from '../api-command.ts'
import { importFile } from '../import-file.ts'
import { importLines } from '../import-lines.ts'
import { keyLine } from '../key-lines.ts'
import { type Listing, writeJsonLine, writeLine, writeListing } from '../output.ts'
import { PageReader } from '../page-reader.ts'
import { until } from './key-changes.ts'

type KeyEntry = V2Result<'listKeys'>['keys'][number]

const LISTING: Listing<KeyEntry> = {
  head: ['Id', 'Key begins', 'Valid until', 'Added', 'Label'],
  row: ({ id, hint, valid_until, added_at, label }) => [id, hint, until(valid_until), added_at, label],
  empty: 'There are no such keys.',
}

/** `label`: only keys whose label contains it. */
export async function listKeys(
  limit: number | undefined,
  label: string | undefined,
  session: ApiSession,
): Promise<number> {
  const pages = new PageReader(limit, async (page) => {
    const query = label === undefined ? page : { ...page, label }
    const { keys, next_cursor: next } = await session.client.call('listKeys', { query })
    return { entries: keys, next }
  })
  await writeListing(pages, LISTING, session)
  return 0
}

export async function exportKeys(isPlain: boolean, { client, out }: ApiSession): Promise<number> {
  for await (const entry of await client.call('exportKeys')) {
    const { key, valid_until = null, label } = entry
    out(isPlain ? writeLine([key, until(valid_until), ...(label == null ? [] : [label])]) : writeJsonLine(entry))
  }
  return 0
}

export async function importKeys(path: string, session: ApiSession): Promise<number> {
  return await importFile(
    path,
    {
      noun: 'key',
      convert: (input, progress) => importLines(input, keyLine, progress),
      send: (body) => session.client.call('importKeys', { body }),
    },
    session,
  )
}
