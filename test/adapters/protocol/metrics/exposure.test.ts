// Everything that is counted or measured is exposed: each index alone is written to shared memory, and the metrics are
// searched for its value. The exceptions are listed below with their reasons.

import { describe, expect, it } from '@jest/globals'
import { createCounterMemory, SharedCounters } from '../../../../src/adapters/outbound/metrics/shared-counters.ts'
import { SharedListenerCounters } from '../../../../src/adapters/outbound/metrics/shared-listener-counters.ts'
import { SharedMeasurementReader } from '../../../../src/adapters/outbound/metrics/shared-measurement-reader.ts'
import { SharedMeasurements } from '../../../../src/adapters/outbound/metrics/shared-measurements.ts'
import { writeExposition } from '../../../../src/adapters/protocol/exposition.ts'
import {
  COUNTER_NAMES,
  Counter,
  type CounterName,
  readTotals,
} from '../../../../src/adapters/protocol/metrics/counters.ts'
import {
  GAUGE_NAMES,
  Gauge,
  HISTOGRAM_NAMES,
  Histogram,
} from '../../../../src/adapters/protocol/metrics/measurements.ts'
import { musterFamilies } from '../../../../src/adapters/protocol/metrics/muster-metrics.ts'
import { writeMetricsText } from '../../../../src/adapters/protocol/rest/v1/metrics-writer.ts'
import { MEASUREMENT_LAYOUT } from '../../../../src/config/wiring/metric-layout.ts'
import { FixedStatistics } from '../../../fakes/fixed-statistics.ts'

/** A value that occurs nowhere else. */
const VALUE = 7_654_321

type Reasons = Readonly<Partial<Record<CounterName, string>>>

const BY_RESULT = 'counted for replies by result, as in Torrust; ours are by kind, with separate errors'
const AVERAGE = 'counted for average times, as in Torrust; ours are a histogram'

/** Counters used only by Torrust's metrics in API v1. */
const ONLY_IN_V1: Reasons = {
  udp4_announces_answered: BY_RESULT,
  udp6_announces_answered: BY_RESULT,
  udp_connects_timed: AVERAGE,
  udp_announces_timed: AVERAGE,
  udp_scrapes_timed: AVERAGE,
  udp_connect_nanoseconds: AVERAGE,
  udp_announce_nanoseconds: AVERAGE,
  udp_scrape_nanoseconds: AVERAGE,
}

/** Everything that our own metrics leave out. */
const EXCEPTIONS: Reasons = {
  ...ONLY_IN_V1,
  udp_batches: 'among the totals of GET /api/v2/stats; the histogram of datagrams in a batch counts batches as well',
}

const { figures: statistics, counted: census } = new FixedStatistics()

/** A tracker of one thread and one listener with the counts and measurements written by `write`. */
function aTracker(write: (counters: SharedCounters, measurements: SharedMeasurements) => void) {
  const rows = createCounterMemory(1, 1, COUNTER_NAMES.length)
  const counters = new SharedCounters(rows, { thread: 0, listener: 0, end: COUNTER_NAMES.length })
  const memory = MEASUREMENT_LAYOUT.createMemory(1)
  write(counters, new SharedMeasurements(MEASUREMENT_LAYOUT.rowOf(memory, 0), MEASUREMENT_LAYOUT, true))
  const totals = readTotals(counters)
  const started = { protocol: 'udp', address: '0.0.0.0', port: 6969, countsRequests: true } as const
  const listeners = new SharedListenerCounters(rows, () => [started]).listeners()
  const threads = new SharedMeasurementReader(memory, MEASUREMENT_LAYOUT, ['main']).threads()
  const process = { residentBytes: 1, cpuSeconds: 1, startedAtSeconds: 1 }
  return {
    ownLines: () =>
      writeExposition(
        musterFamilies({ counters: totals, statistics, census, threads, process, version: '1.2.3' }),
      ).split('\n'),
    v1Lines: () => {
      const shown = listeners.map((listener) => ({ ...listener, counters: readTotals(listener) }))
      return writeMetricsText(
        { ...statistics, counters: totals, addressesWithIdErrors: 0, listeners: shown },
        census,
      ).split('\n')
    },
  }
}

const idle = aTracker(() => {})
/** The sample lines that changed because something was counted or measured. */
function moved(before: readonly string[], after: readonly string[]): string[] {
  return after.filter((line) => !before.includes(line))
}

describe('our own metrics', () => {
  it.each(COUNTER_NAMES.filter((name) => !(name in EXCEPTIONS)))('show the counter %s, once', (name) => {
    const tracker = aTracker((counters) => counters.add(Counter[name], VALUE))
    const lines = moved(idle.ownLines(), tracker.ownLines())
    expect(lines).toEqual([expect.stringMatching(new RegExp(`^muster_\\w+_total(\\{.*\\})? ${VALUE}$`))])
  })

  it.each(Object.keys(EXCEPTIONS) as CounterName[])('do not show %s, which is an exception', (name) => {
    const tracker = aTracker((counters) => counters.add(Counter[name], VALUE))
    expect(moved(idle.ownLines(), tracker.ownLines())).toEqual([])
  })

  it.each(HISTOGRAM_NAMES)('show the histogram %s, once', (name) => {
    const tracker = aTracker((_, measurements) => measurements.observe(Histogram[name], 1e9, VALUE))
    const lines = moved(idle.ownLines(), tracker.ownLines())
    expect(lines).toEqual([
      expect.stringMatching(new RegExp(`^muster_\\w+_bucket\\{.*le="\\+Inf"\\} ${VALUE}$`)),
      expect.stringMatching(new RegExp(`^muster_\\w+_sum(\\{.*\\})? ${VALUE * 1e9}$`)),
      expect.stringMatching(new RegExp(`^muster_\\w+_count(\\{.*\\})? ${VALUE}$`)),
    ])
  })

  it.each(GAUGE_NAMES)('show the gauge %s, once', (name) => {
    const tracker = aTracker((_, measurements) => measurements.set(Gauge[name], VALUE))
    const lines = moved(idle.ownLines(), tracker.ownLines())
    expect(lines).toEqual([expect.stringMatching(new RegExp(`^muster_thread_\\w+\\{.*thread="main"\\} ${VALUE}$`))])
  })
})

describe("Torrust's metrics", () => {
  it.each(Object.keys(ONLY_IN_V1) as CounterName[])('show the exception %s', (name) => {
    // An average needs both its count and its sum.
    const isPart = /timed|nanoseconds/.test(name)
    const parts = COUNTER_NAMES.filter((other) => isPart && other !== name && /timed|nanoseconds/.test(other))
    const write = (value: number) => (counters: SharedCounters) => {
      for (const other of parts) counters.add(Counter[other], 1000)
      counters.add(Counter[name], value)
    }
    expect(moved(aTracker(write(1)).v1Lines(), aTracker(write(VALUE)).v1Lines())).not.toEqual([])
  })
})
