// REST v2: whitelist and blocklist, translated from the domain to the contract.

import type { TorrentListAdmin } from '../../../../domain/ports/inbound/torrent-list-admin.ts'
import type { ListEntry, StoredListEntry } from '../../../../domain/ports/outbound/torrent-list-store.ts'
import { readInfoHashes } from '../../../protocol/rest/info-hash-text.ts'
import { BlocklistLineSchema, type lists, WhitelistLineSchema } from '../../../protocol/rest/v2/lists.ts'
import type { RestContext } from '../rest-context.ts'
import { readPosition, writePosition } from './cursors.ts'
import { isoTimestamp } from './iso-timestamp.ts'
import { LineImport, type LineKind } from './line-import.ts'
import type { Handlers } from './mount.ts'
import { notFound } from './request-problem.ts'
import { hashInPath, truncation } from './torrent-handlers.ts'

const EXPORT_PAGE = 1000

type LineSchema = typeof WhitelistLineSchema | typeof BlocklistLineSchema

interface Addition {
  readonly info_hash?: string | undefined
  readonly info_hashes?: readonly string[] | undefined
  readonly reason?: string | undefined
  readonly update?: boolean | undefined
}

interface PageQuery {
  readonly limit: number
  readonly cursor?: string | undefined
}

export function listHandlers({ ports, limits }: RestContext): Handlers<typeof lists> {
  const whitelist = new ListResource('whitelist', ports.whitelist)
  const blocklist = new ListResource('blocklist', ports.blocklist)
  const { maxLineBytes } = limits
  return {
    listWhitelist: async ({ query }) => ({ status: 200, body: await whitelist.page(query) }),
    addToWhitelist: async ({ body }) => await whitelist.add(body),
    findInWhitelist: async ({ params }) => ({ status: 200, body: await whitelist.find(params.info_hash) }),
    removeFromWhitelist: async ({ params }) => await whitelist.remove(params.info_hash),
    importWhitelist: async ({ query, body }) => ({
      status: 200,
      body: await new LineImport(whitelist.importing(WhitelistLineSchema, query.update), maxLineBytes).run(body),
    }),
    exportWhitelist: async () => ({ status: 200, body: whitelist.export() }),

    listBlocklist: async ({ query }) => ({ status: 200, body: await blocklist.page(query) }),
    addToBlocklist: async ({ body }) => await blocklist.add(body),
    findInBlocklist: async ({ params }) => ({
      status: 200,
      body: await blocklist.find(params.info_hash),
    }),
    removeFromBlocklist: async ({ params }) => await blocklist.remove(params.info_hash),
    importBlocklist: async ({ query, body }) => ({
      status: 200,
      body: await new LineImport(blocklist.importing(BlocklistLineSchema, query.update), maxLineBytes).run(body),
    }),
    exportBlocklist: async () => ({ status: 200, body: blocklist.export() }),
  }
}

/** The operations of either list. */
class ListResource {
  readonly #name: string
  readonly #admin: TorrentListAdmin

  constructor(name: string, admin: TorrentListAdmin) {
    this.#name = name
    this.#admin = admin
  }

  async page({ limit, cursor }: PageQuery) {
    const page = await this.#admin.page(readPosition(this.#name, cursor), limit)
    const next_cursor = page.next === undefined ? null : writePosition(this.#name, page.next)
    return { entries: page.entries.map(writeEntry), next_cursor }
  }

  async add({ info_hash, info_hashes = [], reason, update = false }: Addition) {
    const texts = info_hash === undefined ? info_hashes : [info_hash]
    const written = texts.flatMap(readInfoHashes)
    const entries = written.map(({ infoHash }) => (reason === undefined ? { infoHash } : { infoHash, reason }))
    const added = new Set(await this.#admin.add(entries, { replacesReasons: update }))
    const status = update && reason !== undefined ? ('updated' as const) : ('present' as const)
    const results = written.map(({ infoHash, truncatedFrom }) => ({
      info_hash: infoHash as string,
      // A hash given twice is present the second time.
      status: added.delete(infoHash) ? ('added' as const) : status,
      ...truncation(truncatedFrom),
    }))
    const isAnyNew = results.some((result) => result.status === 'added')
    return { status: isAnyNew ? (201 as const) : (200 as const), body: { results } }
  }

  importing(schema: LineSchema, update: 'true' | 'false'): LineKind<LineSchema, ListEntry> {
    return {
      schema,
      bareField: 'info_hash',
      toEntries: ({ info_hash, reason }) =>
        readInfoHashes(info_hash).map(({ infoHash }) => ({ infoHash, ...(reason === undefined ? {} : { reason }) })),
      add: async (entries) => (await this.#admin.add(entries, { replacesReasons: update === 'true' })).length,
    }
  }

  async find(text: string) {
    const { infoHash, truncatedFrom } = hashInPath(text)
    const entry = await this.#admin.find(infoHash)
    if (entry === undefined) throw this.#notFound()
    return { ...writeEntry(entry), ...truncation(truncatedFrom) }
  }

  async remove(text: string) {
    const removed = await this.#admin.remove([hashInPath(text).infoHash])
    if (removed.length === 0) throw this.#notFound()
    return { status: 204 as const }
  }

  /** Read page by page, not as a snapshot: entries added meanwhile come at the end. */
  async *export() {
    for (let after: number | undefined = 0; after !== undefined; ) {
      const { entries, next }: Awaited<ReturnType<TorrentListAdmin['page']>> = await this.#admin.page(
        after,
        EXPORT_PAGE,
      )
      for (const { infoHash, reason } of entries) {
        yield reason === undefined ? { info_hash: infoHash as string } : { info_hash: infoHash as string, reason }
      }
      after = next
    }
  }

  #notFound(): Error {
    return notFound(`This torrent is not on the ${this.#name}.`)
  }
}

function writeEntry({ infoHash, addedAtSeconds, reason }: StoredListEntry) {
  return {
    info_hash: infoHash as string,
    added_at: addedAtSeconds === undefined ? null : isoTimestamp(addedAtSeconds),
    reason: reason ?? null,
  }
}
