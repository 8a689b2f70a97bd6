// The soak: real clients beside each attack in turn. What is answered, how fast, what it costs, and whether the swarms
// stay what they were. Limits by address apply to 127.0.0.0/8 here, where each client has a network of its own.

import { readFileSync } from 'node:fs'
import { type Bench, CannotRun, fixed, numberOf, progress, type Report, thousands } from './bench.ts'
import { type HttpFigures, runHttpLoad } from './http/load.ts'
import { LOAD_CORES, outputOf, pinnedTo, SERVER_CORES } from './processes.ts'
import { ATTACK_NAMES, startAttack } from './soak/attacks.ts'
import { type SoakedTracker, startSoakedTracker } from './soak/soaked-tracker.ts'
import { SwarmCheck, type SwarmResult } from './soak/swarm-check.ts'
import type { LoadFigures } from './udp/load.ts'
import { buildNativeTools, type NativeTools } from './udp/native-tools.ts'

const CALM = 'none'
const MIN_PHASE_SECONDS = 4
/** Share of what the machine can do that the clients ask for. */
const CLIENT_SHARE = 0.6
const CONNECTS_A_SECOND = 500
const HTTP_CONNECTIONS = 4
/** Memory beyond the budget. */
const MORE_MEBIBYTES = 150
const BUDGET_MEBIBYTES = 256
/** A client sends a connect up to so often before it takes the tracker for dead (BEP 15 has eight). */
const CONNECT_TRIES = 4

const BOUNDS = { proven: 0.995, connecting: 0.95, p99Ms: 50, seeders: 30, newcomers: 100 } as const
const CLIENTS = ['--lossy', '--spread', '--torrents', '20000', '--peers', '40000', '--sockets', '200', '--window', '1']
const CONNECTING = ['--lossy', '--spread', '--sockets', '250', '--window', '1', '--connect', '1', '--announce', '0']

interface Phase {
  readonly attack: string
  readonly proven: LoadFigures
  readonly connecting: LoadFigures
  readonly http: HttpFigures
  readonly swarms: SwarmResult
  readonly residentMebibytes: number
}

function answeredShare({ responses, timeouts }: LoadFigures): number {
  return responses / Math.max(1, responses + timeouts)
}

/** Of clients that ask again. */
function connectedShare(phase: Phase): number {
  return 1 - (1 - answeredShare(phase.connecting)) ** CONNECT_TRIES
}

function misses(phase: Phase): readonly string[] {
  const { attack, proven, swarms, residentMebibytes } = phase
  const missed = (what: string, isMissed: boolean): string[] => (isMissed ? [`${attack}: ${what}`] : [])
  return [
    ...missed('clients with an id', answeredShare(proven) < BOUNDS.proven),
    ...missed('clients that connect', connectedShare(phase) < BOUNDS.connecting),
    ...missed('p99', proven.p99Us / 1000 > BOUNDS.p99Ms),
    ...missed('seeders', swarms.seedersKept < BOUNDS.seeders),
    ...missed('newcomers', swarms.newcomersStored < BOUNDS.newcomers),
    ...missed('memory', residentMebibytes > BUDGET_MEBIBYTES + MORE_MEBIBYTES),
  ]
}

async function runUdp(tools: NativeTools, tracker: SoakedTracker, options: readonly string[]): Promise<LoadFigures> {
  const place = ['--pid', String(tracker.pid), tracker.host, String(tracker.udpPort)]
  return JSON.parse(await outputOf([...pinnedTo(LOAD_CORES), tools.load, ...options, ...place]))
}

/** In MiB. */
function residentOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) / 1024
}

async function runPhase(
  tools: NativeTools,
  tracker: SoakedTracker,
  attack: string,
  { rate, seconds }: { readonly rate: number; readonly seconds: number },
): Promise<Phase> {
  const check = new SwarmCheck(tracker.host, tracker.udpPort)
  await check.begin()
  const times = ['--warm-up', '1', '--duration', String(seconds - 1)]
  const stop = attack === CALM ? async () => {} : startAttack(attack, tools, tracker, seconds + 30)
  try {
    const [proven, connecting, http] = await Promise.all([
      runUdp(tools, tracker, [...CLIENTS, '--rate', String(rate), ...times]),
      runUdp(tools, tracker, [...CONNECTING, '--rate', String(CONNECTS_A_SECOND), ...times]),
      runHttpLoad(tools, { pid: tracker.pid, port: tracker.httpPort }, [
        '--fresh',
        '--spread',
        ...['--connections', String(HTTP_CONNECTIONS), '--torrents', '20000', '--peers', '40000'],
        ...times,
      ]),
    ])
    const swarms = await check.end()
    return { attack, proven, connecting, http, swarms, residentMebibytes: residentOf(tracker.pid) }
  } finally {
    await stop()
  }
}

