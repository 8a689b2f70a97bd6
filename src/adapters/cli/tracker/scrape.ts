// muster scrape: asks for the counts of any number of torrents, as many at a time as a request holds.

import type { ScrapeEntry } from '../../client/tracker-client.ts'
import { MAX_SCRAPE_HASHES } from '../../protocol/udp/layout.ts'
import type { TorrentArgument } from '../arguments.ts'
import type { Cell } from '../cell.ts'
import type { CliEnvironment } from '../cli-environment.ts'
import { writeJson, writeLine } from '../output.ts'
import { writeTable } from '../table.ts'
import { infoHashesOf } from '../torrent-files.ts'
import type { QueryOptions } from './options.ts'
import { endpointText, noteDeviations, queryTracker, type TrackerQuery } from './query.ts'

/** opentracker leaves out what is beyond, without saying so. */
const HTTP_BATCH = 64

/** Returns the exit code. */
export async function scrapeFrom(
  url: string,
  torrents: readonly TorrentArgument[],
  options: QueryOptions,
  environment: CliEnvironment,
): Promise<number> {
  return await queryTracker(url, options, environment, async (query) => {
    const infoHashes = await infoHashesOf(torrents, environment)
    const startedAt = performance.now()
    const entries: ScrapeEntry[] = []
    const deviations = new Set<string>()
    const batch = query.client.endpoint.scheme === 'udp' ? MAX_SCRAPE_HASHES : HTTP_BATCH
    for (let at = 0; at < infoHashes.length; at += batch) {
      const answer = await query.client.scrape(infoHashes.slice(at, at + batch), { signal: query.signal })
      for (const entry of answer.entries) entries.push(entry)
      for (const deviation of answer.deviations) deviations.add(deviation)
    }
    const elapsedMs = Math.round(performance.now() - startedAt)
    if (query.isText) showText(entries, [...deviations], query)
    else {
      const rows = entries.map(jsonOf)
      query.out(
        writeJson({ tracker: endpointText(query), elapsed_ms: elapsedMs, torrents: rows, deviations: [...deviations] }),
      )
    }
    return 0
  })
}

function showText(entries: readonly ScrapeEntry[], deviations: readonly string[], query: TrackerQuery): void {
  const { isTerminal, columns, out } = query
  const rows = entries.map(countRow)
  if (isTerminal) out(writeTable(['Info hash', 'Seeders', 'Leechers', 'Completed'], rows, columns))
  else out(rows.map(writeLine).join(''))
  noteDeviations(deviations, query)
}

function countRow({ infoHash, isReported, seeders, leechers, completed }: ScrapeEntry): readonly Cell[] {
  return isReported ? [infoHash, seeders, leechers, completed] : [infoHash, null, null, null]
}

/** Null for what the tracker does not know. */
function jsonOf({ infoHash, isReported, seeders, leechers, completed }: ScrapeEntry): unknown {
  return {
    info_hash: infoHash,
    seeders: isReported ? seeders : null,
    leechers: isReported ? leechers : null,
    completed: isReported ? completed : null,
  }
}
