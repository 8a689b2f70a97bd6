// Whether a second UDP thread costs anything: two trackers, one with one thread and one with two, filled alike and loaded in
// turns. On two cores the load shares one with the tracker, so only CPU per response says something, not the rate.

import { average, fixed, progress, type Report, thousands } from '../bench.ts'
import { ALL_CORES } from '../processes.ts'
import { startTracker } from '../tracker.ts'
import { Load, type LoadFigures } from './load.ts'
import type { NativeTools } from './native-tools.ts'
import { PUBLISHED_MIX } from './shapes.ts'

const TURNS = 3

const rowOf = (threads: number, runs: readonly LoadFigures[]): (string | number)[] => [
  threads,
  fixed(average(runs.map((run) => run.cpuPerResponseUs)), 3),
  runs.map((run) => fixed(run.cpuPerResponseUs, 2)).join(' '),
  fixed(average(runs.map((run) => run.peersPerAnnounce)), 2),
  thousands(average(runs.map((run) => run.responsesPerSecond))),
  runs.reduce((sum, run) => sum + run.timeouts, 0),
]

export const compareThreads = async (tools: NativeTools, threads: number, seconds: number): Promise<Report> => {
  const load = new Load(tools, PUBLISHED_MIX.options)
  const start = (count: number) =>
    startTracker({ protocol: 'udp', cores: ALL_CORES, driver: 'batched', threads: count })
  const one = await start(1)
  try {
    const several = await start(threads)
    try {
      progress(`filling a tracker with one thread and one with ${threads}`)
      await load.fill(one)
      await load.fill(several)
      const ofOne: LoadFigures[] = []
      const ofSeveral: LoadFigures[] = []
      for (let turn = 0; turn < TURNS; turn++) {
        ofOne.push(await load.measure(one, seconds))
        ofSeveral.push(await load.measure(several, seconds))
      }
      const cost = (runs: readonly LoadFigures[]): number => average(runs.map((run) => run.cpuPerResponseUs))
      const ratio = cost(ofSeveral) / cost(ofOne)
      const columns = ['threads', 'µs CPU a response', 'each run', 'peers a reply', 'responses/s', 'timeouts']
      return {
        tables: [
          {
            title: `${threads} UDP threads cost ${fixed(ratio, 2)} times one`,
            columns,
            rows: [rowOf(1, ofOne), rowOf(threads, ofSeveral)],
          },
        ],
        notes: [
          'Equal peers a reply mean that the threads share their swarms: each sees only a part of the announces.',
          'The load shares a core with the tracker, so the rates say nothing.',
        ],
        figures: { threads, ratio, one: ofOne, several: ofSeveral },
      }
    } finally {
      await several.stop()
    }
  } finally {
    await one.stop()
  }
}
