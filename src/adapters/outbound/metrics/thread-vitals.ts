// The vitals of a thread: garbage collection pauses, heap, and event loop delay. Sampled every few seconds; nothing is
// written in between. A thread that waits in the kernel has no event loop to sample on, so `sample` is called directly.

import { monitorEventLoopDelay } from 'node:perf_hooks'
import { GCProfiler, getHeapStatistics } from 'node:v8'
import type { Measurements } from '../../../domain/ports/outbound/measurements.ts'

const SAMPLE_EVERY_MS = 5000
const LOOP_RESOLUTION_MS = 50

/** The indices under which the vitals are recorded. */
export interface VitalIndices {
  /** Histograms of pauses, in seconds. */
  readonly gcMinor: number
  readonly gcMajor: number
  /** Gauges. */
  readonly heapUsedBytes: number
  readonly heapTotalBytes: number
  /** How late the event loop was, in seconds. */
  readonly delayMean: number
  readonly delayP99: number
  readonly delayMax: number
}

export class ThreadVitals {
  readonly #measurements: Measurements
  readonly #indices: VitalIndices
  readonly #profiler = new GCProfiler()
  #loopDelay: ReturnType<typeof monitorEventLoopDelay> | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(measurements: Measurements, indices: VitalIndices) {
    this.#measurements = measurements
    this.#indices = indices
    if (measurements.isOn) this.#profiler.start()
  }

  /** For a thread with an event loop: samples periodically from now on, without keeping the thread alive. */
  watch(): void {
    if (!this.#measurements.isOn) return
    this.#loopDelay = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS })
    this.#loopDelay.enable()
    this.#timer = setInterval(() => this.sample(), SAMPLE_EVERY_MS).unref()
    this.sample()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#loopDelay?.disable()
    if (this.#measurements.isOn) this.#profiler.stop()
  }

  /** Records what has happened since the last sample. Takes about 50 µs. */
  sample(): void {
    const measurements = this.#measurements
    const indices = this.#indices
    if (!measurements.isOn) return
    for (const { gcType, cost } of this.#profiler.stop()?.statistics ?? []) {
      measurements.observe(gcType === 'Scavenge' ? indices.gcMinor : indices.gcMajor, cost / 1e6, 1)
    }
    this.#profiler.start()
    const heap = getHeapStatistics()
    measurements.set(indices.heapUsedBytes, heap.used_heap_size)
    measurements.set(indices.heapTotalBytes, heap.total_heap_size)
    this.#noteLoopDelay()
  }

  /** The monitor's values include its own timer interval. */
  #noteLoopDelay(): void {
    const delay = this.#loopDelay
    if (delay === undefined || delay.count === 0) return
    const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - LOOP_RESOLUTION_MS / 1000)
    this.#measurements.set(this.#indices.delayMean, late(delay.mean))
    this.#measurements.set(this.#indices.delayP99, late(delay.percentile(99)))
    this.#measurements.set(this.#indices.delayMax, late(delay.max))
    delay.reset()
  }
}
