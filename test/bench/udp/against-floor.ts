// One tracker under one load, in turns with the floor at the same number of peers per reply: disturbances on the
// machine affect both alike, and the median of the turns' ratios stays stable.

import { average, median, progress } from '../bench.ts'
import { Load, type LoadFigures } from './load.ts'
import type { NativeTools } from './native-tools.ts'
import type { Shape, Subject } from './shapes.ts'

export interface Comparison {
  readonly subject: string
  readonly shape: string
  /** One for each turn. */
  readonly trackers: readonly LoadFigures[]
  /** One before each turn and one after the last. */
  readonly floors: readonly LoadFigures[]
  readonly trackerUs: number
  readonly floorUs: number
  readonly ratio: number
}

const TURNS = 4
const MIN_SECONDS = 2

export async function compareWithFloor(
  tools: NativeTools,
  subject: Subject,
  shape: Shape,
  seconds: number,
): Promise<Comparison> {
  progress(`${subject.name}, ${shape.name}: filling`)
  const load = new Load(tools, shape.options)
  const server = await subject.start(shape)
  try {
    const filled = await load.fill(server)
    const peers = Math.round(filled.peersPerAnnounce)
    const length = Math.max(MIN_SECONDS, seconds / TURNS)
    const floors = [await load.floor(peers, length)]
    const trackers: LoadFigures[] = []
    const ratios: number[] = []
    for (let turn = 0; turn < TURNS; turn++) {
      trackers.push(await load.measure(server, length))
      floors.push(await load.floor(peers, length))
      const around = average([floors[turn].cpuPerResponseUs, floors[turn + 1].cpuPerResponseUs])
      ratios.push(trackers[turn].cpuPerResponseUs / around)
    }
    const ratio = median(ratios)
    progress(`${subject.name}, ${shape.name}: ${ratio.toFixed(2)} times the floor`)
    const trackerUs = median(trackers.map((figures) => figures.cpuPerResponseUs))
    const floorUs = median(floors.map((figures) => figures.cpuPerResponseUs))
    return { subject: subject.name, shape: shape.name, trackers, floors, trackerUs, floorUs, ratio }
  } finally {
    await server.stop()
  }
}
