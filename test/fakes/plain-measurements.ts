import {
  GAUGE_NAMES,
  type GaugeName,
  HISTOGRAM_BOUNDS,
  HISTOGRAM_NAMES,
  type HistogramName,
} from '../../src/adapters/protocol/metrics/measurements.ts'
import type {
  MeasurementReader,
  Measurements,
  ProcessFigures,
  ThreadFigures,
} from '../../src/domain/ports/outbound/measurements.ts'

/** Remembers every observation, as those of one thread. */
export class PlainMeasurements implements Measurements, MeasurementReader {
  isOn = true
  readonly seen = new Map<HistogramName, { value: number; times: number }[]>()
  readonly gauges = Object.fromEntries(GAUGE_NAMES.map((name) => [name, 0])) as Record<GaugeName, number>
  thread = 'main'

  observe(histogram: number, value: number, times: number): void {
    if (!this.isOn) return
    const name = HISTOGRAM_NAMES[histogram]
    this.seen.set(name, [...(this.seen.get(name) ?? []), { value, times }])
  }

  set(gauge: number, value: number): void {
    this.gauges[GAUGE_NAMES[gauge]] = value
  }

  /** How often something was observed. */
  times(name: HistogramName): number {
    return (this.seen.get(name) ?? []).reduce((sum, { times }) => sum + times, 0)
  }

  threads(): readonly ThreadFigures[] {
    const histograms = HISTOGRAM_NAMES.map((name) => {
      const bounds: readonly number[] = HISTOGRAM_BOUNDS[name]
      const counts = new Array<number>(bounds.length + 1).fill(0)
      let sum = 0
      for (const { value, times } of this.seen.get(name) ?? []) {
        const bucket = bounds.findIndex((bound) => value <= bound)
        counts[bucket < 0 ? bounds.length : bucket] += times
        sum += value * times
      }
      return { counts, sum }
    })
    return [{ thread: this.thread, histograms, gauges: GAUGE_NAMES.map((name) => this.gauges[name]) }]
  }

  process(): ProcessFigures {
    return { residentBytes: 1024, cpuSeconds: 1.5, startedAtSeconds: 1_700_000_000 }
  }
}
