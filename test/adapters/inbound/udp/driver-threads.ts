// Runs drivers in their own threads under the control of a test.

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { SocketOptions } from '../../../../src/adapters/inbound/udp/listener.ts'
import type { Endpoint } from '../../../../src/adapters/inbound/udp/own-endpoints.ts'
import { COUNTER_NAMES, Counter, type CounterName } from '../../../../src/adapters/protocol/metrics/counters.ts'
import type { DriverOptions } from './driver-thread.ts'

/** A thread that runs a driver. */
export class DriverThread {
  readonly #flags = new Int32Array(new SharedArrayBuffer(8))
  readonly #totals = new Int32Array(new SharedArrayBuffer(4 * COUNTER_NAMES.length))
  readonly #worker: Worker
  readonly #exited: Promise<unknown[]>

  constructor(driver: DriverOptions['driver'], listeners: readonly Endpoint[], socketOptions: SocketOptions) {
    const workerData: DriverOptions = {
      driver,
      listeners,
      socketOptions,
      flags: this.#flags.buffer,
      totals: this.#totals.buffer,
    }
    this.#worker = new Worker(new URL('./driver-thread.ts', import.meta.url), { workerData })
    this.#exited = once(this.#worker, 'exit')
  }

  async started(): Promise<{ bound: readonly Endpoint[]; failed?: string }> {
    const [report] = await once(this.#worker, 'message')
    return report
  }

  /** Makes the driver wait before its next batch, until `resume`. */
  stall(): void {
    Atomics.store(this.#flags, 1, 1)
  }

  resume(): void {
    Atomics.store(this.#flags, 1, 0)
    Atomics.notify(this.#flags, 1)
  }

  /** Waits until a counter is not 0 and returns its total. */
  async counted(name: CounterName): Promise<number> {
    await Atomics.waitAsync(this.#totals, Counter[name], 0).value
    return Atomics.load(this.#totals, Counter[name])
  }

  /** Returns the thread's exit code. */
  async stop(): Promise<unknown> {
    Atomics.store(this.#flags, 0, 1)
    this.resume()
    const [exitCode] = await this.#exited
    return exitCode
  }
}
