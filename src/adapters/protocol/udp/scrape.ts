// The scrape exchange (BEP 15, "Scrape request" and "response"): one row per requested hash in the order
// of the request, including repeated and unknown hashes (UDP-25).

import type { SwarmCounts } from '../../../domain/scrape.ts'
import {
  ACTION_AT,
  Action,
  INFO_HASH_BYTES,
  MAX_SCRAPE_HASHES,
  REPLY_HEADER_BYTES,
  REQUEST_HEADER_BYTES,
  SCRAPE_ROW_BYTES,
  TRANSACTION_AT,
} from './layout.ts'

/** The number of hashes for which a scrape of `length` bytes is answered: complete ones, up to the cap. */
export function readHashCount(length: number): number {
  const hashCount = ((length - REQUEST_HEADER_BYTES) / INFO_HASH_BYTES) | 0
  return Math.min(hashCount, MAX_SCRAPE_HASHES)
}

/** Writes what comes before the rows and returns where they begin, from the start of the reply. */
export function writeScrapeReply(wire: DataView, at: number, transactionId: number): number {
  wire.setInt32(at, Action.Scrape)
  wire.setInt32(at + 4, transactionId)
  return REPLY_HEADER_BYTES
}

/** Writes one row; returns its length. Seeders come first here, unlike in an announce. */
export function writeScrapeRow(wire: DataView, at: number, counts: SwarmCounts): number {
  wire.setInt32(at, counts.seeders)
  wire.setInt32(at + 4, counts.completed)
  wire.setInt32(at + 8, counts.leechers)
  return SCRAPE_ROW_BYTES
}

/** A scrape as a client sends it. */
export interface ClientScrape {
  readonly connectionId: bigint
  readonly transactionId: number
  /** 20 bytes each, at most 74. */
  readonly infoHashes: readonly Uint8Array[]
}

/** Writes a scrape request and returns its length. */
export function writeScrapeRequest(wire: DataView, at: number, scrape: ClientScrape): number {
  const bytes = new Uint8Array(wire.buffer, wire.byteOffset + at)
  wire.setBigUint64(at, scrape.connectionId)
  wire.setInt32(at + ACTION_AT, Action.Scrape)
  wire.setInt32(at + TRANSACTION_AT, scrape.transactionId)
  let end = REQUEST_HEADER_BYTES
  for (const infoHash of scrape.infoHashes) {
    bytes.set(infoHash.subarray(0, INFO_HASH_BYTES), end)
    end += INFO_HASH_BYTES
  }
  return end
}

interface ScrapeRow {
  readonly seeders: number
  readonly completed: number
  readonly leechers: number
}

export interface ClientScrapeReply {
  readonly transactionId: number
  readonly rows: readonly ScrapeRow[]
}

/** The scrape reply in `wire`; undefined for anything else. A truncated row is left out. */
export function readScrapeReply(wire: DataView): ClientScrapeReply | undefined {
  if (wire.byteLength < REPLY_HEADER_BYTES || wire.getInt32(0) !== Action.Scrape) return undefined
  const rows: ScrapeRow[] = []
  for (let at = REPLY_HEADER_BYTES; at + SCRAPE_ROW_BYTES <= wire.byteLength; at += SCRAPE_ROW_BYTES) {
    rows.push({ seeders: wire.getInt32(at), completed: wire.getInt32(at + 4), leechers: wire.getInt32(at + 8) })
  }
  return { transactionId: wire.getInt32(4), rows }
}
