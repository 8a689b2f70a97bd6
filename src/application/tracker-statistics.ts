// Figures about the whole tracker: counts of the swarms, completed downloads, counters.

import type { Statistics, StatisticsSnapshot } from '../domain/ports/inbound/statistics.ts'
import { COUNTER_NAMES, type CounterName, type Counters } from '../domain/ports/outbound/counters.ts'
import type { SwarmMemory } from '../domain/swarm/swarm-memory.ts'
import { swarmTotals } from '../domain/swarm/swarm-totals.ts'

/** Completed downloads of all runs. */
export interface PersistedDownloads {
  total(): number
}

export class TrackerStatistics implements Statistics {
  readonly #memory: SwarmMemory
  readonly #counters: Counters
  readonly #persisted: PersistedDownloads | undefined

  /** `persisted` is undefined when completed downloads are not persisted. */
  constructor(memory: SwarmMemory, counters: Counters, persisted: PersistedDownloads | undefined) {
    this.#memory = memory
    this.#counters = counters
    this.#persisted = persisted
  }

  snapshot(): StatisticsSnapshot {
    const { completed, ...counts } = swarmTotals(this.#memory)
    const completedPersisted = this.#persisted?.total()
    const figures = COUNTER_NAMES.map((name, index) => [name, this.#counters.total(index)] as const)
    return {
      ...counts,
      completed: completedPersisted ?? completed,
      completedThisRun: completed,
      completedPersisted,
      counters: Object.fromEntries(figures) as Record<CounterName, number>,
    }
  }
}
