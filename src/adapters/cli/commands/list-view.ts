// muster whitelist list, muster blocklist list.

import type { ApiSession } from '../api-command.ts'
import { type Listing, writeListing } from '../output.ts'
import { PageReader } from '../page-reader.ts'
import type { ListedTorrent, TorrentList } from './torrent-lists.ts'

function listingOf({ name }: TorrentList): Listing<ListedTorrent> {
  return {
    head: ['Info hash', 'Added', 'Reason'],
    row: ({ info_hash, added_at, reason }) => [info_hash, added_at, reason],
    empty: `The ${name} is empty.`,
  }
}

export async function showList(list: TorrentList, limit: number | undefined, session: ApiSession): Promise<number> {
  await writeListing(new PageReader(limit, (query) => list.page(session.client, query)), listingOf(list), session)
  return 0
}
