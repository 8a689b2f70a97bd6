// REST v2: keys, translated from the domain to the contract.

import { type AccessKey, readAccessKey } from '../../../../domain/access-key.ts'
import type { KeyAdmin } from '../../../../domain/ports/inbound/key-admin.ts'
import type { NewKey, StoredKey } from '../../../../domain/ports/outbound/key-store.ts'
import { KeyLineSchema, type keys } from '../../../protocol/rest/v2/keys.ts'
import type { RestContext } from '../rest-context.ts'
import { readPosition, writePosition } from './cursors.ts'
import { isoTimestamp } from './iso-timestamp.ts'
import { LineImport, type LineKind } from './line-import.ts'
import type { Handlers } from './mount.ts'
import { notFound } from './request-problem.ts'

const LIST = 'keys'
const HINT_CHARACTERS = 4
const EXPORT_PAGE = 1000

export function keyHandlers({ ports, limits }: RestContext): Handlers<typeof keys> {
  const admin = ports.keys
  return {
    listKeys: async ({ query: { label, limit, cursor } }) => {
      const page = await admin.page(readPosition(LIST, cursor), limit, label)
      const next_cursor = page.next === undefined ? null : writePosition(LIST, page.next)
      return { status: 200, body: { keys: page.keys.map(writeKey), next_cursor } }
    },

    issueKey: async ({ body }) => {
      const lifetime = body.seconds_valid ?? undefined
      const given = body.key ?? undefined
      const label = body.label ?? undefined
      const issued = await (given === undefined
        ? admin.issue(lifetime, label)
        : admin.add(accessKey(given), lifetime, label))
      return { status: 201, body: { ...writeKey(issued), key: issued.key as string } }
    },

    revokeKey: async ({ params }) => {
      await admin.revoke(params.id)
      return { status: 204 }
    },

    changeKey: async ({ params: { id }, body: { seconds_valid, label } }) => {
      const extended = seconds_valid === undefined ? undefined : await admin.extend(id, seconds_valid ?? undefined)
      const labelled = label === undefined ? undefined : await admin.relabel(id, label ?? undefined)
      const changed = labelled ?? extended
      if (changed === undefined) throw new Error('the contract and its handler disagree about changes of keys')
      return { status: 200, body: writeKey(changed) }
    },

    lookUpKey: async ({ body }) => {
      const stored = await admin.find(accessKey(body.key))
      if (stored === undefined) throw notFound('The key does not exist.')
      return { status: 200, body: writeKey(stored) }
    },

    importKeys: async ({ body }) => ({
      status: 200,
      body: await new LineImport(importedBy(admin), limits.maxLineBytes).run(body),
    }),
    exportKeys: async () => ({ status: 200, body: exported(admin) }),
  }
}

function importedBy(admin: KeyAdmin): LineKind<typeof KeyLineSchema, NewKey> {
  return {
    schema: KeyLineSchema,
    bareField: 'key',
    toEntries: ({ key, valid_until: until, label }) => [
      {
        key: accessKey(key),
        validUntilSeconds: until == null ? undefined : Math.floor(Date.parse(until) / 1000),
        label: label ?? undefined,
      },
    ],
    add: async (keys) => (await admin.addAll(keys)).length,
  }
}

/** Read page by page, not as a snapshot: keys added meanwhile come at the end. */
async function* exported(admin: KeyAdmin) {
  for (let after: number | undefined = 0; after !== undefined; ) {
    const { keys, next }: Awaited<ReturnType<KeyAdmin['page']>> = await admin.page(after, EXPORT_PAGE)
    for (const { key, validUntilSeconds, label = null } of keys) {
      yield { key: key as string, valid_until: until(validUntilSeconds), label }
    }
    after = next
  }
}

/** The contract has validated it already. */
function accessKey(text: string): AccessKey {
  const key = readAccessKey(text)
  if (key === undefined) throw new Error('the contract and its handler disagree about keys')
  return key
}

function until(seconds: number | undefined): string | null {
  return seconds === undefined ? null : isoTimestamp(seconds)
}

function writeKey({ id, key, validUntilSeconds, label, addedAtSeconds }: StoredKey) {
  return {
    id,
    hint: key.slice(0, HINT_CHARACTERS),
    label: label ?? null,
    added_at: until(addedAtSeconds),
    valid_until: until(validUntilSeconds),
  }
}
