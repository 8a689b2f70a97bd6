// Peers a reply with the published distribution: of a tracker that gives seeders to seeders, and of Muster, which does
// not.

import { CannotRun, fixed, progress } from '../bench.ts'
import { SERVER_CORES } from '../processes.ts'
import { type RunningTracker, startTracker } from '../tracker.ts'
import { hasOpentracker, startOpentracker } from '../udp/opentracker.ts'
import type { LoadFinding } from './load-finding.ts'
import { musterLoad, writeLoadHashes } from './muster-load.ts'

const PUBLISHED = 21.5
const MAX_DIFFERENCE = 0.5
const TORRENTS = 1_000_000

async function peersPerReply({ port }: RunningTracker): Promise<{ peers: number; isFilled: boolean }> {
  const times = ['--warm-up', '0.5', '--duration', '2']
  const report = await musterLoad(`udp://127.0.0.1:${port}`, ['--fill', ...times])
  return { peers: report.peersPerAnnounce ?? 0, isFilled: report.fill?.isComplete === true }
}

export async function measureDistribution(): Promise<LoadFinding> {
  if (!hasOpentracker()) throw new CannotRun('opentracker, which gives seeders to seeders, is not installed')
  const starts: [string, () => Promise<RunningTracker>, boolean][] = [
    ['Muster', () => startTracker({ protocol: 'udp', cores: SERVER_CORES }), false],
    ['opentracker (Debian)', () => startOpentracker((file) => writeLoadHashes(TORRENTS, file)), true],
  ]
  const rows: (string | number)[][] = []
  let isWithinBound = true
  for (const [name, start, givesSeedersToSeeders] of starts) {
    progress(`distribution: ${name}`)
    const tracker = await start()
    try {
      const { peers, isFilled } = await peersPerReply(tracker)
      const isRight = !givesSeedersToSeeders || Math.abs(peers - PUBLISHED) <= MAX_DIFFERENCE
      isWithinBound &&= isRight && isFilled
      const bound = givesSeedersToSeeders ? `${PUBLISHED} ± ${MAX_DIFFERENCE}` : ''
      rows.push([name, givesSeedersToSeeders ? 'yes' : 'no', fixed(peers, 2), bound, isFilled ? 'yes' : 'NO'])
    } finally {
      await tracker.stop()
    }
  }
  return {
    isWithinBound,
    table: {
      title: 'Peers per reply, two million peers in a million torrents',
      columns: ['tracker', 'seeders to seeders', 'peers per reply', 'bound', 'every peer stored once'],
      rows,
    },
    notes: ['Three of four announces are those of seeders: without seeders in their replies these are shorter.'],
    figures: rows,
  }
}
