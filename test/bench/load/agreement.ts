// The load generator beside the one in C, in turns, each on a tracker of its own that it has filled: replies a second
// must agree, and the tracker, not the tool, must be what is busy.

import { fixed, median, progress, thousands } from '../bench.ts'
import { cpuSecondsOf, SERVER_CORES } from '../processes.ts'
import { type RunningTracker, startTracker } from '../tracker.ts'
import { Load } from '../udp/load.ts'
import type { NativeTools } from '../udp/native-tools.ts'
import { PUBLISHED_MIX } from '../udp/shapes.ts'
import type { LoadFinding } from './load-finding.ts'
import { musterLoad } from './muster-load.ts'

const TURNS = 6
const MAX_DIFFERENCE = 0.05
/** Share of a core that a saturated tracker uses. */
const SATURATED = 0.97
const WARM_UP = 1

interface OwnTurn {
  readonly repliesPerSecond: number
  readonly trackerCores: number
  readonly toolCores: number
  readonly peers: number
}

async function ownTurn({ pid, port }: RunningTracker, seconds: number): Promise<OwnTurn> {
  const before = cpuSecondsOf(pid)
  const report = await musterLoad(`udp://127.0.0.1:${port}`, ['--warm-up', '0', '--duration', String(seconds)])
  return {
    repliesPerSecond: report.repliesPerSecond,
    trackerCores: (cpuSecondsOf(pid) - before) / report.seconds,
    toolCores: report.cpuPerThread,
    peers: report.peersPerAnnounce ?? 0,
  }
}

export async function measureAgreement(tools: NativeTools, seconds: number): Promise<LoadFinding> {
  const options = { protocol: 'udp', cores: SERVER_CORES } as const
  const [first, second] = [await startTracker(options), await startTracker(options)]
  const native = new Load(tools, PUBLISHED_MIX.options)
  try {
    progress('agreement: filling both trackers')
    const { fill } = await musterLoad(`udp://127.0.0.1:${first.port}`, ['--fill', '--warm-up', '0', '--duration', '1'])
    await native.fill(second)
    const own: OwnTurn[] = []
    const others: { responsesPerSecond: number; cores: number; peersPerAnnounce: number }[] = []
    for (let turn = 0; turn < TURNS; turn++) {
      progress(`agreement: turn ${turn + 1} of ${TURNS}`)
      const mine = async () => own.push(await ownTurn(first, seconds))
      const other = async () => others.push(await native.measure(second, seconds, WARM_UP))
      for (const step of turn % 2 === 0 ? [mine, other] : [other, mine]) await step()
    }
    const ratio = median(own.map(({ repliesPerSecond }, turn) => repliesPerSecond / others[turn].responsesPerSecond))
    const trackerCores = median(own.map((turn) => turn.trackerCores))
    const toolCores = median(own.map((turn) => turn.toolCores))
    const isSaturated = trackerCores > SATURATED && toolCores < trackerCores
    return {
      isWithinBound: Math.abs(ratio - 1) <= MAX_DIFFERENCE && isSaturated && fill?.isComplete === true,
      table: {
        title: 'The same load from two generators: replies of Muster, one thread',
        columns: [
          'generator',
          'replies/s',
          'ratio',
          'bound',
          'cores of the tracker',
          'cores of the tool',
          'peers per reply',
        ],
        rows: [
          [
            'muster load',
            thousands(median(own.map(({ repliesPerSecond }) => repliesPerSecond))),
            fixed(ratio, 3),
            `${1 - MAX_DIFFERENCE} to ${1 + MAX_DIFFERENCE}`,
            fixed(trackerCores, 2),
            fixed(toolCores, 2),
            fixed(median(own.map(({ peers }) => peers)), 2),
          ],
          [
            'udp-load (C)',
            thousands(median(others.map(({ responsesPerSecond }) => responsesPerSecond))),
            '1',
            '',
            fixed(median(others.map(({ cores }) => cores)), 2),
            '-',
            fixed(median(others.map(({ peersPerAnnounce }) => peersPerAnnounce)), 2),
          ],
        ],
      },
      notes: [
        `Closed loop, 16 sockets with 8 requests in flight each; the tracker must use more than ${SATURATED} of a core, and the tool less than that.`,
        `Fill by muster load: ${fill?.isComplete === true ? 'every peer is stored once' : 'NOT complete'}.`,
      ],
      figures: { own, others, fill },
    }
  } finally {
    await first.stop()
    await second.stop()
  }
}
