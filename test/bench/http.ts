// HTTP: CPU per announce, as a ratio to a bare node:http server that sends a reply of the same size.

import { fileURLToPath } from 'node:url'
import { average, type Bench, CannotRun, fixed, median, numberOf, progress, type Report, thousands } from './bench.ts'
import { type ReplyShape, shapeOfReply } from './http/reply-shape.ts'
import { type Connections, type Place, runWrk, type WrkFigures } from './http/wrk.ts'
import { needProgram, pinnedTo, SERVER_CORES, type Server, startServer } from './processes.ts'
import { startTracker } from './tracker.ts'

const BARE_SERVER = fileURLToPath(new URL('./http/bare-server.ts', import.meta.url))
const FILL_SECONDS = 6
const WARM_UP_SECONDS = 2
/** Tracker and bare server are measured in turns: a machine's speed may vary from second to second. */
const TURNS = 5
/** The script's torrent number 0: (i * 104729) % 256 for i = 1 to 20. */
const SOME_HASH = Array.from({ length: 20 }, (_, i) => ((i + 1) * 104_729) % 256)
  .map((byte) => `%${byte.toString(16).padStart(2, '0')}`)
  .join('')

interface Comparison {
  readonly connections: Connections
  readonly tracker: readonly WrkFigures[]
  /** One before each turn of the tracker and one after the last. */
  readonly bare: readonly WrkFigures[]
  readonly ratio: number
}

async function startBareServer(shape: ReplyShape): Promise<Server & Place> {
  const command = [...pinnedTo(SERVER_CORES), process.execPath, BARE_SERVER, JSON.stringify(shape)]
  const server = await startServer(command)
  return { pid: server.pid, port: Number(/port (\d+)/.exec(server.line)?.[1]), stop: () => server.stop() }
}

async function compare(tracker: Place, bare: Place, connections: Connections, sockets: number, seconds: number) {
  progress(`${connections}: bare server and tracker in ${TURNS} turns`)
  for (const place of [bare, tracker]) await runWrk(place, connections, sockets, WARM_UP_SECONDS)
  const length = Math.max(1, Math.round(seconds / TURNS))
  const measure = (place: Place): Promise<WrkFigures> => runWrk(place, connections, sockets, length)
  const floors = [await measure(bare)]
  const own: WrkFigures[] = []
  const ratios: number[] = []
  for (let turn = 0; turn < TURNS; turn++) {
    own.push(await measure(tracker))
    floors.push(await measure(bare))
    ratios.push(own[turn].cpuPerRequestUs / average([floors[turn].cpuPerRequestUs, floors[turn + 1].cpuPerRequestUs]))
  }
  const comparison: Comparison = { connections, tracker: own, bare: floors, ratio: median(ratios) }
  return comparison
}

function rowsOf({ connections, tracker, bare, ratio }: Comparison): (string | number)[][] {
  const row = (name: string, runs: readonly WrkFigures[], times: string): (string | number)[] => [
    connections,
    name,
    fixed(median(runs.map((run) => run.cpuPerRequestUs)), 2),
    times,
    thousands(average(runs.map((run) => run.requests / run.seconds))),
    fixed(average(runs.map((run) => run.bytes / run.requests)), 0),
    fixed(average(runs.map((run) => run.p50Us)), 0),
    fixed(average(runs.map((run) => run.p99Us)), 0),
    runs.reduce((sum, run) => sum + run.failures + run.timeouts, 0),
  ]
  return [row('muster', tracker, fixed(ratio, 2)), row('bare node:http', bare, '')]
}

function report(comparisons: readonly Comparison[], shape: ReplyShape): Report {
  return {
    tables: [
      {
        title: 'CPU per HTTP announce',
        columns: ['connections', 'server', 'µs CPU', 'ratio', 'requests/s', 'bytes', 'p50 µs', 'p99 µs', 'failures'],
        rows: comparisons.flatMap(rowsOf),
      },
    ],
    notes: [
      `The bare server sends the headers and the ${shape.bodyBytes} bytes of body of a real reply; it parses nothing.`,
      'Each announce is by a random peer of 100 swarms of 400. One thread serves; server and wrk have a core each.',
    ],
    figures: { shape, comparisons },
  }
}

export const httpBench: Bench = {
  summary: 'CPU per announce, as a ratio to a bare node:http server (needs wrk)',
  help: [
    '--seconds S       length of a measurement, all turns together (10)',
    '--sockets N       concurrent connections (32)',
    '--connections K   keep-alive or close (default: both)',
  ],
  options: {
    seconds: { type: 'string', default: '10' },
    sockets: { type: 'string', default: '32' },
    connections: { type: 'string' },
  },
  async run(values) {
    needProgram('wrk', 'load HTTP servers (Debian: apt install wrk)')
    const seconds = numberOf(values, 'seconds', 1)
    const sockets = numberOf(values, 'sockets', 1)
    const kinds: Connections[] = ['keep-alive', 'close']
    const chosen = kinds.filter((kind) => values['connections'] === undefined || values['connections'] === kind)
    if (chosen.length === 0) throw new CannotRun('--connections must be keep-alive or close')
    const tracker = await startTracker({ protocol: 'http', cores: SERVER_CORES })
    try {
      progress('filling the swarms')
      await runWrk(tracker, 'keep-alive', sockets, FILL_SECONDS)
      const shape = await shapeOfReply(tracker.port, SOME_HASH)
      const bare = await startBareServer(shape)
      try {
        const comparisons: Comparison[] = []
        for (const kind of chosen) comparisons.push(await compare(tracker, bare, kind, sockets, seconds))
        return report(comparisons, shape)
      } finally {
        await bare.stop()
      }
    } finally {
      await tracker.stop()
    }
  },
}
