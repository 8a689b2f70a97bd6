import { describe, expect, it } from '@jest/globals'
import { SharedMeasurementReader } from '../../../../src/adapters/outbound/metrics/shared-measurement-reader.ts'
import {
  createMeasurementMemory,
  SharedMeasurements,
} from '../../../../src/adapters/outbound/metrics/shared-measurements.ts'
import {
  GAUGE_NAMES,
  Gauge,
  HISTOGRAM_BOUNDS,
  HISTOGRAM_NAMES,
  Histogram,
} from '../../../../src/domain/ports/outbound/measurements.ts'

describe('shared measurements', () => {
  it('put a value into the bucket whose bound it does not pass, and what is too large into one more', () => {
    const memory = createMeasurementMemory(1)
    const measurements = new SharedMeasurements(memory, 0, true)
    for (const value of [0, 1, 2, 3, 64, 65]) measurements.observe(Histogram.udp_batch_datagrams, value, 2)
    const [{ histograms }] = new SharedMeasurementReader(memory, ['main']).threads()
    expect(histograms.udp_batch_datagrams).toEqual({ sum: 270, counts: [4, 2, 2, 0, 0, 0, 0, 2, 2] })
  })

  it('keep histograms, gauges and threads apart', () => {
    const memory = createMeasurementMemory(3)
    const last = new SharedMeasurements(memory, 2, true)
    for (const index of HISTOGRAM_NAMES.keys()) last.observe(index, 1e9, index + 1)
    for (const index of GAUGE_NAMES.keys()) last.set(index, index + 1)
    const threads = new SharedMeasurementReader(memory, ['main', 'udp-1', 'http-1']).threads()
    expect(threads.map(({ thread }) => thread)).toEqual(['main', 'udp-1', 'http-1'])
    for (const [index, name] of HISTOGRAM_NAMES.entries()) {
      const empty = HISTOGRAM_BOUNDS[name].map(() => 0)
      expect(threads[2].histograms[name]).toEqual({ sum: 1e9 * (index + 1), counts: [...empty, index + 1] })
      expect(threads[1].histograms[name]).toEqual({ sum: 0, counts: [...empty, 0] })
    }
    expect(threads[2].gauges).toEqual(Object.fromEntries(GAUGE_NAMES.map((name, index) => [name, index + 1])))
    expect(threads[0].gauges[GAUGE_NAMES[Gauge.heap_used_bytes]]).toBe(0)
  })

  it('observe nothing when they are off', () => {
    const memory = createMeasurementMemory(1)
    new SharedMeasurements(memory, 0, false).observe(Histogram.http_announce, 1, 1)
    const [{ histograms }] = new SharedMeasurementReader(memory, ['main']).threads()
    expect(histograms.http_announce.sum).toBe(0)
  })

  it('come with what the operating system knows of the process', () => {
    const { residentBytes, cpuSeconds, startedAtSeconds } = new SharedMeasurementReader(createMeasurementMemory(1), [
      'main',
    ]).process()
    expect(residentBytes).toBeGreaterThan(1e6)
    expect(cpuSeconds).toBeGreaterThan(0)
    expect(startedAtSeconds).toBeLessThan(Date.now() / 1000)
  })
})
