// The cost of a new torrent when memory is full and another must give way, compared with one when there is room.

import { progress } from '../bench.ts'
import { SERVER_CORES } from '../processes.ts'
import { startTracker } from '../tracker.ts'
import { Load } from '../udp/load.ts'
import type { NativeTools } from '../udp/native-tools.ts'
import { MANY_SOURCES } from './cost.ts'
import { MEMORY_UNLIMITED } from './documents.ts'
import { type Contender, compare, takeTurns } from './in-turns.ts'
import { type Measured, TURNS, turnSeconds } from './measured.ts'

const MAX_RATIO = 2
/** So many announces of new torrents fill the small budget: none takes less than 64 bytes. */
const SMALL_BUDGET_MIB = 64
const ANNOUNCES_TO_FILL = (SMALL_BUDGET_MIB * 2 ** 20) / 64
const FILL_STEP_SECONDS = 5

/** All of its announces are of torrents that no other turn has announced, and hardly any twice. */
function newTorrents(tools: NativeTools, turn: number): Load {
  const population = ['--torrents', '8000000', '--peers', '8000000', '--evenly', '--seed', String(turn + 1)]
  return new Load(tools, [...MANY_SOURCES, ...population, '--scrape', '0'])
}

async function enter(name: string, swarmBudget: string): Promise<Contender> {
  const more = MEMORY_UNLIMITED
  const tracker = await startTracker({ protocol: 'udp', cores: SERVER_CORES, driver: 'batched', more, swarmBudget })
  return { name, tracker, runs: [] }
}

async function fill({ tracker }: Contender, tools: NativeTools): Promise<void> {
  let announces = 0
  for (let step = 0; announces < ANNOUNCES_TO_FILL; step++) {
    announces += (await newTorrents(tools, TURNS + step).measure(tracker, FILL_STEP_SECONDS, 0)).announces
  }
}

export async function measureFullMemory(tools: NativeTools, seconds: number): Promise<Measured> {
  const contenders: Contender[] = []
  try {
    contenders.push(await enter('with room', '3 GiB'), await enter('full', `${SMALL_BUDGET_MIB} MiB`))
    const [room, full] = contenders
    progress('full memory: filling')
    await fill(full, tools)
    progress('new torrents in full memory and with room in turns')
    const load = (turn: number): Load => newTorrents(tools, turn)
    await takeTurns(room, full, { count: TURNS, seconds: turnSeconds(seconds, 2), load })
    return compare(room, full, {
      title: 'CPU per announce of a new torrent',
      note: `Full: ${SMALL_BUDGET_MIB} MiB, so that other torrents give way to each new one. With room: 3 GiB. Limits on how much of it an address may fill are off.`,
      maxRatio: MAX_RATIO,
      names: ['room', 'full'],
    })
  } finally {
    for (const { tracker } of contenders) await tracker.stop()
  }
}
