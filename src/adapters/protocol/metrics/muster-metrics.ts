// Muster's own metrics, in output order. Label values are words from the code, client programs from a fixed list and
// names of threads: never an address, a hash or a key (protocol rule SEC-35).

import type { Census, StatisticsSnapshot } from '../../../domain/ports/inbound/statistics.ts'
import type { ProcessFigures, ThreadFigures } from '../../../domain/ports/outbound/measurements.ts'
import type { MetricFamily } from '../exposition.ts'
import type { CounterTotals } from './counters.ts'
import { httpFamilies } from './families/http-families.ts'
import { processFamilies } from './families/process-families.ts'
import { swarmFamilies } from './families/swarm-families.ts'
import { threadFamilies } from './families/thread-families.ts'
import { timingFamilies } from './families/timing-families.ts'
import { trackerFamilies } from './families/tracker-families.ts'
import { udpFamilies } from './families/udp-families.ts'

/** Everything that the metrics are made from. */
export interface Figures {
  readonly counters: CounterTotals
  readonly statistics: StatisticsSnapshot
  readonly census: Census
  readonly threads: readonly ThreadFigures[]
  readonly process: ProcessFigures
  readonly version: string
}

export function musterFamilies(figures: Figures): readonly MetricFamily[] {
  return [
    ...udpFamilies(figures.counters),
    ...httpFamilies(figures.counters),
    ...trackerFamilies(figures.counters),
    ...swarmFamilies(figures.statistics, figures.census),
    ...timingFamilies(figures.threads),
    ...threadFamilies(figures.threads),
    ...processFamilies(figures.process, figures.version),
  ]
}
