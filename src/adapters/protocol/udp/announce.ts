// The announce exchange (BEP 15, "IPv4 announce request" and "response"; IPv6 differs only in the peers' stride). The
// server side allocates nothing; the client side may.

import { AnnounceEvent, type AnnounceReply, type AnnounceRequest, Family } from '../../../domain/announce.ts'
import type { Deviations } from '../deviations.ts'
import {
  ACTION_AT,
  Action,
  ANNOUNCE_REPLY_BYTES,
  ANNOUNCE_REQUEST_BYTES,
  DOWNLOADED_AT,
  EVENT_AT,
  INFO_HASH_AT,
  INFO_HASH_BYTES,
  IP_ADDRESS_AT,
  KEY_AT,
  LEFT_AT,
  PEER_BYTES,
  PEER_ID_AT,
  PEERS_WANTED_AT,
  PORT_AT,
  TRANSACTION_AT,
  UPLOADED_AT,
} from './layout.ts'

/** Events of BEP 15 and BEP 21 are read as such; anything else is a periodic announce (UDP-12). */
function readEvent(wire: DataView, at: number): AnnounceEvent {
  const event = wire.getUint32(at + EVENT_AT)
  return event <= AnnounceEvent.Paused ? (event as AnnounceEvent) : AnnounceEvent.None
}

/**
 * Fills the fields of `request` that are not used in place. The announce at `at` must be complete. `numwant` is as the
 * client sent it; negative leaves it to the tracker. Prefetch results of an earlier announce are cleared.
 */
export function readAnnounceRequest(wire: DataView, at: number, request: AnnounceRequest): void {
  request.clearPrefetched()
  request.event = readEvent(wire, at)
  request.key = wire.getInt32(at + KEY_AT)
  request.numwant = wire.getInt32(at + PEERS_WANTED_AT)
  request.port = wire.getUint16(at + PORT_AT)
}

/** Writes everything before the peers and returns where they begin, from the start of the reply. */
export function writeAnnounceReply(wire: DataView, at: number, transactionId: number, reply: AnnounceReply): number {
  wire.setInt32(at, Action.Announce)
  wire.setInt32(at + 4, transactionId)
  wire.setInt32(at + 8, reply.intervalSeconds)
  // Leechers come first here, unlike in a scrape.
  wire.setInt32(at + 12, reply.leechers)
  wire.setInt32(at + 16, reply.seeders)
  return ANNOUNCE_REPLY_BYTES
}

/** An announce as a client sends it. */
export interface ClientAnnounce {
  readonly connectionId: bigint
  readonly transactionId: number
  /** 20 bytes. */
  readonly infoHash: Uint8Array
  /** 20 bytes. */
  readonly peerId: Uint8Array
  readonly downloaded: bigint
  readonly left: bigint
  readonly uploaded: bigint
  readonly event: AnnounceEvent
  /** 4 bytes; most trackers ignore it. */
  readonly ipAddress?: Uint8Array
  readonly key: number
  /** -1 leaves it to the tracker. */
  readonly numwant: number
  readonly port: number
}

const IP_ADDRESS_BYTES = 4

/** Writes an announce request without options and returns its length. */
export function writeAnnounceRequest(wire: DataView, at: number, announce: ClientAnnounce): number {
  const bytes = new Uint8Array(wire.buffer, wire.byteOffset + at, ANNOUNCE_REQUEST_BYTES)
  wire.setBigUint64(at, announce.connectionId)
  wire.setInt32(at + ACTION_AT, Action.Announce)
  wire.setInt32(at + TRANSACTION_AT, announce.transactionId)
  bytes.set(announce.infoHash.subarray(0, INFO_HASH_BYTES), INFO_HASH_AT)
  bytes.set(announce.peerId.subarray(0, INFO_HASH_BYTES), PEER_ID_AT)
  wire.setBigUint64(at + DOWNLOADED_AT, announce.downloaded)
  wire.setBigUint64(at + LEFT_AT, announce.left)
  wire.setBigUint64(at + UPLOADED_AT, announce.uploaded)
  wire.setInt32(at + EVENT_AT, announce.event)
  wire.setInt32(at + IP_ADDRESS_AT, 0)
  if (announce.ipAddress !== undefined) bytes.set(announce.ipAddress.subarray(0, IP_ADDRESS_BYTES), IP_ADDRESS_AT)
  wire.setInt32(at + KEY_AT, announce.key)
  wire.setInt32(at + PEERS_WANTED_AT, announce.numwant)
  wire.setUint16(at + PORT_AT, announce.port)
  return ANNOUNCE_REQUEST_BYTES
}

/** An announce reply as a client reads it. */
export interface ClientAnnounceReply {
  readonly transactionId: number
  readonly intervalSeconds: number
  readonly leechers: number
  readonly seeders: number
  /** That of the peers. */
  readonly family: Family
  /** Compact peers, 6 or 18 bytes each; a view of the memory that was read. */
  readonly peers: Uint8Array
}

/**
 * The announce reply in `wire`; undefined for anything else, or if the peers are not a multiple of their stride. With
 * `deviations`, an incomplete last peer is left out, and peers of IPv4 may come over IPv6 (bittorrent-tracker).
 */
export function readAnnounceReply(
  wire: DataView,
  family: Family,
  deviations?: Deviations,
): ClientAnnounceReply | undefined {
  if (wire.byteLength < ANNOUNCE_REPLY_BYTES || wire.getInt32(0) !== Action.Announce) return undefined
  const bytes = wire.byteLength - ANNOUNCE_REPLY_BYTES
  const isWhole = bytes % PEER_BYTES[family] === 0
  if (!isWhole && deviations === undefined) return undefined
  if (!isWhole) deviations?.note(`the peers are not a multiple of ${PEER_BYTES[family]} bytes`)
  const peerFamily = !isWhole && bytes % PEER_BYTES[Family.IPv4] === 0 ? Family.IPv4 : family
  const peerBytes = bytes - (bytes % PEER_BYTES[peerFamily])
  return {
    transactionId: wire.getInt32(4),
    intervalSeconds: wire.getInt32(8),
    leechers: wire.getInt32(12),
    seeders: wire.getInt32(16),
    family: peerFamily,
    peers: new Uint8Array(wire.buffer, wire.byteOffset + ANNOUNCE_REPLY_BYTES, peerBytes),
  }
}
