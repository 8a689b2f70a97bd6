// The cost of metrics: two trackers, one that counts and times requests and one that does not, filled identically and
// loaded in turns.

import { fixed, median, progress, type Report, thousands } from '../bench.ts'
import { SERVER_CORES } from '../processes.ts'
import { type RunningTracker, startTracker } from '../tracker.ts'
import { Load, type LoadFigures } from './load.ts'
import type { NativeTools } from './native-tools.ts'
import { PUBLISHED_MIX } from './shapes.ts'

const TURNS = 12
const MIN_SECONDS = 2

interface Contender {
  readonly name: string
  readonly tracker: RunningTracker
  readonly load: Load
  readonly runs: LoadFigures[]
}

async function enter(tools: NativeTools, usageStatistics: boolean): Promise<Contender> {
  const name = usageStatistics ? 'metrics on' : 'metrics off'
  progress(`${name}: filling`)
  const tracker = await startTracker({ protocol: 'udp', cores: SERVER_CORES, driver: 'batched', usageStatistics })
  const load = new Load(tools, PUBLISHED_MIX.options)
  await load.fill(tracker)
  return { name, tracker, load, runs: [] }
}

function cpuOf({ runs }: Contender): readonly number[] {
  return runs.map(({ cpuPerResponseUs }) => cpuPerResponseUs)
}

export async function compareMetrics(tools: NativeTools, seconds: number): Promise<Report> {
  const contenders: Contender[] = []
  try {
    for (const isOn of [false, true]) contenders.push(await enter(tools, isOn))
    const [off, on] = contenders
    const length = Math.max(MIN_SECONDS, seconds / TURNS)
    for (let turn = 0; turn < TURNS; turn++) {
      // The order alternates from turn to turn.
      for (const { tracker, load, runs } of turn % 2 === 0 ? [off, on] : [on, off]) {
        runs.push(await load.measure(tracker, length, 1))
      }
    }
    const ratio = median(cpuOf(on).map((cpu, turn) => cpu / cpuOf(off)[turn]))
    const columns = ['server', 'µs CPU', 'to off', 'responses/s', 'failures', 'timeouts']
    const rows = contenders.map((contender) => [
      contender.name,
      fixed(median(cpuOf(contender)), 3),
      contender === off ? '1.000' : fixed(ratio, 3),
      thousands(median(contender.runs.map(({ responsesPerSecond }) => responsesPerSecond))),
      contender.runs.reduce((sum, { failures }) => sum + failures, 0),
      contender.runs.reduce((sum, { timeouts }) => sum + timeouts, 0),
    ])
    return {
      tables: [{ title: 'CPU per response with and without metrics, published mix', columns, rows }],
      notes: [
        'Off: `core.tracker_usage_statistics = false`. Both are filled identically and loaded in turns; the ratio is the median over the turns.',
      ],
      figures: contenders.map(({ name, runs }) => ({ name, runs, ratio: name === on.name ? ratio : 1 })),
    }
  } finally {
    for (const { tracker } of contenders) await tracker.stop()
  }
}
