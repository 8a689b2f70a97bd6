// Reads what all threads have measured, and asks the operating system about the process.

import { memoryUsage } from 'node:process'
import type { MeasurementReader, ProcessFigures, ThreadFigures } from '../../../domain/ports/outbound/measurements.ts'
import { readThread } from './shared-measurements.ts'

export class SharedMeasurementReader implements MeasurementReader {
  readonly #memory: SharedArrayBuffer
  readonly #threads: readonly string[]

  /** `threads` are the names of the threads, by their numbers. */
  constructor(memory: SharedArrayBuffer, threads: readonly string[]) {
    this.#memory = memory
    this.#threads = threads
  }

  threads(): readonly ThreadFigures[] {
    return this.#threads.map((name, number) => readThread(this.#memory, number, name))
  }

  process(): ProcessFigures {
    const { user, system } = process.cpuUsage()
    return {
      residentBytes: memoryUsage.rss(),
      cpuSeconds: (user + system) / 1e6,
      startedAtSeconds: Date.now() / 1000 - process.uptime(),
    }
  }
}
