// What the replies of a fill say that the tracker has stored, torrent by torrent: a peer too many in one does not hide
// that another lacks one.

import type { Family } from '../../domain/announce.ts'
import type { LoadCounts } from './load-memory.ts'
import type { FillReport } from './load-report.ts'
import type { Population } from './population.ts'

const FAMILIES = 2

/** Notes that a reply over this family has counted `count` peers in a torrent; the highest count is kept. */
export function noteCounted({ countedIn }: Population, torrent: number, family: Family, count: number): void {
  const at = FAMILIES * torrent + family
  for (let before = Atomics.load(countedIn, at); before < count; ) {
    const found = Atomics.compareExchange(countedIn, at, before, count)
    if (found === before) return
    before = found
  }
}

export function fillReport(population: Population, counts: LoadCounts, seconds: number): FillReport {
  // Some trackers count the peers of both families together, others those of each apart.
  const together = compare(population, Math.max)
  const apart = compare(population, (ipv4, ipv6) => ipv4 + ipv6)
  const found = apart.missing + apart.surplus < together.missing + together.surplus ? apart : together
  return {
    seconds,
    peers: population.peers,
    confirmed: counts.filled,
    ...found,
    repeated: counts.fillRepeats,
    refused: counts.fillRefused,
    isComplete: counts.filled === population.peers && found.missing === 0 && found.surplus === 0,
  }
}

function compare(
  { countedIn, sizeOf, torrents }: Population,
  count: (ipv4: number, ipv6: number) => number,
): Pick<FillReport, 'counted' | 'missing' | 'surplus'> {
  let [counted, missing, surplus] = [0, 0, 0]
  for (let torrent = 0; torrent < torrents; torrent++) {
    const found = count(countedIn[FAMILIES * torrent], countedIn[FAMILIES * torrent + 1])
    counted += found
    missing += Math.max(0, sizeOf[torrent] - found)
    surplus += Math.max(0, found - sizeOf[torrent])
  }
  return { counted, missing, surplus }
}
