// The actions of `muster keys`.

import { readAccessKey } from '../../../domain/access-key.ts'
import type { V2Result } from '../../protocol/rest/v2/contract.ts'
import { type ApiSession, isNotFound } from '../api-command.ts'
import { CommandFailure, USAGE_ERROR } from '../cli-environment.ts'
import { type Listing, writeFields, writeJson, writeLine, writeListing } from '../output.ts'
import { PageReader } from '../page-reader.ts'
import { noteIfWithoutEffect } from './effect-notes.ts'

type KeyEntry = V2Result<'listKeys'>['keys'][number]

const LISTING: Listing<KeyEntry> = {
  head: ['Id', 'Key begins', 'Valid until'],
  row: ({ id, hint, valid_until }) => [id, hint, until(valid_until)],
  empty: 'There are no keys.',
}

function until(moment: string | null): string {
  return moment ?? 'forever'
}

export async function listKeys(limit: number | undefined, session: ApiSession): Promise<number> {
  const pages = new PageReader(limit, async (query) => {
    const { keys, next_cursor: next } = await session.client.call('listKeys', { query })
    return { entries: keys, next }
  })
  await writeListing(pages, LISTING, session)
  return 0
}

/** `text` null: a random key. `valid`: seconds; null: forever. */
export async function issueKey(text: string | null, valid: number | null, session: ApiSession): Promise<number> {
  const { client, asJson, isTerminal, out } = session
  if (text !== null && readAccessKey(text) === undefined) {
    throw new CommandFailure('A key must be 32 letters and digits.', USAGE_ERROR)
  }
  const issued = await client.call('issueKey', { body: { key: text, seconds_valid: valid } })
  const { id, key, valid_until } = issued
  if (asJson) out(writeJson(issued))
  else if (isTerminal) out(writeFields({ Id: id, Key: key, 'Valid until': until(valid_until) }, true))
  // The key comes first, because scripts want it.
  else out(writeLine([key, id, until(valid_until)]))
  await noteIfWithoutEffect('keys', session)
  return 0
}

export async function revokeKey(idOrKey: string, { client, asJson, out }: ApiSession): Promise<number> {
  const key = readAccessKey(idOrKey)
  if (key === undefined && !/^\d{1,15}$/.test(idOrKey)) {
    throw new CommandFailure(
      'Give the number of the key, as "muster keys list" prints it, or its 32 characters.',
      USAGE_ERROR,
    )
  }
  const id = await failIfNoSuchKey(async () => {
    const found = key === undefined ? Number(idOrKey) : (await client.call('lookUpKey', { body: { key } })).id
    await client.call('revokeKey', { params: { id: found } })
    return found
  })
  out(asJson ? writeJson({ id, status: 'revoked' }) : `key ${id} revoked\n`)
  return 0
}

export async function extendKey(id: number, valid: number | null, session: ApiSession): Promise<number> {
  const { client, asJson, out } = session
  const entry = await failIfNoSuchKey(() =>
    client.call('extendKey', { params: { id }, body: { seconds_valid: valid } }),
  )
  out(asJson ? writeJson(entry) : `key ${id} valid until ${until(entry.valid_until)}\n`)
  return 0
}

async function failIfNoSuchKey<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw isNotFound(error) ? new CommandFailure('There is no such key.') : error
  }
}
