// Whether a second UDP thread costs anything. On two cores one of two threads shares its core with the load, and that
// alone costs: so the single thread is measured in both places, alone on a core and beside the load, and their mean is
// what two are compared with. All trackers are filled alike and loaded in turns. The rates say nothing, CPU per
// response does.

import { average, fixed, median, progress, type Report, thousands } from '../bench.ts'
import { ALL_CORES, LOAD_CORES, SERVER_CORES } from '../processes.ts'
import { startTracker } from '../tracker.ts'
import { Load, type LoadFigures } from './load.ts'
import type { NativeTools } from './native-tools.ts'
import { PUBLISHED_MIX } from './shapes.ts'

const TURNS = 3
/**
 * Requests in flight per socket: with 8, two threads run dry all the time, and what is measured is how they fall
 * asleep.
 */
const WINDOW = '64'

function rowOf(name: string, runs: readonly LoadFigures[]): (string | number)[] {
  return [
    name,
    fixed(cost(runs), 3),
    runs.map((run) => fixed(run.cpuPerResponseUs, 2)).join(' '),
    fixed(average(runs.map((run) => run.peersPerAnnounce)), 2),
    thousands(average(runs.map((run) => run.responsesPerSecond))),
    runs.reduce((sum, run) => sum + run.timeouts, 0),
  ]
}

function cost(runs: readonly LoadFigures[]): number {
  return median(runs.map((run) => run.cpuPerResponseUs))
}

export async function compareThreads(tools: NativeTools, threads: number, seconds: number): Promise<Report> {
  const load = new Load(tools, [...PUBLISHED_MIX.options, '--window', WINDOW])
  const places = [
    { name: '1, alone on its core', cores: SERVER_CORES, threads: 1 },
    { name: '1, beside the load', cores: LOAD_CORES, threads: 1 },
    { name: `${threads}`, cores: ALL_CORES, threads },
  ]
  const trackers: Awaited<ReturnType<typeof startTracker>>[] = []
  try {
    for (const { name, cores, threads: count } of places) {
      progress(`threads ${name}: filling`)
      const tracker = await startTracker({ protocol: 'udp', cores, driver: 'batched', threads: count })
      trackers.push(tracker)
      await load.fill(tracker)
    }
    const runs: LoadFigures[][] = places.map(() => [])
    for (let turn = 0; turn < TURNS; turn++) {
      for (const [index, tracker] of trackers.entries()) runs[index].push(await load.measure(tracker, seconds))
    }
    const [alone, beside, several] = runs
    const ratio = cost(several) / average([cost(alone), cost(beside)])
    const columns = ['threads', 'µs CPU a response', 'each run', 'peers a reply', 'responses/s', 'timeouts']
    const title = `${threads} UDP threads cost ${fixed(ratio, 2)} times one`
    return {
      tables: [{ title, columns, rows: places.map(({ name }, index) => rowOf(name, runs[index])) }],
      notes: [
        'Equal peers a reply mean that the threads share their swarms: each sees only a part of the announces.',
        `${WINDOW} requests in flight on each of 16 sockets, so that no thread runs dry.`,
        'One is the mean of the single thread alone on its core and beside the load, as the several stand.',
      ],
      figures: { threads, ratio, alone, beside, several },
    }
  } finally {
    for (const tracker of trackers) await tracker.stop()
  }
}
