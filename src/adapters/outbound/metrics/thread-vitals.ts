// How a thread is doing: pauses for garbage, heap, and how late its event loop is. Whoever has one looks every few seconds; between two
// looks nothing is written. A thread that waits in the kernel has no event loop to be told by: its profiler is asked outright.

import { monitorEventLoopDelay } from 'node:perf_hooks'
import { GCProfiler, getHeapStatistics } from 'node:v8'
import { Gauge, Histogram, type Measurements } from '../../../domain/ports/outbound/measurements.ts'

const LOOK_EVERY_MS = 5000
const LOOP_RESOLUTION_MS = 50

export class ThreadVitals {
  readonly #measurements: Measurements
  readonly #profiler = new GCProfiler()
  #loopDelay: ReturnType<typeof monitorEventLoopDelay> | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(measurements: Measurements) {
    this.#measurements = measurements
    if (measurements.isOn) this.#profiler.start()
  }

  /** For a thread with an event loop: looks by itself from now on, and does not keep the thread alive. */
  watch(): void {
    if (!this.#measurements.isOn) return
    this.#loopDelay = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS })
    this.#loopDelay.enable()
    this.#timer = setInterval(() => this.look(), LOOK_EVERY_MS).unref()
    this.look()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#loopDelay?.disable()
    if (this.#measurements.isOn) this.#profiler.stop()
  }

  /** Notes what has happened since the last time. Costs some 50 µs. */
  look(): void {
    const measurements = this.#measurements
    if (!measurements.isOn) return
    for (const { gcType, cost } of this.#profiler.stop()?.statistics ?? []) {
      const histogram = gcType === 'Scavenge' ? Histogram.gc_minor : Histogram.gc_major
      measurements.observe(histogram, cost / 1e6, 1)
    }
    this.#profiler.start()
    const heap = getHeapStatistics()
    measurements.set(Gauge.heap_used_bytes, heap.used_heap_size)
    measurements.set(Gauge.heap_total_bytes, heap.total_heap_size)
    this.#noteLoopDelay()
  }

  /** The monitor counts the wait that it asked for itself as well. */
  #noteLoopDelay(): void {
    const delay = this.#loopDelay
    if (delay === undefined || delay.count === 0) return
    const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - LOOP_RESOLUTION_MS / 1000)
    this.#measurements.set(Gauge.event_loop_delay_mean, late(delay.mean))
    this.#measurements.set(Gauge.event_loop_delay_p99, late(delay.percentile(99)))
    this.#measurements.set(Gauge.event_loop_delay_max, late(delay.max))
    delay.reset()
  }
}
