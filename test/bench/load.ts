// The load generator itself: what it offers, whether it agrees with a generator in C, and the knees that it finds.

import { type Bench, CannotRun, numberOf, progress, type Values } from './bench.ts'
import { measureAgreement } from './load/agreement.ts'
import { measureDistribution } from './load/distribution.ts'
import { findKnees } from './load/knee.ts'
import type { LoadFinding } from './load/load-finding.ts'
import { measureOffered, silentServer } from './load/offered.ts'
import { pinnedTo, SERVER_CORES, startServer } from './processes.ts'
import { buildNativeTools, type NativeTools } from './udp/native-tools.ts'

async function offered(tools: NativeTools, seconds: number): Promise<LoadFinding> {
  const silent = await startServer([...pinnedTo(SERVER_CORES), ...silentServer])
  try {
    return await measureOffered(tools, Number(silent.line), seconds)
  } finally {
    await silent.stop()
  }
}

const MEASUREMENTS: Readonly<Record<string, (tools: NativeTools, seconds: number) => Promise<LoadFinding>>> = {
  offered,
  agreement: measureAgreement,
  distribution: measureDistribution,
}
const NAMES = Object.keys(MEASUREMENTS)

async function measure(values: Values, seconds: number) {
  const chosen = NAMES.filter((name) => values['only'] === undefined || values['only'] === name)
  if (chosen.length === 0) throw new CannotRun(`--only must be one of ${NAMES.join(', ')}`)
  const tools = buildNativeTools()
  try {
    const found: LoadFinding[] = []
    for (const name of chosen) {
      progress(name)
      found.push(await MEASUREMENTS[name](tools, seconds))
    }
    const missed = chosen.filter((_, index) => !found[index].isWithinBound)
    return {
      isPassed: missed.length === 0,
      tables: found.map(({ table }) => table),
      notes: [
        ...found.flatMap(({ notes }) => notes),
        'The server on one core, the load on another; measured in turns, ratios are medians over the turns.',
        ...(missed.length === 0 ? [] : [`Missed: ${missed.join(', ')}.`]),
      ],
      figures: Object.fromEntries(chosen.map((name, index) => [name, found[index].figures])),
    }
  } finally {
    tools.remove()
  }
}

export const loadBench: Bench = {
  summary: 'muster load beside a generator in C (needs a C compiler); exit code 1 if a bound is missed',
  help: [
    '--seconds S      length of each measurement (3)',
    `--only NAME      only this one: ${NAMES.join(', ')}`,
    '--knee           instead: latency of Muster and opentracker at rising rates, in an open loop; with --save also a chart',
  ],
  options: {
    seconds: { type: 'string', default: '3' },
    only: { type: 'string' },
    knee: { type: 'boolean' },
  },
  run: async (values) => {
    const seconds = numberOf(values, 'seconds', 1)
    return values['knee'] === true ? findKnees(seconds, values['save'] === true) : measure(values, seconds)
  },
}
