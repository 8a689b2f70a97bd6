// UDP: CPU per response, as a ratio to a server that only moves datagrams.

import {
  type Bench,
  CannotRun,
  fixed,
  median,
  numberOf,
  type Report,
  type Table,
  thousands,
  type Values,
} from './bench.ts'
import { SERVER_CORES } from './processes.ts'
import { type Driver, startTracker } from './tracker.ts'
import { compareModes } from './udp/access-modes.ts'
import { type Comparison, compareWithFloor } from './udp/against-floor.ts'
import { compareFloods } from './udp/floods.ts'
import { measureHeap } from './udp/heap-growth.ts'
import type { LoadFigures } from './udp/load.ts'
import { compareMetrics } from './udp/metrics-cost.ts'
import { buildNativeTools, type NativeTools } from './udp/native-tools.ts'
import { opentracker } from './udp/opentracker.ts'
import { REAL_MIX, SHAPES, type Subject } from './udp/shapes.ts'
import { compareThreads } from './udp/two-threads.ts'

const DRIVERS: readonly Driver[] = ['batched', 'dgram']

function muster(driver: Driver): Subject {
  return {
    name: `muster, ${driver}`,
    start: () => startTracker({ protocol: 'udp', cores: SERVER_CORES, driver }),
  }
}

function driversOf({ driver }: Values): readonly Driver[] {
  const chosen = DRIVERS.filter((name) => driver === undefined || name === driver)
  if (chosen.length === 0) throw new CannotRun('--driver must be batched or dgram')
  return chosen
}

function subjectsOf(values: Values, tools: NativeTools): Subject[] {
  const rival = values['no-rival'] === true ? undefined : opentracker(tools)
  const own = values['rival-only'] === true ? [] : driversOf(values).map(muster)
  return [...own, ...(rival === undefined ? [] : [rival])]
}

const COLUMNS = [
  'server',
  'peers per reply',
  'µs CPU',
  'floor µs',
  'ratio',
  'responses/s',
  'p50 µs',
  'p99 µs',
  'timeouts',
  'malformed',
  'failures',
]

function rowOf({ subject, trackers, trackerUs, floorUs, ratio }: Comparison): (string | number)[] {
  const middle = (figure: (load: LoadFigures) => number): number => median(trackers.map(figure))
  const sum = (figure: (load: LoadFigures) => number): number => trackers.reduce((all, load) => all + figure(load), 0)
  return [
    subject,
    fixed(
      middle((load) => load.peersPerAnnounce),
      1,
    ),
    fixed(trackerUs, 2),
    fixed(floorUs, 2),
    fixed(ratio, 2),
    thousands(middle((load) => load.responsesPerSecond)),
    middle((load) => load.p50Us),
    middle((load) => load.p99Us),
    sum((load) => load.timeouts),
    sum((load) => load.malformed),
    sum((load) => load.failures),
  ]
}

async function compareAll(values: Values, tools: NativeTools, seconds: number): Promise<Report> {
  const subjects = subjectsOf(values, tools)
  const shapes = [...SHAPES, ...(values['real'] === true ? [REAL_MIX] : [])].filter(
    ({ name }) => values['shape'] === undefined || name.includes(String(values['shape'])),
  )
  const comparisons: Comparison[] = []
  for (const shape of shapes) {
    for (const subject of subjects) comparisons.push(await compareWithFloor(tools, subject, shape, seconds))
  }
  const tables = shapes.map(
    ({ name }): Table => ({
      title: `CPU per response: ${name}`,
      columns: COLUMNS,
      rows: comparisons.filter(({ shape }) => shape === name).map(rowOf),
    }),
  )
  const notes = [
    'Floor: one recvmmsg and one sendmmsg for up to 64 datagrams, no state. Tracker and floor are measured in turns; the ratio is the median over the turns.',
    'Closed loop over loopback, 16 sockets with 8 requests in flight each; the server on one core, the load on another.',
  ]
  return { tables, notes, figures: comparisons }
}

function joined(reports: readonly Report[]): Report {
  return {
    tables: reports.flatMap(({ tables }) => tables),
    notes: [...new Set(reports.flatMap(({ notes }) => notes))],
    figures: reports.map(({ figures }) => figures),
  }
}

async function runWith(values: Values, tools: NativeTools): Promise<Report> {
  const seconds = numberOf(values, 'seconds', 1)
  if (values['threads'] !== undefined) return compareThreads(tools, numberOf(values, 'threads', 2), seconds)
  if (values['access'] !== undefined) return compareModes(tools, seconds)
  if (values['flood'] !== undefined) return compareFloods(tools, String(values['flood']), seconds)
  if (values['metrics'] !== undefined) return compareMetrics(tools, seconds)
  if (values['heap'] === undefined) return compareAll(values, tools, seconds)
  const reports: Report[] = []
  for (const driver of driversOf(values)) reports.push(await measureHeap(tools, driver, numberOf(values, 'heap', 4)))
  return joined(reports)
}

export const udpBench: Bench = {
  summary: 'CPU per response, as a ratio to a server that only moves datagrams',
  help: [
    '--seconds S      length of a measurement (8)',
    '--driver NAME    batched or dgram (default: both)',
    '--shape WORDS    only loads whose name contains this: "no peers", "published", "74"',
    '--real           also the request mix of a public tracker: announce 74, connect 23, scrape 3',
    '--no-rival       without opentracker, even if it is installed',
    '--rival-only     only opentracker',
    '--threads N      instead: N UDP threads compared with one',
    '--access         instead: listed and private trackers compared with a public one',
    '--metrics        instead: metrics on compared with metrics off',
    '--flood KIND     instead: proven clients beside a flood: none, garbage, connects, forged, or all of these',
    '--heap SECONDS   instead: growth of the heaps over this many seconds of load',
  ],
  options: {
    seconds: { type: 'string', default: '8' },
    driver: { type: 'string' },
    shape: { type: 'string' },
    real: { type: 'boolean' },
    'no-rival': { type: 'boolean' },
    'rival-only': { type: 'boolean' },
    threads: { type: 'string' },
    access: { type: 'boolean' },
    metrics: { type: 'boolean' },
    flood: { type: 'string' },
    heap: { type: 'string' },
  },
  async run(values) {
    const tools = buildNativeTools()
    try {
      return await runWith(values, tools)
    } finally {
      tools.remove()
    }
  },
}
