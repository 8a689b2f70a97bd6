// Reads the measurements of all threads, and the operating system's figures for the process.

import { memoryUsage } from 'node:process'
import type { MeasurementReader, ProcessFigures, ThreadFigures } from '../../../domain/ports/outbound/measurements.ts'
import type { MeasurementLayout } from './measurement-layout.ts'

export class SharedMeasurementReader implements MeasurementReader {
  readonly #memory: SharedArrayBuffer
  readonly #layout: MeasurementLayout
  readonly #threads: readonly string[]
  /** Read once: if the clock is set later, the process must not appear to have restarted. */
  readonly #startedAtSeconds = Date.now() / 1000 - process.uptime()

  /** `threads` are the names of the threads, by their numbers. */
  constructor(memory: SharedArrayBuffer, layout: MeasurementLayout, threads: readonly string[]) {
    this.#memory = memory
    this.#layout = layout
    this.#threads = threads
  }

  threads(): readonly ThreadFigures[] {
    return this.#threads.map((name, number) => this.#readThread(name, number))
  }

  process(): ProcessFigures {
    const { user, system } = process.cpuUsage()
    return {
      residentBytes: memoryUsage.rss(),
      cpuSeconds: (user + system) / 1e6,
      startedAtSeconds: this.#startedAtSeconds,
    }
  }

  #readThread(thread: string, number: number): ThreadFigures {
    const { bounds, starts, gaugesAt, gaugeCount } = this.#layout
    const row = this.#layout.rowOf(this.#memory, number)
    const histograms = starts.map((at, histogram) => ({
      sum: row[at],
      counts: [...row.subarray(at + 1, at + 2 + bounds[histogram].length)],
    }))
    return { thread, histograms, gauges: [...row.subarray(gaugesAt, gaugesAt + gaugeCount)] }
  }
}
