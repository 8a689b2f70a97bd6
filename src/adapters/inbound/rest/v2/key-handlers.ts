// REST v2: keys, translated from the domain to the contract.

import { type AccessKey, readAccessKey } from '../../../../domain/access-key.ts'
import type { KeyAdmin } from '../../../../domain/ports/inbound/key-admin.ts'
import type { StoredKey } from '../../../../domain/ports/outbound/key-store.ts'
import type { keys } from '../../../protocol/rest/v2/keys.ts'
import { readPosition, writePosition } from './cursors.ts'
import { isoTimestamp } from './iso-timestamp.ts'
import type { Handlers } from './mount.ts'
import { notFound } from './request-problem.ts'

const LIST = 'keys'
const HINT_CHARACTERS = 4

export function keyHandlers(admin: KeyAdmin): Handlers<typeof keys> {
  return {
    listKeys: async ({ query: { limit, cursor } }) => {
      const page = await admin.page(readPosition(LIST, cursor), limit)
      const next_cursor = page.next === undefined ? null : writePosition(LIST, page.next)
      return { status: 200, body: { keys: page.keys.map(writeKey), next_cursor } }
    },

    issueKey: async ({ body }) => {
      const lifetime = body.seconds_valid ?? undefined
      const given = body.key ?? undefined
      const issued = await (given === undefined ? admin.issue(lifetime) : admin.add(accessKey(given), lifetime))
      return { status: 201, body: { ...writeKey(issued), key: issued.key as string } }
    },

    revokeKey: async ({ params }) => {
      await admin.revoke(params.id)
      return { status: 204 }
    },

    extendKey: async ({ params, body }) => ({
      status: 200,
      body: writeKey(await admin.extend(params.id, body.seconds_valid ?? undefined)),
    }),

    lookUpKey: async ({ body }) => {
      const stored = await admin.find(accessKey(body.key))
      if (stored === undefined) throw notFound('The key does not exist.')
      return { status: 200, body: writeKey(stored) }
    },
  }
}

/** The contract has validated it already. */
function accessKey(text: string): AccessKey {
  const key = readAccessKey(text)
  if (key === undefined) throw new Error('the contract and its handler disagree about keys')
  return key
}

function writeKey({ id, key, validUntilSeconds }: StoredKey) {
  return {
    id,
    hint: key.slice(0, HINT_CHARACTERS),
    valid_until: validUntilSeconds === undefined ? null : isoTimestamp(validUntilSeconds),
  }
}
