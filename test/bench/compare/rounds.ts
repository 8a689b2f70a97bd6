// The same load on every tracker in turns, the floor among them: CPU per reply as a ratio to the floor of the same
// turn.

import type { LoadReport } from '../../../src/adapters/load/load-report.ts'
import { fixed, median, progress, type Table, thousands } from '../bench.ts'
import { musterLoad } from '../load/muster-load.ts'
import { cpuSecondsOf } from '../processes.ts'
import { type Contender, coresOf, residentMib } from './contender.ts'

export interface Round {
  readonly report: LoadReport
  readonly cpuUs: number
  readonly cores: number
  readonly residentMib: number
}

export interface Compared {
  readonly contender: Contender
  readonly rounds: readonly Round[]
}

export async function roundOf({ url, pid }: Contender, options: readonly string[]): Promise<Round> {
  const before = cpuSecondsOf(pid)
  // Without a warm-up all CPU of the tracker belongs to replies that are counted.
  const report = await musterLoad(url, [...options, '--warm-up', '0'])
  const cpuSeconds = cpuSecondsOf(pid) - before
  return {
    report,
    cpuUs: (cpuSeconds * 1_000_000) / Math.max(1, report.replies),
    cores: cpuSeconds / report.seconds,
    residentMib: residentMib(pid),
  }
}

/** The first contender is the floor. The order turns with each round. */
export async function takeRounds(
  contenders: readonly Contender[],
  options: readonly string[],
  count: number,
): Promise<readonly Compared[]> {
  const rounds = contenders.map((): Round[] => [])
  for (let turn = 0; turn < count; turn++) {
    progress(`turn ${turn + 1} of ${count}`)
    for (let step = 0; step < contenders.length; step++) {
      const index = (step + turn) % contenders.length
      rounds[index].push(await roundOf(contenders[index], options))
    }
  }
  return contenders.map((contender, index) => ({ contender, rounds: rounds[index] }))
}

export function roundsTable(compared: readonly Compared[]): Table {
  const [floor] = compared
  return {
    title: 'The same load in turns',
    columns: [
      'tracker',
      'cores allowed',
      'µs CPU per reply',
      'ratio to floor',
      'replies/s',
      'cores used',
      'resident MiB',
      'peers per reply',
      'p50 µs',
      'p99 µs',
      'lost',
      'failures',
      'malformed',
      'not sent',
    ],
    rows: compared.map(({ contender, rounds }) => {
      const middle = (figure: (round: Round) => number): number => median(rounds.map(figure))
      const sum = (figure: (round: Round) => number): number => rounds.reduce((all, round) => all + figure(round), 0)
      return [
        contender.name,
        coresOf(contender.pid),
        fixed(
          middle(({ cpuUs }) => cpuUs),
          2,
        ),
        fixed(median(rounds.map(({ cpuUs }, turn) => cpuUs / floor.rounds[turn].cpuUs)), 2),
        thousands(middle(({ report }) => report.repliesPerSecond)),
        fixed(
          middle(({ cores }) => cores),
          2,
        ),
        thousands(middle((round) => round.residentMib)),
        fixed(
          middle(({ report }) => report.peersPerAnnounce ?? 0),
          1,
        ),
        thousands(middle(({ report }) => report.latency.p50 ?? 0)),
        thousands(middle(({ report }) => report.latency.p99 ?? 0)),
        sum(({ report }) => report.lost),
        sum(({ report }) => report.failures),
        sum(({ report }) => report.malformed),
        sum(({ report }) => report.unsent),
      ]
    }),
  }
}
