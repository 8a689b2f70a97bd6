// Measures the cost of a second UDP thread. On two cores one of the threads shares its core with the load, which alone
// has a cost: so a single thread is measured in both places, alone on a core and beside the load, and two threads are
// compared with the mean. All trackers are filled identically and loaded in turns. Rates are meaningless here, CPU per
// response is not.

import { average, fixed, median, progress, type Report, thousands } from '../bench.ts'
import { ALL_CORES, LOAD_CORES, SERVER_CORES } from '../processes.ts'
import { startTracker } from '../tracker.ts'
import { Load, type LoadFigures } from './load.ts'
import type { NativeTools } from './native-tools.ts'
import { PUBLISHED_MIX } from './shapes.ts'

const TURNS = 3
/**
 * Requests in flight per socket: with 8, two threads run out of requests all the time, and the cost of going to sleep
 * would be measured.
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
    const columns = ['threads', 'µs CPU per response', 'each run', 'peers per reply', 'responses/s', 'timeouts']
    const title = `${threads} UDP threads cost ${fixed(ratio, 2)} times one`
    return {
      tables: [{ title, columns, rows: places.map(({ name }, index) => rowOf(name, runs[index])) }],
      notes: [
        'Equal peers per reply mean that the threads share their swarms: each receives only a part of the announces.',
        `${WINDOW} requests in flight on each of 16 sockets, so that no thread runs out of requests.`,
        'One is the mean of a single thread alone on its core and beside the load, the places of the several threads.',
      ],
      figures: { threads, ratio, alone, beside, several },
    }
  } finally {
    for (const tracker of trackers) await tracker.stop()
  }
}
