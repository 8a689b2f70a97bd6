// One thread of a load: opens its sockets, then goes through the phases that the shared memory names.

import { setImmediate as nextTurn } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { errorMessage } from '../../domain/error-message.ts'
import { LOAD_COUNTS, LoadPhase, rowOf } from './load-memory.ts'
import { LoadTally } from './load-tally.ts'
import type { LoadThreadData, LoadThreadMessage } from './load-thread-data.ts'
import { maskPath } from './mask-path.ts'
import { openThreadLoad } from './open-thread-load.ts'

const { plan, thread, population, memory } = workerData as LoadThreadData

function tell(message: LoadThreadMessage): void {
  parentPort?.postMessage(message)
}

async function run(): Promise<void> {
  const tally = new LoadTally(rowOf(memory, thread))
  const load = await openThreadLoad({
    plan,
    thread,
    population,
    tally,
    onFailure: (text) => tell({ kind: 'failure', text: maskPath(text, plan.path) }),
  })
  let phase: LoadPhase = LoadPhase.Connect
  let cpuBefore = 0
  tell({ kind: 'ready' })
  try {
    while (phase !== LoadPhase.Stop) {
      const wanted = Atomics.load(memory.phase, 0) as LoadPhase
      if (wanted !== phase) {
        phase = wanted
        if (phase === LoadPhase.Measure) cpuBefore = cpuMicroseconds()
        if (phase === LoadPhase.Drain) tally.counts[LOAD_COUNTS.cpuMicroseconds] = cpuMicroseconds() - cpuBefore
        load.enter(phase)
      }
      const hasMoved = load.turn()
      if (load.isDone) Atomics.store(memory.completed, thread, phase + 1)
      if (!load.isSynchronous) await nextTurn()
      else if (!hasMoved) load.rest()
    }
  } finally {
    load.close()
  }
}

function cpuMicroseconds(): number {
  const { user, system } = process.threadCpuUsage()
  return user + system
}

run().catch((error: unknown) => tell({ kind: 'broken', text: errorMessage(error) }))
