// Announces with forged connection ids, and real ones, per second and core: what the UDP thread spends on each.

import { fixed, median, progress, thousands } from '../bench.ts'
import { LOAD_CORES, outputOf, pinnedTo, SERVER_CORES } from '../processes.ts'
import { type RunningTracker, startTracker } from '../tracker.ts'
import { Load } from '../udp/load.ts'
import type { NativeTools } from '../udp/native-tools.ts'
import { LOAD } from './cost.ts'
import { LIMITS_ON } from './documents.ts'
import { type Measured, TURNS, turnSeconds } from './measured.ts'
import { rejectsOf, threadSeconds, WITH_API } from './tracker-readings.ts'

const MIN_RATIO = 3
const UDP_THREAD = 'muster-udp'
/** Every source soon has the few error replies that it gets, and the tracker sees that it is under attack. */
const FLOOD_BEFORE_SECONDS = 5
const WARM_UP_SECONDS = 0.3

/**
 * On both cores: one alone sends less than the tracker can reject, which would then find few datagrams at a time. Real
 * announces keep it busy, too.
 */
async function flood(tools: NativeTools, { host, port }: RunningTracker, seconds: number): Promise<void> {
  const from = (cores: string): Promise<string> =>
    outputOf([...pinnedTo(cores), tools.flood, 'forged', host, String(port), String(seconds)])
  await Promise.all([from(LOAD_CORES), from(SERVER_CORES)])
}

/** CPU time per rejected datagram, in µs. Datagrams that the kernel drops cost the thread nothing and do not count. */
async function costOfReject(tools: NativeTools, tracker: RunningTracker, seconds: number): Promise<number> {
  const rejects = await rejectsOf(tracker, 'connection_id')
  const cpuSeconds = threadSeconds(tracker.pid, UDP_THREAD)
  await flood(tools, tracker, seconds)
  const spent = threadSeconds(tracker.pid, UDP_THREAD) - cpuSeconds
  return (1e6 * spent) / ((await rejectsOf(tracker, 'connection_id')) - rejects)
}

async function measureTurns(
  tools: NativeTools,
  { served, flooded }: Readonly<Record<'served' | 'flooded', RunningTracker>>,
  seconds: number,
) {
  const load = new Load(tools, [...LOAD, '--scrape', '0'])
  progress('announces: filling')
  await load.fill(served)
  await flood(tools, flooded, FLOOD_BEFORE_SECONDS)
  progress('announces and forged ids in turns')
  const announcesUs: number[] = []
  const rejectsUs: number[] = []
  for (let turn = 0; turn < TURNS; turn++) {
    const { cpuByThreadUs } = await load.measure(served, seconds, WARM_UP_SECONDS)
    announcesUs.push(cpuByThreadUs?.[UDP_THREAD] ?? Number.NaN)
    rejectsUs.push(await costOfReject(tools, flooded, seconds))
  }
  return { announcesUs, rejectsUs }
}

export async function measureForgedIds(tools: NativeTools, seconds: number): Promise<Measured> {
  const started: RunningTracker[] = []
  const start = async (more: string): Promise<RunningTracker> => {
    const tracker = await startTracker({ protocol: 'udp', cores: SERVER_CORES, driver: 'batched', more })
    started.push(tracker)
    return tracker
  }
  try {
    const trackers = { served: await start(LIMITS_ON), flooded: await start(`${LIMITS_ON}\n\n${WITH_API}`) }
    const { announcesUs, rejectsUs } = await measureTurns(tools, trackers, turnSeconds(seconds, 2))
    const ratio = median(announcesUs.map((announceUs, turn) => announceUs / rejectsUs[turn]))
    const row = (name: string, us: number): (string | number)[] => [name, fixed(us, 3), thousands(1e6 / us)]
    return {
      table: {
        title: 'Announces per second and core',
        columns: ['connection ids', 'µs CPU', 'each second and core', 'ratio', 'bound'],
        rows: [
          [...row('real', median(announcesUs)), fixed(1, 2), ''],
          [...row('forged', median(rejectsUs)), fixed(ratio, 2), fixed(MIN_RATIO, 2)],
        ],
      },
      notes: [
        'Forged: announces with random ids of 512 addresses, more than the tracker can reject, when errors are withheld. CPU time of the UDP thread for each datagram that it handles.',
      ],
      isWithinBound: ratio >= MIN_RATIO,
      figures: { ratio, minRatio: MIN_RATIO, announcesUs, rejectsUs },
    }
  } finally {
    for (const tracker of started) await tracker.stop()
  }
}
