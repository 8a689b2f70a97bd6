// The actions of `muster keys` that change a key.

import { readAccessKey } from '../../../domain/access-key.ts'
import { type ApiSession, isNotFound } from '../api-command.ts'
import { visible } from '../cell.ts'
import { CommandFailure, USAGE_ERROR } from '../cli-environment.ts'
import { writeFields, writeJson, writeLine } from '../output.ts'
import { noteIfWithoutEffect } from './effect-notes.ts'

export interface KeyOrder {
  /** Null: a random one. */
  readonly key: string | null
  /** Lifetime in seconds; null: forever. */
  readonly valid: number | null
  readonly label: string | null
}

export async function issueKey({ key: text, valid, label }: KeyOrder, session: ApiSession): Promise<number> {
  const { client, asJson, isTerminal, out } = session
  if (text !== null && readAccessKey(text) === undefined) {
    throw new CommandFailure('A key must be 32 letters and digits.', USAGE_ERROR)
  }
  const issued = await client.call('issueKey', { body: { key: text, seconds_valid: valid, label } })
  const { id, key, valid_until } = issued
  if (asJson) out(writeJson(issued))
  else if (isTerminal) {
    const labelled = label === null ? {} : { Label: label }
    out(writeFields({ Id: id, Key: key, ...labelled, 'Valid until': until(valid_until) }, session))
  }
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
    client.call('changeKey', { params: { id }, body: { seconds_valid: valid } }),
  )
  out(asJson ? writeJson(entry) : `key ${id} valid until ${until(entry.valid_until)}\n`)
  return 0
}

/** An empty label removes the old one. */
export async function labelKey(id: number, label: string, { client, asJson, out }: ApiSession): Promise<number> {
  const change = { label: label === '' ? null : label }
  const entry = await failIfNoSuchKey(() => client.call('changeKey', { params: { id }, body: change }))
  const sentence = entry.label === null ? `key ${id} has no label` : `key ${id} labelled ${visible(entry.label)}`
  out(asJson ? writeJson(entry) : `${sentence}\n`)
  return 0
}

export function until(moment: string | null): string {
  return moment ?? 'forever'
}

async function failIfNoSuchKey<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw isNotFound(error) ? new CommandFailure('There is no such key.') : error
  }
}
