// The API calls of each list. Both have the same shape.

import type { InfoHash } from '../../../domain/info-hash.ts'
import type { RestClient } from '../../client/rest-client.ts'
import type { V2Result } from '../../protocol/rest/v2/contract.ts'
import type { Page, PageQuery } from '../page-reader.ts'

export interface ListedTorrent {
  readonly info_hash: string
  readonly added_at: string | null
  readonly reason: string | null
}

export interface ExportedTorrent {
  readonly info_hash: string
  readonly reason?: string | undefined
}

export interface TorrentAddition {
  readonly hashes: readonly InfoHash[]
  readonly reason?: string
  /** Whether the reason replaces those of existing entries. */
  readonly update?: boolean
}

export interface TorrentList {
  readonly name: 'whitelist' | 'blocklist'
  /** Whether an entry must have a reason when it is added. */
  readonly needsReasons: boolean
  readonly page: (client: RestClient, query: PageQuery) => Promise<Page<ListedTorrent>>
  readonly add: (client: RestClient, addition: TorrentAddition) => Promise<V2Result<'addToWhitelist'>>
  readonly remove: (client: RestClient, hash: InfoHash) => Promise<void>
  readonly import: (
    client: RestClient,
    body: AsyncIterable<Uint8Array>,
    update: boolean,
  ) => Promise<V2Result<'importWhitelist'>>
  readonly export: (client: RestClient) => Promise<AsyncIterable<ExportedTorrent>>
}

function bodyOf({ hashes, reason, update }: TorrentAddition) {
  return { info_hashes: [...hashes], ...(reason === undefined ? {} : { reason }), ...(update ? { update } : {}) }
}

export const WHITELIST: TorrentList = {
  name: 'whitelist',
  needsReasons: false,
  page: async (client, query) => {
    const { entries, next_cursor: next } = await client.call('listWhitelist', { query })
    return { entries, next }
  },
  add: (client, addition) => client.call('addToWhitelist', { body: bodyOf(addition) }),
  remove: (client, hash) => client.call('removeFromWhitelist', { params: { info_hash: hash } }),
  import: (client, body, update) => client.call('importWhitelist', { query: { update: `${update}` }, body }),
  export: (client) => client.call('exportWhitelist'),
}

export const BLOCKLIST: TorrentList = {
  name: 'blocklist',
  needsReasons: true,
  page: async (client, query) => {
    const { entries, next_cursor: next } = await client.call('listBlocklist', { query })
    return { entries, next }
  },
  add: (client, { reason = '', ...addition }) =>
    client.call('addToBlocklist', { body: { ...bodyOf(addition), reason } }),
  remove: (client, hash) => client.call('removeFromBlocklist', { params: { info_hash: hash } }),
  import: (client, body, update) => client.call('importBlocklist', { query: { update: `${update}` }, body }),
  export: (client) => client.call('exportBlocklist'),
}
