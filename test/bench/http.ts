// HTTP: CPU per announce of both drivers, as ratios to a C server that only receives, sends and closes, beside a bare
// node:http server and opentracker.

import { average, type Bench, CannotRun, fixed, median, numberOf, progress, type Report, thousands } from './bench.ts'
import {
  type HttpFigures,
  type HttpTarget,
  type ReplySize,
  runHttpLoad,
  startBareServer,
  startFloor,
} from './http/load.ts'
import { SERVER_CORES } from './processes.ts'
import { startTracker } from './tracker.ts'
import { buildNativeTools, type NativeTools } from './udp/native-tools.ts'
import { opentracker } from './udp/opentracker.ts'

const FLOOR = 'C floor'
const LOADS = {
  kept: [],
  fresh: ['--fresh'],
  forwarded: ['--forwarded'],
} as const
type LoadName = keyof typeof LOADS
const LOAD_NAMES: readonly LoadName[] = ['kept', 'fresh', 'forwarded']
/** Servers are measured in turns: a machine's speed may vary from second to second. */
const TURNS = 8
const WARM_UP_SECONDS = '0.5'
/** The head of a plain reply. */
const HEAD_BYTES = 132

interface Server extends HttpTarget {
  readonly name: string
  stop(): Promise<void>
}

interface Measured {
  readonly load: LoadName
  readonly server: string
  readonly turns: readonly HttpFigures[]
  /** To the floor of the same turns. */
  readonly ratio: number
}

async function startTrackers(tools: NativeTools, size: readonly string[]): Promise<Server[]> {
  const own = { protocol: 'http', cores: SERVER_CORES, isBehindProxy: true } as const
  const other = opentracker(tools)
  const servers: Server[] = [
    { name: 'Muster, plain driver', ...(await startTracker({ ...own, httpDriver: 'plain' })) },
    { name: 'Muster, node:http', ...(await startTracker({ ...own, httpDriver: 'node' })) },
  ]
  if (other !== undefined) servers.push({ name: other.name, ...(await other.start({ name: 'http', options: size })) })
  return servers
}

/** One turn of every server, the floor first. */
async function turnOf(tools: NativeTools, servers: readonly Server[], options: readonly string[]) {
  const figures = new Map<string, HttpFigures>()
  for (const server of servers) figures.set(server.name, await runHttpLoad(tools, server, options))
  return figures
}

async function measure(
  tools: NativeTools,
  servers: readonly Server[],
  load: LoadName,
  options: readonly string[],
): Promise<readonly Measured[]> {
  const turns: Map<string, HttpFigures>[] = []
  for (let turn = 0; turn < TURNS; turn++) {
    progress(`${load}: turn ${turn + 1} of ${TURNS}`)
    turns.push(await turnOf(tools, turn % 2 === 0 ? servers : servers.toReversed(), [...LOADS[load], ...options]))
  }
  const cpuOf = (turn: Map<string, HttpFigures>, name: string): number => turn.get(name)?.cpuPerResponseUs ?? Number.NaN
  return servers.map(({ name }) => ({
    load,
    server: name,
    turns: turns.flatMap((turn) => turn.get(name) ?? []),
    ratio: median(turns.map((turn) => cpuOf(turn, name) / cpuOf(turn, FLOOR))),
  }))
}

function rowOf({ load, server, turns, ratio }: Measured): (string | number)[] {
  const mean = (figure: (turn: HttpFigures) => number): number => average(turns.map(figure))
  return [
    load,
    server,
    fixed(median(turns.map(({ cpuPerResponseUs }) => cpuPerResponseUs)), 2),
    fixed(ratio, 2),
    thousands(mean(({ responsesPerSecond }) => responsesPerSecond)),
    fixed(
      mean(({ bytesPerResponse }) => bytesPerResponse),
      0,
    ),
    fixed(
      mean(({ peersPerAnnounce }) => peersPerAnnounce),
      1,
    ),
    fixed(
      mean(({ p50Us }) => p50Us),
      0,
    ),
    fixed(
      mean(({ p99Us }) => p99Us),
      0,
    ),
    mean(({ broken }) => broken) * turns.length,
  ]
}

function report(measured: readonly Measured[], peers: number): Report {
  return {
    tables: [
      {
        title: 'CPU per HTTP announce',
        columns: ['load', 'server', 'µs CPU', 'ratio', 'replies/s', 'bytes', 'peers', 'p50 µs', 'p99 µs', 'broken'],
        rows: measured.map(rowOf),
      },
    ],
    notes: [
      'The ratio is the median over turns of a second or more, each server in turn, to the floor of the same turn.',
      `Announces of ${thousands(peers)} peers. One thread answers; servers share a core, and the load has another.`,
      'The floor and the bare server parse nothing and keep no peers.',
      'forwarded: kept connections of a trusted proxy, which names the client in X-Forwarded-For.',
    ],
    figures: { measured },
  }
}

export const httpBench: Bench = {
  summary: 'CPU per announce of both drivers, in multiples of a C server (needs a C compiler)',
  help: [
    '--seconds S       length of a turn (1)',
    '--connections N   announces in flight (64)',
    '--peers N         peers in half as many torrents (100000)',
    '--load L          kept, fresh or forwarded (default: all)',
  ],
  options: {
    seconds: { type: 'string', default: '1' },
    connections: { type: 'string', default: '64' },
    peers: { type: 'string', default: '100000' },
    load: { type: 'string' },
  },
  async run(values) {
    const seconds = numberOf(values, 'seconds', 0.1)
    const peers = numberOf(values, 'peers', 2)
    const loads = LOAD_NAMES.filter((name) => values['load'] === undefined || values['load'] === name)
    if (loads.length === 0) throw new CannotRun(`--load must be one of ${LOAD_NAMES.join(', ')}`)
    const size = ['--peers', String(peers), '--torrents', String(Math.ceil(peers / 2))]
    const options = [...size, '--connections', String(numberOf(values, 'connections', 1)), '--warm-up', WARM_UP_SECONDS]
    const tools = buildNativeTools()
    const servers: Server[] = []
    try {
      servers.push(...(await startTrackers(tools, size)))
      let replySize: ReplySize = { headBytes: HEAD_BYTES, bodyBytes: 0 }
      for (const [index, server] of servers.entries()) {
        progress(`filling ${server.name}`)
        const { bytesPerResponse } = await runHttpLoad(tools, server, [...options, '--fill', '--duration', '1'])
        if (index === 0) replySize = { headBytes: HEAD_BYTES, bodyBytes: Math.round(bytesPerResponse) - HEAD_BYTES }
      }
      servers.unshift({ name: FLOOR, ...(await startFloor(tools, replySize)) })
      servers.push({ name: 'bare node:http', ...(await startBareServer(replySize)) })
      const measured: Measured[] = []
      for (const load of loads) {
        measured.push(...(await measure(tools, servers, load, [...options, '--duration', String(seconds)])))
      }
      return report(measured, peers)
    } finally {
      for (const server of servers) await server.stop()
      tools.remove()
    }
  },
}
