// Proven clients beside a flood that proves nothing: the share of their requests that is answered, and how fast. The
// floor is the same load on a server that only moves datagrams, beside the same flood. Tracker and floor take turns.

import { CannotRun, fixed, median, progress, type Report, thousands } from '../bench.ts'
import { LOAD_CORES, outputOf, pinnedTo, SERVER_CORES, startServer } from '../processes.ts'
import { startTracker } from '../tracker.ts'
import { Load, type LoadFigures, type Target } from './load.ts'
import type { NativeTools } from './native-tools.ts'

const TURNS = 3
const MIN_SECONDS = 3
/** The load connects before the flood begins. */
const HEAD_START_SECONDS = 1
const FLOODS = ['none', 'garbage', 'connects', 'forged'] as const
type Flood = (typeof FLOODS)[number]
/** Whose addresses the flood has. */
const FLOOD_NETWORK = '127.64.0.0/16'
const CLIENTS = [
  '--lossy',
  '--torrents',
  '20000',
  '--peers',
  '40000',
  '--sockets',
  '64',
  '--window',
  '1',
  '--want',
  '30',
]

interface FloodRun {
  readonly server: string
  readonly flood: string
  readonly load: LoadFigures
  readonly floodPerSecond: number
}

function answeredShare({ responses, timeouts }: LoadFigures): number {
  return responses / (responses + timeouts)
}

async function runBeside(
  tools: NativeTools,
  flood: Flood,
  target: Target,
  seconds: number,
): Promise<LoadFigures & { floodPerSecond: number }> {
  const measured = new Load(tools, CLIENTS).measure(target, seconds, HEAD_START_SECONDS + 1)
  await new Promise((resolve) => setTimeout(resolve, 1000 * HEAD_START_SECONDS))
  if (flood === 'none') return { ...(await measured), floodPerSecond: 0 }
  const place = [target.host, String(target.port), String(seconds + 1), FLOOD_NETWORK]
  const flooded = outputOf([...pinnedTo(LOAD_CORES), tools.flood, flood, ...place])
  const load = await measured
  return { ...load, floodPerSecond: JSON.parse(await flooded).sentPerSecond }
}

async function besideFloor(tools: NativeTools, flood: Flood, seconds: number): Promise<FloodRun> {
  const floor = await startServer([...pinnedTo(SERVER_CORES), tools.floor, '0', '30'])
  try {
    const port = Number(/port (\d+)/.exec(floor.line)?.[1])
    const { floodPerSecond, ...load } = await runBeside(
      tools,
      flood,
      { pid: floor.pid, host: '127.0.0.1', port },
      seconds,
    )
    return { server: 'floor', flood, load, floodPerSecond }
  } finally {
    await floor.stop()
  }
}

async function besideTracker(tools: NativeTools, flood: Flood, seconds: number): Promise<FloodRun> {
  const tracker = await startTracker({ protocol: 'udp', cores: SERVER_CORES, driver: 'batched' })
  try {
    const { floodPerSecond, ...load } = await runBeside(tools, flood, tracker, seconds)
    return { server: 'muster', flood, load, floodPerSecond }
  } finally {
    await tracker.stop()
  }
}

function rowOf(runs: readonly FloodRun[]): (string | number)[] {
  const middle = (figure: (run: FloodRun) => number): number => median(runs.map(figure))
  return [
    runs[0]?.server ?? '',
    fixed(100 * middle(({ load }) => answeredShare(load)), 2),
    thousands(middle(({ load }) => load.responsesPerSecond)),
    fixed(middle(({ load }) => load.p50Us) / 1000, 2),
    fixed(middle(({ load }) => load.p99Us) / 1000, 2),
    thousands(middle(({ floodPerSecond }) => floodPerSecond)),
  ]
}

export async function compareFloods(tools: NativeTools, kind: string, seconds: number): Promise<Report> {
  const floods = FLOODS.filter((flood) => kind === 'all' || kind === flood)
  if (floods.length === 0) throw new CannotRun(`--flood must be all, ${FLOODS.join(', ')}`)
  const length = Math.max(MIN_SECONDS, seconds / TURNS)
  const runs: FloodRun[] = []
  for (const flood of floods) {
    for (let turn = 0; turn < TURNS; turn++) {
      progress(`flood: ${flood}, turn ${turn + 1}`)
      runs.push(await besideTracker(tools, flood, length), await besideFloor(tools, flood, length))
    }
  }
  const columns = ['server', '% answered', 'responses/s', 'p50 ms', 'p99 ms', 'flood/s']
  const tables = floods.map((flood) => ({
    title: `Proven clients beside a flood: ${flood}`,
    columns,
    rows: ['muster', 'floor'].map((server) =>
      rowOf(runs.filter((run) => run.server === server && run.flood === flood)),
    ),
  }))
  const notes = [
    'Clients: 64 sockets with one request in flight each, connected before the flood; a request not answered within 0.5 s is lost. Medians over the turns.',
    'Flood: the addresses of a /16, as fast as it can send; it shares a core with the clients, the server has the other.',
    'Floor: answers every datagram without any state, whatever it is.',
  ]
  return { tables, notes, figures: runs }
}
