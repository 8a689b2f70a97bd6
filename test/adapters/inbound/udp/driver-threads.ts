// Drivers in threads of their own, as a test has hold of them.

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { SocketOptions } from '../../../../src/adapters/inbound/udp/listener.ts'
import type { Endpoint } from '../../../../src/adapters/inbound/udp/own-endpoints.ts'
import { COUNTER_NAMES, Counter, type CounterName } from '../../../../src/adapters/protocol/metrics/counters.ts'
import type { DriverOptions } from './driver-thread.ts'

/** A thread with a driver in it. */
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

  /** Makes the driver wait before its next batch, until it is let go. */
  stall(): void {
    Atomics.store(this.#flags, 1, 1)
  }

  letGo(): void {
    Atomics.store(this.#flags, 1, 0)
    Atomics.notify(this.#flags, 1)
  }

  /** The total of a counter as soon as it is not 0. */
  async counted(name: CounterName): Promise<number> {
    await Atomics.waitAsync(this.#totals, Counter[name], 0).value
    return Atomics.load(this.#totals, Counter[name])
  }

  /** The thread's exit code. */
  async stop(): Promise<unknown> {
    Atomics.store(this.#flags, 0, 1)
    this.letGo()
    const [exitCode] = await this.#exited
    return exitCode
  }
}
