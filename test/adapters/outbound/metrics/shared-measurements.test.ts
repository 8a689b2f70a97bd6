import { describe, expect, it } from '@jest/globals'
import { MeasurementLayout } from '../../../../src/adapters/outbound/metrics/measurement-layout.ts'
import { SharedMeasurementReader } from '../../../../src/adapters/outbound/metrics/shared-measurement-reader.ts'
import { SharedMeasurements } from '../../../../src/adapters/outbound/metrics/shared-measurements.ts'

const BOUNDS = [
  [1, 2, 4, 8, 16, 32, 63, 64],
  [0.5, 1],
  [1e-4, 2.5e-4, 0.01, 0.25],
]
const GAUGES = 5
const LAYOUT = new MeasurementLayout(BOUNDS, GAUGES)

function measure(memory: SharedArrayBuffer, thread: number, isOn = true) {
  return new SharedMeasurements(LAYOUT.rowOf(memory, thread), LAYOUT, isOn)
}

function readThreads(memory: SharedArrayBuffer, names: readonly string[]) {
  return new SharedMeasurementReader(memory, LAYOUT, names).threads()
}

describe('shared measurements', () => {
  it('put a value into the first bucket whose bound it does not exceed, or into an overflow bucket', () => {
    const memory = LAYOUT.createMemory(1)
    const measurements = measure(memory, 0)
    for (const value of [0, 1, 2, 3, 64, 65]) measurements.observe(0, value, 2)
    const [{ histograms }] = readThreads(memory, ['main'])
    expect(histograms[0]).toEqual({ sum: 270, counts: [4, 2, 2, 0, 0, 0, 0, 2, 2] })
  })

  it('keep histograms, gauges and threads apart', () => {
    const memory = LAYOUT.createMemory(3)
    const last = measure(memory, 2)
    for (const index of BOUNDS.keys()) last.observe(index, 1e9, index + 1)
    for (let index = 0; index < GAUGES; index++) last.set(index, index + 1)
    const threads = readThreads(memory, ['main', 'udp-1', 'http-1'])
    expect(threads.map(({ thread }) => thread)).toEqual(['main', 'udp-1', 'http-1'])
    for (const [index, bounds] of BOUNDS.entries()) {
      const empty = bounds.map(() => 0)
      expect(threads[2].histograms[index]).toEqual({ sum: 1e9 * (index + 1), counts: [...empty, index + 1] })
      expect(threads[1].histograms[index]).toEqual({ sum: 0, counts: [...empty, 0] })
    }
    expect(threads[2].gauges).toEqual([1, 2, 3, 4, 5])
    expect(threads[0].gauges).toEqual([0, 0, 0, 0, 0])
  })

  it('observe nothing when they are off', () => {
    const memory = LAYOUT.createMemory(1)
    measure(memory, 0, false).observe(1, 1, 1)
    const [{ histograms }] = readThreads(memory, ['main'])
    expect(histograms[1].sum).toBe(0)
  })

  it("include the operating system's figures for the process", () => {
    const reader = new SharedMeasurementReader(LAYOUT.createMemory(1), LAYOUT, ['main'])
    const { residentBytes, cpuSeconds, startedAtSeconds } = reader.process()
    expect(residentBytes).toBeGreaterThan(1e6)
    expect(cpuSeconds).toBeGreaterThan(0)
    expect(startedAtSeconds).toBeLessThan(Date.now() / 1000)
  })

  it('do not make the process look restarted when the clock is set', () => {
    const reader = new SharedMeasurementReader(LAYOUT.createMemory(1), LAYOUT, ['main'])
    const before = reader.process().startedAtSeconds
    const rightNow = Date.now
    Date.now = () => rightNow() + 86_400_000
    try {
      expect(reader.process().startedAtSeconds).toBe(before)
    } finally {
      Date.now = rightNow
    }
  })
})
