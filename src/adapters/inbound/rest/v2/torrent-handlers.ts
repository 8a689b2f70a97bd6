// REST v2: torrents, translated from the domain to the contract.

import type { PeerView, TorrentQueries, TorrentRow } from '../../../../domain/ports/inbound/torrent-queries.ts'
import { writeEndpoint } from '../../../protocol/endpoint-text.ts'
import { readHex, type WrittenInfoHash } from '../../../protocol/rest/info-hash-text.ts'
import type { torrents } from '../../../protocol/rest/v2/torrents.ts'
import { readRow, writeRow } from './cursors.ts'
import { isoTimestamp } from './iso-timestamp.ts'
import type { Handlers } from './mount.ts'
import { notFound } from './request-problem.ts'

type ClientName = (peerId: Uint8Array) => string | null

export function torrentHandlers(queries: TorrentQueries, clientName: ClientName): Handlers<typeof torrents> {
  return {
    listTorrents: async ({ query: { prefix, sort, limit, cursor } }, { departure }) => {
      const after = readRow(sort, cursor)
      const rows = await queries.search({ prefix: prefix.toLowerCase(), sort, after, limit }, departure)
      const last = rows.length < limit ? undefined : rows.at(-1)
      const body = { torrents: rows.map(writeCounts), next_cursor: last === undefined ? null : writeRow(sort, last) }
      return { status: 200, body }
    },

    getTorrent: async ({ params, query }) => {
      const { infoHash, truncatedFrom } = hashInPath(params.info_hash)
      const torrent = queries.torrent(infoHash, query.peers)
      if (torrent === undefined) throw notFound('This torrent has not been announced.')
      const peers = torrent.peers.map((peer) => writePeer(peer, clientName))
      return { status: 200, body: { ...writeCounts(torrent), ...truncation(truncatedFrom), peers } }
    },
  }
}

/** The contract has validated it already. */
export function hashInPath(text: string): WrittenInfoHash {
  const written = readHex(text)
  if (written === undefined) throw new Error('the contract and its handler disagree about info hashes')
  return written
}

export function truncation(truncatedFrom: string | undefined) {
  return truncatedFrom === undefined ? {} : { truncated_from: truncatedFrom }
}

function writeCounts({ infoHash, seeders, leechers, completed }: TorrentRow) {
  return {
    info_hash: infoHash as string,
    seeders,
    leechers,
    completed,
  }
}

function writePeer(peer: PeerView, clientName: ClientName) {
  return {
    address: writeEndpoint(peer.endpoint),
    peer_id: Buffer.from(peer.peerId).toString('hex'),
    client: clientName(peer.peerId),
    left: String(peer.left),
    uploaded: String(peer.uploaded),
    downloaded: String(peer.downloaded),
    event: peer.event,
    last_announce: isoTimestamp(peer.lastAnnounceSeconds),
  }
}
