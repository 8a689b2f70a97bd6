// REST v2: whitelist and blocklist, translated from the domain to the contract. They differ only in the blocklist's
// reasons.

import type { TorrentListAdmin } from '../../../../domain/ports/inbound/torrent-list-admin.ts'
import type { StoredListEntry } from '../../../../domain/ports/outbound/torrent-list-store.ts'
import { readInfoHashText } from '../../../protocol/rest/info-hash-text.ts'
import { BlocklistLineSchema, type lists, WhitelistLineSchema } from '../../../protocol/rest/v2/lists.ts'
import type { RestContext } from '../rest-context.ts'
import { readPosition, writePosition } from './cursors.ts'
import { isoTimestamp } from './iso-timestamp.ts'
import { ListImport } from './list-import.ts'
import type { Handlers } from './mount.ts'
import { notFound } from './request-problem.ts'
import { hashInPath, truncation } from './torrent-handlers.ts'

const EXPORT_PAGE = 1000

interface Addition {
  readonly info_hash?: string | undefined
  readonly info_hashes?: readonly string[] | undefined
  readonly reason?: string
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
    listWhitelist: async ({ query }) => ({ status: 200, body: await whitelist.page(query, writeEntry) }),
    addToWhitelist: async ({ body }) => await whitelist.add(body),
    findInWhitelist: async ({ params }) => ({ status: 200, body: await whitelist.find(params.info_hash, writeEntry) }),
    removeFromWhitelist: async ({ params }) => await whitelist.remove(params.info_hash),
    importWhitelist: async ({ body }) => ({
      status: 200,
      body: await new ListImport(ports.whitelist, WhitelistLineSchema, maxLineBytes).run(body),
    }),
    exportWhitelist: async () => ({ status: 200, body: whitelist.export() }),

    listBlocklist: async ({ query }) => ({ status: 200, body: await blocklist.page(query, writeBlockedEntry) }),
    addToBlocklist: async ({ body }) => await blocklist.add(body),
    findInBlocklist: async ({ params }) => ({
      status: 200,
      body: await blocklist.find(params.info_hash, writeBlockedEntry),
    }),
    removeFromBlocklist: async ({ params }) => await blocklist.remove(params.info_hash),
    importBlocklist: async ({ body }) => ({
      status: 200,
      body: await new ListImport(ports.blocklist, BlocklistLineSchema, maxLineBytes).run(body),
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

  async page<Entry>({ limit, cursor }: PageQuery, write: (entry: StoredListEntry) => Entry) {
    const page = await this.#admin.page(readPosition(this.#name, cursor), limit)
    const next_cursor = page.next === undefined ? null : writePosition(this.#name, page.next)
    return { entries: page.entries.map(write), next_cursor }
  }

  async add({ info_hash, info_hashes = [], reason }: Addition) {
    const texts = info_hash === undefined ? info_hashes : [info_hash]
    const written = texts.flatMap((text) => readInfoHashText(text) ?? [])
    const entries = written.map(({ infoHash }) => (reason === undefined ? { infoHash } : { infoHash, reason }))
    const added = new Set(await this.#admin.add(entries))
    const results = written.map(({ infoHash, truncatedFrom }) => ({
      info_hash: infoHash as string,
      // A hash given twice is present the second time.
      status: added.delete(infoHash) ? ('added' as const) : ('present' as const),
      ...truncation(truncatedFrom),
    }))
    const status = results.some((result) => result.status === 'added') ? (201 as const) : (200 as const)
    return { status, body: { results } }
  }

  async find<Entry>(text: string, write: (entry: StoredListEntry) => Entry) {
    const { infoHash, truncatedFrom } = hashInPath(text)
    const entry = await this.#admin.find(infoHash)
    if (entry === undefined) throw this.#notFound()
    return { ...write(entry), ...truncation(truncatedFrom) }
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

function writeEntry({ infoHash, addedAtSeconds }: StoredListEntry) {
  return {
    info_hash: infoHash as string,
    added_at: addedAtSeconds === undefined ? null : isoTimestamp(addedAtSeconds),
  }
}

function writeBlockedEntry(entry: StoredListEntry) {
  return { ...writeEntry(entry), reason: entry.reason ?? null }
}
