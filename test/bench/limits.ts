// The cost of limits: of those that refuse nothing, of full memory, and of refusing forged ids.

import { type Bench, CannotRun, numberOf } from './bench.ts'
import { measureCost } from './limits/cost.ts'
import { measureForgedIds } from './limits/forged-ids.ts'
import { measureFullMemory } from './limits/full-memory.ts'
import type { Measured, Measurement } from './limits/measured.ts'
import { buildNativeTools } from './udp/native-tools.ts'

const MEASUREMENTS: Readonly<Record<string, Measurement>> = {
  cost: measureCost,
  full: measureFullMemory,
  forged: measureForgedIds,
}
const NAMES = Object.keys(MEASUREMENTS)

export const limitsBench: Bench = {
  summary: 'CPU cost of limits over UDP (needs a C compiler); exit code 1 if a bound is missed',
  help: ['--seconds S    length of each measurement (48)', `--only NAME    only this one: ${NAMES.join(', ')}`],
  options: { seconds: { type: 'string', default: '48' }, only: { type: 'string' } },
  async run(values) {
    const chosen = NAMES.filter((name) => values['only'] === undefined || values['only'] === name)
    if (chosen.length === 0) throw new CannotRun(`--only must be one of ${NAMES.join(', ')}`)
    const seconds = numberOf(values, 'seconds', 1)
    const tools = buildNativeTools()
    try {
      const measured: Record<string, Measured> = {}
      for (const name of chosen) measured[name] = await MEASUREMENTS[name](tools, seconds)
      const missed = chosen.filter((name) => !measured[name].isWithinBound)
      return {
        isPassed: missed.length === 0,
        tables: chosen.map((name) => measured[name].table),
        notes: [
          ...chosen.flatMap((name) => measured[name].notes),
          'The tracker on one core, the load on another; measured in turns, ratios are medians over the turns.',
          ...(missed.length === 0 ? [] : [`Missed: ${missed.join(', ')}.`]),
        ],
        figures: Object.fromEntries(chosen.map((name) => [name, measured[name].figures])),
      }
    } finally {
      tools.remove()
    }
  },
}
