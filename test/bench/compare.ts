// `npm run bench -- compare NAME=URL:PID ...`: running trackers under the same load in turns, beside the C floor, and
// what they answer. docs/benchmarks/README.md says how to get rivals and to set them up.

import { type Bench, CannotRun, numberOf, type Report, type Values } from './bench.ts'
import { type Contender, readContender } from './compare/contender.ts'
import { probeAll, probeTable } from './compare/probe.ts'
import { roundOf, roundsTable, takeRounds } from './compare/rounds.ts'
import { startFloor as startHttpFloor } from './http/load.ts'
import { lonelyHashes } from './load/muster-load.ts'
import { pinnedTo, SERVER_CORES, type Server, startServer } from './processes.ts'
import { buildNativeTools, type NativeTools } from './udp/native-tools.ts'

/** As of muster load. */
const TORRENTS = 1_000_000
/** As many torrents as the probe asks for. */
const PROBED = 102
/** The head of a plain reply over HTTP, and the body with so many peers. */
const HEAD_BYTES = 132
function bodyBytes(peers: number): number {
  return 70 + 6 * peers
}

async function startFloor(
  tools: NativeTools,
  transport: Contender['transport'],
  peers: number,
): Promise<Contender & Pick<Server, 'stop'>> {
  const server =
    transport === 'udp'
      ? await startServer([...pinnedTo(SERVER_CORES), tools.floor, '0', String(peers)])
      : await startHttpFloor(tools, { headBytes: HEAD_BYTES, bodyBytes: bodyBytes(peers) })
  const port = 'line' in server ? Number(/port (\d+)/.exec(server.line)?.[1]) : server.port
  const url = `${transport}://127.0.0.1:${port}`
  return { name: 'C floor', transport, host: '127.0.0.1', port, url, pid: server.pid, stop: () => server.stop() }
}

function loadOptions(values: Values): string[] {
  const named = ['torrents', 'peers', 'mix', 'numwant', 'rate', 'connections'] as const
  return [
    ...named.flatMap((name) => (values[name] === undefined ? [] : [`--${name}`, String(values[name])])),
    ...(values['fresh'] === true ? ['--fresh'] : []),
  ]
}

async function compare(values: Values, words: readonly string[]): Promise<Report> {
  const contenders = words.map(readContender)
  const transports = [...new Set(contenders.map(({ transport }) => transport))]
  const [transport] = transports
  if (contenders.length === 0) throw new CannotRun('name at least one tracker: NAME=URL:PID')
  if (transports.length > 1) throw new CannotRun('all trackers must be compared over the same protocol')
  const seconds = numberOf(values, 'seconds', 1)
  const options = loadOptions(values)
  const tools = buildNativeTools()
  try {
    const filled = []
    for (const contender of contenders) {
      const { report } = await roundOf(contender, [
        ...options,
        ...(values['no-fill'] ? [] : ['--fill']),
        '--duration',
        '1',
      ])
      filled.push({ name: contender.name, fill: report.fill, peers: report.peersPerAnnounce ?? 0 })
    }
    const floor = await startFloor(tools, transport, Math.round(filled[0].peers))
    try {
      const compared = await takeRounds(
        [floor, ...contenders],
        [...options, '--duration', String(seconds)],
        numberOf(values, 'turns', 1),
      )
      // A tracker with a list has only the torrents of the load.
      const hashes = values['listed'] === true ? lonelyHashes(Number(values['torrents'] ?? TORRENTS), PROBED) : []
      const probed = await probeAll(contenders, hashes)
      const incomplete = filled.filter(({ fill }) => fill?.isComplete === false)
      return {
        tables: [roundsTable(compared), probeTable(probed)],
        notes: [
          `Load: muster load ${[transport, ...options].join(' ')}, ${seconds} s a turn; figures are medians over the turns.`,
          'The floor moves the same bytes by system calls and keeps nothing; its replies have as many peers as those of the first tracker.',
          ...incomplete.map(({ name }) => `${name} did not store every peer of the fill exactly once.`),
        ],
        // A URL may have a key.
        figures: {
          filled,
          compared: compared.map(({ contender, rounds }) => ({ name: contender.name, rounds })),
          probed,
        },
      }
    } finally {
      await floor.stop()
    }
  } finally {
    tools.remove()
  }
}

export const compareBench: Bench = {
  summary: 'running trackers in turns under the same load, and what they answer: compare NAME=URL:PID ...',
  help: [
    '--seconds S      length of a turn (4)',
    '--turns N        turns of each (6)',
    '--no-fill        the trackers are filled already',
    '--listed         the trackers serve the torrents of the load only: ask for those in the probe',
    '--torrents N, --peers N, --mix M, --numwant N, --rate N, --connections N, --fresh: as for muster load',
  ],
  options: {
    seconds: { type: 'string', default: '4' },
    turns: { type: 'string', default: '6' },
    'no-fill': { type: 'boolean' },
    listed: { type: 'boolean' },
    torrents: { type: 'string' },
    peers: { type: 'string' },
    mix: { type: 'string' },
    numwant: { type: 'string' },
    rate: { type: 'string' },
    connections: { type: 'string' },
    fresh: { type: 'boolean' },
  },
  takesWords: true,
  run: compare,
}
