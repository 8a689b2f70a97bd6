// Torrents as API v1 shows them. Peers are written by hand, because byte counts need all 64 bits.

import type { InfoHash } from '../../../../domain/info-hash.ts'
import { clientName } from '../peer-client.ts'

/** The maximum number of peers shown for a torrent. */
export const MAX_SHOWN_PEERS = 74

export interface ShownTorrent {
  readonly infoHash: InfoHash
  readonly seeders: number
  readonly completed: number
  readonly leechers: number
}

export interface ShownPeer {
  /** 20 bytes. */
  readonly peerId: Uint8Array
  /** Address and port: `192.0.2.1:6881`, `[2001:db8::1]:6881`. */
  readonly endpoint: string
  readonly uploaded: bigint
  readonly downloaded: bigint
  readonly left: bigint
  readonly event: keyof typeof EVENT_NAMES
  /** Seconds since 1970. */
  readonly lastAnnounceSeconds: number
}

/** v1 does not have paused peers. */
const EVENT_NAMES = { none: 'None', completed: 'Completed', started: 'Started', paused: 'None' } as const

function rowFields({ infoHash, seeders, completed, leechers }: ShownTorrent): string {
  return `"info_hash":"${infoHash}","seeders":${seeders},"completed":${completed},"leechers":${leechers}`
}

function writePeer(peer: ShownPeer): string {
  const id = `{"id":"0x${hex(peer.peerId)}","client":${JSON.stringify(clientName(peer.peerId))}}`
  const at = peer.lastAnnounceSeconds * 1000
  // The first two names are deprecated, and the second is wrong: all three are the time of the last announce.
  const updated = `"updated":${at},"updated_milliseconds_ago":${at},"updated_at_ms":${at}`
  const bytes = `"uploaded":${peer.uploaded},"downloaded":${peer.downloaded},"left":${peer.left}`
  return `{"peer_id":${id},"peer_addr":"${peer.endpoint}",${updated},${bytes},"event":"${EVENT_NAMES[peer.event]}"}`
}

function hex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

export function writeTorrent(torrent: ShownTorrent, peers: readonly ShownPeer[]): string {
  return `{${rowFields(torrent)},"peers":[${peers.map(writePeer).join(',')}]}`
}

export function writeTorrentList(rows: readonly ShownTorrent[]): string {
  return `[${writeRows(rows)}]`
}

/** The same list in parts, for lists of any length. */
export async function* writeTorrentParts(pieces: AsyncIterable<readonly ShownTorrent[]>): AsyncGenerator<string> {
  let before = '['
  for await (const rows of pieces) {
    if (rows.length === 0) continue
    yield before + writeRows(rows)
    before = ','
  }
  yield before === '[' ? '[]' : ']'
}

function writeRows(rows: readonly ShownTorrent[]): string {
  return rows.map((row) => `{${rowFields(row)}}`).join(',')
}
