// REST v2: torrents and their peers.

import * as v from 'valibot'
import { json, operation } from '../operation.ts'
import {
  count,
  cursor,
  infoHash,
  infoHashInPath,
  integerFrom,
  limit,
  moment,
  nextCursor,
  truncatedFrom,
} from './fields.ts'

/** Clients report 64-bit numbers, which a JSON number cannot hold exactly. */
const decimal = v.pipe(v.string(), v.regex(/^\d{1,20}$/), v.description('Bytes, in decimal digits.'))

const counts = { info_hash: infoHash, seeders: count, leechers: count, completed: count }

export const TorrentRowSchema = v.strictObject(counts)

export const PeerSchema = v.strictObject({
  address: v.pipe(v.string(), v.description('`192.0.2.1:6881` or `[2001:db8::1]:6881`.')),
  peer_id: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/), v.description('In hex.')),
  client: v.pipe(v.nullable(v.string()), v.description('The program, according to the peer id; null if unknown.')),
  left: decimal,
  uploaded: decimal,
  downloaded: decimal,
  event: v.picklist(['none', 'completed', 'started', 'paused']),
  last_announce: moment,
})

export const TorrentSchema = v.strictObject({
  ...counts,
  truncated_from: truncatedFrom,
  peers: v.array(PeerSchema),
})

export const TorrentPageSchema = v.strictObject({ torrents: v.array(TorrentRowSchema), next_cursor: nextCursor })

export const torrents = {
  listTorrents: operation({
    method: 'get',
    path: '/torrents',
    tag: 'torrents',
    summary: 'Search torrents by the prefix of their hash, sorted by hash or by a count',
    scope: 'read',
    query: v.strictObject({
      prefix: v.optional(v.pipe(v.string(), v.regex(/^[0-9A-Fa-f]{0,40}$/, 'must be at most 40 hex digits')), ''),
      sort: v.optional(
        v.pipe(
          v.picklist(
            ['info_hash', 'seeders', 'leechers', 'completed'],
            'must be info_hash, seeders, leechers or completed',
          ),
          v.description('Hashes in ascending order, counts in descending order.'),
        ),
        'info_hash',
      ),
      limit,
      cursor,
    }),
    success: { 200: { description: 'A page of torrents', content: json(TorrentPageSchema) } },
    problems: [400],
  }),
  getTorrent: operation({
    method: 'get',
    path: '/torrents/{info_hash}',
    tag: 'torrents',
    summary: 'Show a torrent and its peers',
    scope: 'read',
    params: infoHashInPath,
    query: v.strictObject({
      peers: v.optional(v.pipe(integerFrom(0, 1000), v.description('The maximum number of peers in the answer.')), 100),
    }),
    success: { 200: { description: 'The torrent', content: json(TorrentSchema) } },
    problems: [400, 404],
  }),
}
