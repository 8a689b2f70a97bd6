// Whether a reply is what was asked for: its length must fit the request.

import type { Family } from '../../../domain/announce.ts'
import {
  Action,
  ANNOUNCE_REPLY_BYTES,
  CONNECT_REPLY_BYTES,
  PEER_BYTES,
  REPLY_HEADER_BYTES,
  SCRAPE_ROW_BYTES,
} from '../../protocol/udp/layout.ts'

/** `detail`: of a scrape the number of hashes. */
export function hasRightLength(kind: number, length: number, family: Family, detail: number): boolean {
  if (kind === Action.Connect) return length >= CONNECT_REPLY_BYTES
  if (kind === Action.Scrape) return length === REPLY_HEADER_BYTES + SCRAPE_ROW_BYTES * detail
  return length >= ANNOUNCE_REPLY_BYTES && (length - ANNOUNCE_REPLY_BYTES) % PEER_BYTES[family] === 0
}

/** How many peers an announce reply of this length has. */
export function peersOfLength(length: number, family: Family): number {
  return (length - ANNOUNCE_REPLY_BYTES) / PEER_BYTES[family]
}
