// Reads the scrape reply of an HTTP tracker for a client (BEP 48).

import type { Deviations } from '../deviations.ts'
import { type Bencoded, readBencoded } from './bencode-reader.ts'
import { readFailureReason, readFigure } from './reply-reader.ts'

/** The counts of a swarm as a tracker reports them. */
export interface ReportedCounts {
  readonly seeders: number
  /** Completed downloads. */
  readonly completed: number
  readonly leechers: number
}

export interface HttpScrapeReply {
  /** Set if the tracker rejected the scrape. */
  readonly failureReason: string | undefined
  /** By info hash, in 40 lower-case hex digits. */
  readonly files: ReadonlyMap<string, ReportedCounts>
}

const HASH_BYTES = 20
const HEX_HASH = /^[0-9a-f]{40}$/i
/** Characters that stand for bytes. */
const TWENTY_BYTES = /^[\0-\xff]{20}$/

/**
 * The reply in `body`; undefined unless it is a bencoded dictionary whose `files` are complete. With `deviations`,
 * those that can be read are enough, and a missing count is 0.
 */
export function readHttpScrapeReply(body: Uint8Array, deviations?: Deviations): HttpScrapeReply | undefined {
  const reply = readBencoded(body, deviations)
  if (!(reply instanceof Map)) return undefined
  const failureReason = readFailureReason(reply, deviations)
  const rows = reply.get('files')
  const files = new Map<string, ReportedCounts>()
  if (failureReason !== undefined) return { failureReason, files }
  if (!(rows instanceof Map)) {
    // What some trackers send when they know none of the torrents.
    deviations?.note('there is no dictionary of files')
    return deviations && { failureReason, files }
  }
  for (const [name, row] of rows) {
    const infoHash = readHashName(name, deviations)
    const counts = infoHash === undefined ? undefined : readCounts(row, deviations)
    if (infoHash !== undefined && counts !== undefined) files.set(infoHash, counts)
    else if (deviations === undefined) return undefined
    else deviations.note('an entry of files cannot be read')
  }
  return { failureReason, files }
}

/**
 * With `deviations`, also 40 hex digits, or bytes that were encoded as UTF-8 (bittorrent-tracker), instead of 20 bytes.
 */
function readHashName(name: string, deviations: Deviations | undefined): string | undefined {
  if (name.length === HASH_BYTES) return hexOf(name)
  if (deviations === undefined) return undefined
  if (HEX_HASH.test(name)) {
    deviations.note('the keys of files are hex digits')
    return name.toLowerCase()
  }
  const decoded = new TextDecoder().decode(Uint8Array.from(name, (byte) => byte.charCodeAt(0)))
  if (!TWENTY_BYTES.test(decoded)) return undefined
  deviations.note('the keys of files are encoded as UTF-8')
  return hexOf(decoded)
}

/** One character per byte. */
function hexOf(text: string): string {
  return Array.from(text, (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('')
}

function readCounts(row: Bencoded, deviations: Deviations | undefined): ReportedCounts | undefined {
  if (!(row instanceof Map)) return undefined
  const [seeders, completed, leechers] = ['complete', 'downloaded', 'incomplete'].map((name) => {
    const figure = readFigure(row, name, deviations)
    if (figure === undefined) deviations?.note(`an entry of files has no ${name}`)
    return figure ?? (deviations && 0)
  })
  return seeders === undefined || completed === undefined || leechers === undefined
    ? undefined
    : { seeders, completed, leechers }
}
