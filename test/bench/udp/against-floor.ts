// One tracker under one load, between two measurements of the floor at the same number of peers a reply: what the machine
// does to one of them it does to the other, and the ratio stays.

import { average, progress } from '../bench.ts'
import { Load, type LoadFigures } from './load.ts'
import type { NativeTools } from './native-tools.ts'
import type { Shape, Subject } from './shapes.ts'

export interface Comparison {
  readonly subject: string
  readonly shape: string
  readonly tracker: LoadFigures
  readonly floors: readonly LoadFigures[]
  readonly floorUs: number
  readonly ratio: number
}

const floorSeconds = (seconds: number): number => Math.max(2, seconds / 2)

export const compareWithFloor = async (
  tools: NativeTools,
  subject: Subject,
  shape: Shape,
  seconds: number,
): Promise<Comparison> => {
  progress(`${subject.name}, ${shape.name}: filling`)
  const load = new Load(tools, shape.options)
  const server = await subject.start(shape)
  try {
    const filled = await load.fill(server)
    const peers = Math.round(filled.peersPerAnnounce)
    const before = await load.floor(peers, floorSeconds(seconds))
    const tracker = await load.measure(server, seconds)
    const after = await load.floor(peers, floorSeconds(seconds))
    const floorUs = average([before.cpuPerResponseUs, after.cpuPerResponseUs])
    const ratio = tracker.cpuPerResponseUs / floorUs
    progress(`${subject.name}, ${shape.name}: ${ratio.toFixed(2)} times the floor`)
    return { subject: subject.name, shape: shape.name, tracker, floors: [before, after], floorUs, ratio }
  } finally {
    await server.stop()
  }
}
