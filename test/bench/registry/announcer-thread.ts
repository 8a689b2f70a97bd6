// A thread that announces to the shared registry, at the same time as others: says `ready`, waits for the gate to open,
// and answers with what it cost.

import { parentPort, workerData } from 'node:worker_threads'
import type { Family } from '../../../src/domain/announce.ts'
import { runTurn, type Turn } from './scenarios.ts'
import { SharedStore } from './shared-store.ts'
import { Announcer, type Population } from './workload.ts'

export interface ThreadData {
  readonly buffer: SharedArrayBuffer
  readonly population: Population
  readonly family: Family
  readonly index: number
  /** Word 0: 0 shut, 1 open, 2 stop. */
  readonly gate: Int32Array<SharedArrayBuffer>
}

export interface TurnOrder {
  readonly turn: Turn
  /** Starts over until the gate says stop. */
  readonly repeats: boolean
}

export interface TurnResult {
  readonly operations: number
  readonly nanosecondsEach: number
  /** CPU alone: without the time in which other threads had the core, or this one slept for a lock. */
  readonly cpuNanosecondsEach: number
}

const { buffer, population, family, index, gate }: ThreadData = workerData
const store = new SharedStore(buffer, index + 1)
const announcer = new Announcer(population, family, index + 1)

function cpuNanoseconds(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) * 1000
}

function work({ turn, repeats }: TurnOrder): TurnResult {
  Atomics.wait(gate, 0, 0)
  const cpuBegun = cpuNanoseconds()
  let operations = 0
  let nanoseconds = 0
  do {
    nanoseconds += runTurn(store, announcer, turn) * turn.operations
    operations += turn.operations
  } while (repeats && Atomics.load(gate, 0) !== 2)
  const cpu = cpuNanoseconds() - cpuBegun
  return { operations, nanosecondsEach: nanoseconds / operations, cpuNanosecondsEach: cpu / operations }
}

parentPort?.on('message', (order: TurnOrder) => {
  parentPort?.postMessage('ready')
  parentPort?.postMessage(work(order))
})
