// Histograms and gauges in shared memory: a thread writes to its own row without a lock.

import type { Measurements } from '../../../domain/ports/outbound/measurements.ts'
import type { MeasurementLayout } from './measurement-layout.ts'

export class SharedMeasurements implements Measurements {
  readonly isOn: boolean
  readonly #row: Float64Array
  readonly #bounds: readonly (readonly number[])[]
  readonly #starts: readonly number[]
  readonly #gaugesAt: number

  /** `row` is the row of the caller's thread; no other thread may write to it. */
  constructor(row: Float64Array, layout: MeasurementLayout, isOn: boolean) {
    this.isOn = isOn
    this.#row = row
    this.#bounds = layout.bounds
    this.#starts = layout.starts
    this.#gaugesAt = layout.gaugesAt
  }

  observe(histogram: number, value: number, times: number): void {
    if (!this.isOn) return
    const row = this.#row
    const bounds = this.#bounds[histogram]
    const at = this.#starts[histogram]
    let bucket = 0
    while (bucket < bounds.length && value > bounds[bucket]) bucket++
    row[at] += value * times
    row[at + 1 + bucket] += times
  }

  set(gauge: number, value: number): void {
    this.#row[this.#gaugesAt + gauge] = value
  }
}
