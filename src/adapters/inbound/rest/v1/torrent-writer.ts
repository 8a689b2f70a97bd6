// Torrents as API v1 shows them. Written as text by hand where counts of bytes need all 64 bits.

import type { PeerView, TorrentRow, TorrentView } from '../../../../domain/ports/inbound/torrent-queries.ts'
import { writeEndpoint } from '../../../protocol/endpoint-text.ts'
import { clientName } from '../../../protocol/rest/peer-client.ts'

/** Peers that one torrent is shown with. */
export const MOST_PEERS = 74

/** v1 knows no paused peers. */
const EVENT_NAMES = { none: 'None', completed: 'Completed', started: 'Started', paused: 'None' } as const

const rowFields = ({ infoHash, seeders, completed, leechers }: TorrentRow): string =>
  `"info_hash":"${infoHash}","seeders":${seeders},"completed":${completed},"leechers":${leechers}`

const writePeer = (peer: PeerView): string => {
  const id = `{"id":"0x${hex(peer.peerId)}","client":${JSON.stringify(clientName(peer.peerId))}}`
  const at = peer.lastAnnounceSeconds * 1000
  // The first two names are deprecated, and the second is wrong: all three are the time of the last announce.
  const updated = `"updated":${at},"updated_milliseconds_ago":${at},"updated_at_ms":${at}`
  const bytes = `"uploaded":${peer.uploaded},"downloaded":${peer.downloaded},"left":${peer.left}`
  const address = writeEndpoint(peer.endpoint)
  return `{"peer_id":${id},"peer_addr":"${address}",${updated},${bytes},"event":"${EVENT_NAMES[peer.event]}"}`
}

const hex = (bytes: Uint8Array): string => {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

export const writeTorrent = (torrent: TorrentView): string =>
  `{${rowFields(torrent)},"peers":[${torrent.peers.map(writePeer).join(',')}]}`

export const writeTorrentList = (rows: readonly TorrentRow[]): string =>
  `[${rows.map((row) => `{${rowFields(row)}}`).join(',')}]`