function rowOf(phase: Phase): (string | number)[] {
  const { attack, proven, connecting, http, swarms, residentMebibytes } = phase
  const percent = (share: number): string => fixed(100 * share, 2)
  return [
    attack,
    thousands(proven.responsesPerSecond),
    percent(answeredShare(proven)),
    percent(answeredShare(connecting)),
    percent(connectedShare(phase)),
    fixed(proven.p50Us / 1000, 1),
    fixed(proven.p99Us / 1000, 1),
    thousands(http.responsesPerSecond),
    http.broken + http.refused,
    fixed(http.p99Us / 1000, 1),
    `${swarms.seedersKept}/${BOUNDS.seeders}`,
    `${swarms.newcomersStored}/${BOUNDS.newcomers}`,
    fixed(residentMebibytes, 0),
    misses(phase).length === 0 ? 'yes' : 'NO',
  ]
}

function report(phases: readonly Phase[], rate: number): Report {
  const missed = phases.flatMap(misses)
  return {
    isPassed: missed.length === 0,
    tables: [
      {
        title: 'Clients beside attacks',
        columns: [
          'attack',
          'announces/s',
          'answered %',
          'connects %',
          `in ${CONNECT_TRIES} tries %`,
          'p50 ms',
          'p99 ms',
          'HTTP/s',
          'lost',
          'HTTP p99 ms',
          'seeders',
          'newcomers',
          'MiB',
          'in bounds',
        ],
        rows: phases.map(rowOf),
      },
    ],
    notes: [
      `Clients of 200 networks announce over UDP at up to ${thousands(rate)} a second, ${CLIENT_SHARE * 100} % of what this machine can do without an attack; ${CONNECTS_A_SECOND} connects a second come from 250, and ${HTTP_CONNECTIONS} clients announce over HTTP with fresh connections.`,
      'The tracker has one core. Clients and attack share the other, so latencies include how long clients wait for it: compare them with the row without an attack and with floods that cost the tracker little.',
      `Bounds: ${BOUNDS.proven * 100} % of clients with a connection id, ${BOUNDS.connecting * 100} % of those that connect, p99 of ${BOUNDS.p99Ms} ms, all seeders and newcomers, ${BUDGET_MEBIBYTES} + ${MORE_MEBIBYTES} MiB.`,
      ...(missed.length === 0 ? [] : [`Missed: ${missed.join('; ')}.`]),
    ],
    figures: { rate, phases },
  }
}

export const soakBench: Bench = {
  summary: 'real clients beside each attack in turn (needs a C compiler); exit code 1 if a bound is missed',
  help: ['--seconds S    length of the whole soak (600)', `--attack NAME  only this one: ${ATTACK_NAMES.join(', ')}`],
  options: { seconds: { type: 'string', default: '600' }, attack: { type: 'string' } },
  async run(values) {
    const chosen = ATTACK_NAMES.filter((name) => values['attack'] === undefined || values['attack'] === name)
    if (chosen.length === 0) throw new CannotRun(`--attack must be one of ${ATTACK_NAMES.join(', ')}`)
    const attacks = [CALM, ...chosen, CALM]
    const seconds = Math.max(MIN_PHASE_SECONDS, Math.floor(numberOf(values, 'seconds', 1) / (attacks.length + 1)))
    const tools = buildNativeTools()
    const tracker = await startSoakedTracker(SERVER_CORES, `${BUDGET_MEBIBYTES} MiB`)
    try {
      progress('measuring what the machine can do')
      const most = await runUdp(tools, tracker, [...CLIENTS, '--fill', '--warm-up', '1', '--duration', '3'])
      const rate = Math.floor(CLIENT_SHARE * most.responsesPerSecond)
      const phases: Phase[] = []
      for (const attack of attacks) {
        progress(`attack: ${attack}, ${seconds} s`)
        phases.push(await runPhase(tools, tracker, attack, { rate, seconds }))
      }
      return report(phases, rate)
    } finally {
      await tracker.stop()
      tools.remove()
    }
  },
}
