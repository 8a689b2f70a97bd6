// REST v2: bans, translated from the domain to the contract.

import type { Ban, BanRange, StoredBan } from '../../../../domain/ban.ts'
import type { BanAdmin } from '../../../../domain/ports/inbound/ban-admin.ts'
import { readBanRange } from '../../../protocol/ban-range-text.ts'
import { BanLineSchema, type bans } from '../../../protocol/rest/v2/bans.ts'
import type { RestContext } from '../rest-context.ts'
import { readPosition, writePosition } from './cursors.ts'
import { isoTimestamp } from './iso-timestamp.ts'
import { LineImport, type LineKind } from './line-import.ts'
import type { Handlers } from './mount.ts'
import { notFound } from './request-problem.ts'

const LIST = 'bans'
const EXPORT_PAGE = 1000

export function banHandlers({ ports, limits }: RestContext): Handlers<typeof bans> {
  const admin = ports.bans
  return {
    listBans: async ({ query: { limit, cursor, address } }) => {
      if (address !== undefined) {
        const covering = await admin.covering(rangeOf(address).bytes)
        return { status: 200, body: { bans: covering.map(writeBan), next_cursor: null } }
      }
      const page = await admin.page(readPosition(LIST, cursor), limit)
      const next_cursor = page.next === undefined ? null : writePosition(LIST, page.next)
      return { status: 200, body: { bans: page.bans.map(writeBan), next_cursor } }
    },

    ban: async ({ body: { addresses, reason, seconds, expires_at } }) => {
      const expiresAtSeconds = seconds === undefined ? dateOf(expires_at) : ports.wallClock.wallSeconds() + seconds
      const put = await admin.put(addresses.map((text): Ban => ({ range: rangeOf(text), reason, expiresAtSeconds })))
      return { status: 200, body: { bans: put.map(writeBan) } }
    },

    liftBan: async ({ query }) => {
      const { text } = rangeOf(query.address)
      if ((await admin.lift([text])).length === 0) throw notFound(`There is no ban of ${text}.`)
      return { status: 204 }
    },

    importBans: async ({ body }) => ({
      status: 200,
      body: await new LineImport(importedBy(admin), limits.maxLineBytes).run(body),
    }),
    exportBans: async () => ({ status: 200, body: exported(admin) }),
  }
}

function importedBy(admin: BanAdmin): LineKind<typeof BanLineSchema, Ban> {
  return {
    schema: BanLineSchema,
    bareField: 'address',
    toEntries: ({ address, reason, expires_at }) => [
      {
        range: rangeOf(address),
        reason: reason ?? undefined,
        expiresAtSeconds: dateOf(expires_at ?? undefined),
      },
    ],
    add: async (given) => {
      const before = await admin.count()
      await admin.put(given)
      return Math.max(0, (await admin.count()) - before)
    },
  }
}

/** Read page by page, not as a snapshot: bans added meanwhile come at the end. */
async function* exported(admin: BanAdmin) {
  for (let after: number | undefined = 0; after !== undefined; ) {
    const { bans, next }: Awaited<ReturnType<BanAdmin['page']>> = await admin.page(after, EXPORT_PAGE)
    for (const { address, reason, expires_at } of bans.map(writeBan)) yield { address, reason, expires_at }
    after = next
  }
}

/** The contract has validated it already. */
function rangeOf(text: string): BanRange {
  const reading = readBanRange(text)
  if ('problem' in reading) throw new Error('the contract and its handler disagree about addresses')
  return reading.range
}

function dateOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Math.floor(Date.parse(text) / 1000)
}

function writeBan({ range, reason, addedAtSeconds, expiresAtSeconds }: StoredBan) {
  return {
    address: range.text,
    reason: reason ?? null,
    added_at: isoTimestamp(addedAtSeconds),
    expires_at: expiresAtSeconds === undefined ? null : isoTimestamp(expiresAtSeconds),
  }
}
