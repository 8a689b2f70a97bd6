import type { Statistics, StatisticsSnapshot } from '../../src/domain/ports/inbound/statistics.ts'
import { COUNTER_NAMES, type CounterName } from '../../src/domain/ports/outbound/counters.ts'

/** Figures that are what they were set to. */
export class FixedStatistics implements Statistics {
  figures: StatisticsSnapshot = {
    torrents: 3,
    seeders: 5,
    leechers: 7,
    ipv4Peers: 8,
    ipv6Peers: 4,
    completed: 11,
    completedThisRun: 2,
    completedPersisted: 11,
    counters: Object.fromEntries(COUNTER_NAMES.map((name, index) => [name, index])) as Record<CounterName, number>,
  }

  snapshot(): StatisticsSnapshot {
    return this.figures
  }
}
