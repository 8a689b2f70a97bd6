// Several announcer threads over one shared registry, started at the same moment.

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Family } from '../../../src/domain/announce.ts'
import type { ThreadData, TurnOrder, TurnResult } from './announcer-thread.ts'
import type { ParallelScenario } from './scenarios.ts'
import type { Population } from './workload.ts'

export interface Ground {
  readonly buffer: SharedArrayBuffer
  readonly population: Population
  readonly family: Family
}

export class WorkerPool {
  readonly #workers: Worker[]
  readonly #gate = new Int32Array(new SharedArrayBuffer(4))

  constructor(ground: Ground, threads: number) {
    this.#workers = Array.from({ length: threads }, (_, index) => {
      const workerData: ThreadData = { ...ground, index, gate: this.#gate }
      return new Worker(new URL('./announcer-thread.ts', import.meta.url), { workerData })
    })
  }

  get size(): number {
    return this.#workers.length
  }

  /** Each thread runs `operations` operations of the scenario. */
  async run(scenario: ParallelScenario, operations: number): Promise<TurnResult[]> {
    const results = await this.#begin(scenario, operations, false)
    return results()
  }

  /** All threads announce until the returned function is called; it waits for their results. */
  async announceMeanwhile(): Promise<() => Promise<TurnResult[]>> {
    const results = await this.#begin('published_load', 5_000, true)
    return () => {
      Atomics.store(this.#gate, 0, 2)
      return results()
    }
  }

  async end(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }

  async #begin(scenario: ParallelScenario, operations: number, repeats: boolean): Promise<() => Promise<TurnResult[]>> {
    Atomics.store(this.#gate, 0, 0)
    const threads = this.size
    const answers = this.#workers.map((worker, index) => {
      const ready = Promise.withResolvers<void>()
      const result = Promise.withResolvers<TurnResult>()
      worker.removeAllListeners('message')
      worker.on('message', (message: 'ready' | TurnResult) => {
        if (message === 'ready') ready.resolve()
        else result.resolve(message)
      })
      once(worker, 'error').then(
        ([error]) => result.reject(error),
        (error) => result.reject(error),
      )
      const order: TurnOrder = { turn: { scenario, operations, index, threads }, repeats }
      worker.postMessage(order)
      return { ready: ready.promise, result: result.promise }
    })
    const results = Promise.all(answers.map(({ result }) => result))
    await Promise.race([Promise.all(answers.map(({ ready }) => ready)), results])
    Atomics.store(this.#gate, 0, 1)
    Atomics.notify(this.#gate, 0)
    return () => results
  }
}
