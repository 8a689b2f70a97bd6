// The latency knee: trackers under rising rates in an open loop. Each tracker is first asked for all it can, then for
// shares of that, so that its steps lie around its own knee.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeLineChart } from '../../../src/adapters/cli/load/line-chart.ts'
import type { LoadReport } from '../../../src/adapters/load/load-report.ts'
import { ROOT } from '../../e2e/tracker-process.ts'
import { CannotRun, fixed, progress, type Report, thousands } from '../bench.ts'
import { SERVER_CORES } from '../processes.ts'
import { type RunningTracker, startTracker } from '../tracker.ts'
import { hasOpentracker, startOpentracker } from '../udp/opentracker.ts'
import { musterLoad, writeLoadHashes } from './muster-load.ts'

const SHARES = [0.1, 0.3, 0.5, 0.65, 0.8, 0.9, 1, 1.1]
const TORRENTS = 1_000_000
/** Beyond this there is nothing more to see. */
const MAX_P99_US = 1_000_000

interface Step {
  readonly tracker: string
  readonly offered: number
  readonly report: LoadReport
}

async function stepsOf(name: string, { port }: RunningTracker, seconds: number): Promise<readonly Step[]> {
  const url = `udp://127.0.0.1:${port}`
  progress(`knee: ${name}: filling`)
  const closed = await musterLoad(url, ['--fill', '--warm-up', '0.5', '--duration', '2'])
  const steps: Step[] = []
  for (const share of SHARES) {
    const offered = Math.round((share * closed.repliesPerSecond) / 1000) * 1000
    progress(`knee: ${name}: ${thousands(offered)} a second`)
    const times = ['--warm-up', '0.5', '--duration', String(seconds), '--timeout', '1']
    const report = await musterLoad(url, ['--rate', String(offered), ...times])
    steps.push({ tracker: name, offered, report })
    if ((report.latency.p99 ?? Number.POSITIVE_INFINITY) > MAX_P99_US) break
  }
  return steps
}

/** Microseconds, a lost request counting as the time-out: a tracker that drops what it cannot do is not fast. */
function p99WithLosses({ latency, lostShare, plan }: LoadReport): number {
  const timeoutUs = plan.timeoutSeconds * 1_000_000
  return lostShare > 0.01 || latency.p99 === null ? timeoutUs : latency.p99
}

function chartOf(steps: readonly Step[]): string {
  const names = [...new Set(steps.map(({ tracker }) => tracker))]
  return writeLineChart({
    title: 'UDP: p99 of the latency at a fixed rate; a lost request counts as the time-out',
    xLabel: 'requests offered a second (open loop)',
    yLabel: 'µs',
    isLogY: true,
    series: names.map((name) => ({
      name,
      points: steps
        .filter(({ tracker }) => tracker === name)
        .map(({ offered, report }) => [offered, p99WithLosses(report)] as const),
    })),
  })
}

/** `saves`: also writes the chart to docs/benchmarks. */
export async function findKnees(seconds: number, saves: boolean): Promise<Report> {
  if (!hasOpentracker()) throw new CannotRun('opentracker is needed for the second curve but is not installed')
  const starts: [string, () => Promise<RunningTracker>][] = [
    ['Muster', () => startTracker({ protocol: 'udp', cores: SERVER_CORES })],
    ['opentracker (Debian)', () => startOpentracker((file) => writeLoadHashes(TORRENTS, file))],
  ]
  const steps: Step[] = []
  for (const [name, start] of starts) {
    const tracker = await start()
    try {
      steps.push(...(await stepsOf(name, tracker, seconds)))
    } finally {
      await tracker.stop()
    }
  }
  const file = `${new Date().toISOString().slice(0, 10)}-load-knee.svg`
  if (saves) writeFileSync(join(ROOT, 'docs/benchmarks', file), `${chartOf(steps)}\n`)
  return {
    tables: [
      {
        title: 'Latency at a fixed rate (open loop)',
        columns: [
          'tracker',
          'offered/s',
          'sent/s',
          'not sent',
          'replies/s',
          'lost %',
          'p50 µs',
          'p99 µs',
          'p99.9 µs',
          'sent late p99 µs',
        ],
        rows: steps.map(({ tracker, offered, report }) => [
          tracker,
          thousands(offered),
          thousands(report.requestsPerSecond),
          thousands(report.unsent),
          thousands(report.repliesPerSecond),
          fixed(100 * report.lostShare, 2),
          report.latency.p50 ?? '-',
          report.latency.p99 ?? '-',
          report.latency.p999 ?? '-',
          report.lateness.p99 ?? '-',
        ]),
      },
    ],
    notes: [
      'Latency counts from the moment at which a request was due. Rates are shares of what the tracker answered in a closed loop.',
      'In the chart a lost request counts as the time-out of a second.',
      'The tracker on one core, the load on the other. Where requests were sent late the tool, or other work on the machine, has its share of the latency.',
      ...(saves ? [`![p99 by rate](${file})`] : []),
    ],
    figures: steps,
  }
}
