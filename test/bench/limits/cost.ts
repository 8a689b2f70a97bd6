// The cost of limits when they refuse nothing: a tracker with all of them on and one with all off, filled identically.

import { progress } from '../bench.ts'
import { SERVER_CORES } from '../processes.ts'
import { startTracker } from '../tracker.ts'
import { Load } from '../udp/load.ts'
import type { NativeTools } from '../udp/native-tools.ts'
import { LIMITS_OFF, LIMITS_ON } from './documents.ts'
import { type Contender, compare, takeTurns } from './in-turns.ts'
import { type Measured, TURNS, turnSeconds } from './measured.ts'

const MAX_RATIO = 1.08

/** Many sources, so that the tables of limits are not all in the cache. */
export const MANY_SOURCES = ['--spread', '--sockets', '250', '--window', '2']
export const LOAD = [...MANY_SOURCES, '--torrents', '500000', '--peers', '1000000']

export async function measureCost(tools: NativeTools, seconds: number): Promise<Measured> {
  const load = new Load(tools, LOAD)
  const contenders: Contender[] = []
  try {
    for (const [name, more] of [
      ['limits off', LIMITS_OFF],
      ['limits on', LIMITS_ON],
    ]) {
      progress(`${name}: filling`)
      const tracker = await startTracker({ protocol: 'udp', cores: SERVER_CORES, driver: 'batched', more })
      contenders.push({ name, tracker, runs: [] })
      await load.fill(tracker)
    }
    const [off, on] = contenders
    progress('limits on and off in turns')
    await takeTurns(off, on, { count: TURNS, seconds: turnSeconds(seconds, 2), load: () => load })
    return compare(off, on, {
      title: 'CPU per response with all limits on and off',
      note: 'On: limits apply to loopback, with rates so high that nothing is refused. Clients of 250 networks announce 1,000,000 peers in 500,000 torrents.',
      maxRatio: MAX_RATIO,
      names: ['off', 'on'],
    })
  } finally {
    for (const { tracker } of contenders) await tracker.stop()
  }
}
