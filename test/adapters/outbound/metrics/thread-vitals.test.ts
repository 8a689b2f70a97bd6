import { describe, expect, it } from '@jest/globals'
import { ThreadVitals } from '../../../../src/adapters/outbound/metrics/thread-vitals.ts'
import { VITAL_INDICES } from '../../../../src/config/wiring/metric-layout.ts'
import { PlainMeasurements } from '../../../fakes/plain-measurements.ts'

function litter(): number {
  let length = 0
  for (let i = 0; i < 2_000_000; i++) length += [i, i].length
  const kept = Array.from({ length: 300_000 }, (_, i) => ({ i }))
  return length + kept.length
}

describe('the vitals of a thread', () => {
  it('report its heap and garbage collection pauses, without an event loop', () => {
    const measurements = new PlainMeasurements()
    const vitals = new ThreadVitals(measurements, VITAL_INDICES)
    while (measurements.times('gc_minor') === 0) {
      litter()
      vitals.sample()
    }
    vitals.stop()
    expect(measurements.gauges.heap_used_bytes).toBeGreaterThan(1e6)
    expect(measurements.gauges.heap_total_bytes).toBeGreaterThanOrEqual(measurements.gauges.heap_used_bytes)
    for (const { value } of measurements.seen.get('gc_minor') ?? []) expect(value).toBeGreaterThan(0)
  })

  it('are not sampled when measurements are off', () => {
    const measurements = new PlainMeasurements()
    measurements.isOn = false
    const vitals = new ThreadVitals(measurements, VITAL_INDICES)
    vitals.watch()
    vitals.sample()
    vitals.stop()
    expect(measurements.gauges.heap_used_bytes).toBe(0)
  })
})
