// The API calls of each list. Both have the same shape, except that only the blocklist has reasons.

import type { InfoHash } from '../../../domain/info-hash.ts'
import type { RestClient } from '../../client/rest-client.ts'
import type { V2Result } from '../../protocol/rest/v2/contract.ts'
import type { Page, PageQuery } from '../page-reader.ts'

export interface ListedTorrent {
  readonly info_hash: string
  readonly added_at: string | null
  readonly reason?: string | null
}

export interface ExportedTorrent {
  readonly info_hash: string
  readonly reason?: string | undefined
}

export interface TorrentList {
  readonly name: 'whitelist' | 'blocklist'
  readonly hasReasons: boolean
  readonly page: (client: RestClient, query: PageQuery) => Promise<Page<ListedTorrent>>
  readonly add: (client: RestClient, hashes: readonly InfoHash[], reason: string) => Promise<V2Result<'addToWhitelist'>>
  readonly remove: (client: RestClient, hash: InfoHash) => Promise<void>
  readonly import: (client: RestClient, body: AsyncIterable<Uint8Array>) => Promise<V2Result<'importWhitelist'>>
  readonly export: (client: RestClient) => Promise<AsyncIterable<ExportedTorrent>>
}

export const WHITELIST: TorrentList = {
  name: 'whitelist',
  hasReasons: false,
  page: async (client, query) => {
    const { entries, next_cursor: next } = await client.call('listWhitelist', { query })
    return { entries, next }
  },
  add: (client, hashes) => client.call('addToWhitelist', { body: { info_hashes: [...hashes] } }),
  remove: (client, hash) => client.call('removeFromWhitelist', { params: { info_hash: hash } }),
  import: (client, body) => client.call('importWhitelist', { body }),
  export: (client) => client.call('exportWhitelist'),
}

export const BLOCKLIST: TorrentList = {
  name: 'blocklist',
  hasReasons: true,
  page: async (client, query) => {
    const { entries, next_cursor: next } = await client.call('listBlocklist', { query })
    return { entries, next }
  },
  add: (client, hashes, reason) => client.call('addToBlocklist', { body: { info_hashes: [...hashes], reason } }),
  remove: (client, hash) => client.call('removeFromBlocklist', { params: { info_hash: hash } }),
  import: (client, body) => client.call('importBlocklist', { body }),
  export: (client) => client.call('exportBlocklist'),
}
