// A thread that announces to the shared registry concurrently with others: reports `ready`, waits for the gate to open,
// and returns its measurements.

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
  /** Word 0: 0 closed, 1 open, 2 stop. */
  readonly gate: Int32Array<SharedArrayBuffer>
}

export interface TurnOrder {
  readonly turn: Turn
  /** Repeats until the gate is set to stop. */
  readonly repeats: boolean
}

export interface TurnResult {
  readonly operations: number
  readonly nanosecondsEach: number
  /** CPU time only: without the time in which other threads had the core or this one slept for a lock. */
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
