// Two trackers under the same load in turns: the median over the turns of what one costs as a ratio to the other.

import { fixed, median, thousands } from '../bench.ts'
import type { RunningTracker } from '../tracker.ts'
import type { Load, LoadFigures } from '../udp/load.ts'
import type { Measured } from './measured.ts'

export interface Contender {
  readonly name: string
  readonly tracker: RunningTracker
  readonly runs: LoadFigures[]
}

export interface Turns {
  readonly count: number
  /** Of one measurement. */
  readonly seconds: number
  /** The load of a turn, the same for both. */
  readonly load: (turn: number) => Load
}

const WARM_UP_SECONDS = 0.3

/** The order alternates from turn to turn. */
export async function takeTurns(first: Contender, second: Contender, { count, seconds, load }: Turns): Promise<void> {
  for (let turn = 0; turn < count; turn++) {
    for (const { tracker, runs } of turn % 2 === 0 ? [first, second] : [second, first]) {
      runs.push(await load(turn).measure(tracker, seconds, WARM_UP_SECONDS))
    }
  }
}

function ratioBetween({ runs }: Contender, base: Contender): number {
  return median(runs.map(({ cpuPerResponseUs }, turn) => cpuPerResponseUs / base.runs[turn].cpuPerResponseUs))
}

const CONTENDER_COLUMNS = [
  'tracker',
  'µs CPU',
  'ratio',
  'bound',
  'peers per reply',
  'responses/s',
  'failures',
  'timeouts',
] as const

/** `ratio` and `bound` are those of the contender that is compared, and absent for the other. */
function contenderRow({ name, runs }: Contender, ratio?: number, bound?: number): (string | number)[] {
  const middle = (figure: (load: LoadFigures) => number): number => median(runs.map(figure))
  const sum = (figure: (load: LoadFigures) => number): number => runs.reduce((all, load) => all + figure(load), 0)
  const cpuUs = middle((load) => load.cpuPerResponseUs)
  const peers = middle((load) => load.peersPerAnnounce)
  return [
    name,
    fixed(cpuUs, 3),
    fixed(ratio ?? 1, 3),
    bound === undefined ? '' : fixed(bound, 2),
    fixed(peers, 1),
    thousands(middle((load) => load.responsesPerSecond)),
    sum((load) => load.failures),
    sum((load) => load.timeouts),
  ]
}

export interface Comparison {
  readonly title: string
  readonly note: string
  /** Of what one contender costs to what the base does. */
  readonly maxRatio: number
  /** Names of the two in the figures: those of the base first. */
  readonly names: readonly [base: string, compared: string]
}

/** The result of turns that have been taken. */
export function compare(base: Contender, compared: Contender, comparison: Comparison): Measured {
  const { title, note, maxRatio, names } = comparison
  const ratio = ratioBetween(compared, base)
  return {
    table: { title, columns: CONTENDER_COLUMNS, rows: [contenderRow(base), contenderRow(compared, ratio, maxRatio)] },
    notes: [note],
    isWithinBound: ratio <= maxRatio,
    figures: { ratio, maxRatio, [names[0]]: base.runs, [names[1]]: compared.runs },
  }
}
