// The info hashes of a scrape, and their rows in its answer.

import type { ReportedCounts } from '../protocol/http/scrape-reply-reader.ts'
import { MAX_SCRAPE_HASHES } from '../protocol/udp/layout.ts'
import { type InfoHashLike, readInfoHashLike } from './announce-call.ts'
import { CallError } from './call-error.ts'
import type { ScrapeEntry } from './tracker-client.ts'

const NO_COUNTS: ReportedCounts = { seeders: 0, completed: 0, leechers: 0 }

/** Throws a `CallError` for none, for too many, and for anything that is no info hash. */
export function readScrapeCall(infoHashes: readonly InfoHashLike[]): readonly Uint8Array[] {
  if (infoHashes.length === 0 || infoHashes.length > MAX_SCRAPE_HASHES) {
    throw new CallError(`a scrape has 1 to ${MAX_SCRAPE_HASHES} info hashes, not ${infoHashes.length}`)
  }
  return infoHashes.map(readInfoHashLike)
}

export function scrapeEntry(infoHash: string, counts: ReportedCounts | undefined): ScrapeEntry {
  const { seeders, completed, leechers } = counts ?? NO_COUNTS
  return { infoHash, isReported: counts !== undefined, seeders, completed, leechers }
}

export function hexOfHash(infoHash: Uint8Array): string {
  return Array.from(infoHash, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
