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
  readonly #totals: Int32Array<SharedArrayBuffer>
  readonly #worker: Worker
  readonly #exited: Promise<unknown[]>

  constructor(driver: DriverOptions['driver'], listeners: readonly Endpoint[], socketOptions: SocketOptions) {
    this.#totals = new Int32Array(new SharedArrayBuffer(4 * COUNTER_NAMES.length * listeners.length))
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

  /** Waits until a counter of the first listener is at least `least` and returns its total. */
  async counted(name: CounterName, least = 1): Promise<number> {
    for (;;) {
      const total = this.total(name, 0)
      if (total >= least) return total
      await Atomics.waitAsync(this.#totals, Counter[name], total).value
    }
  }

  /** The current total of a counter of a listener. */
  total(name: CounterName, listener: number): number {
    return Atomics.load(this.#totals, listener * COUNTER_NAMES.length + Counter[name])
  }

  /** Returns the thread's exit code. */
  async stop(): Promise<unknown> {
    Atomics.store(this.#flags, 0, 1)
    this.resume()
    const [exitCode] = await this.#exited
    return exitCode
  }
}
