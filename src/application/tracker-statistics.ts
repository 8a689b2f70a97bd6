// Figures about the whole tracker: counts of the swarms, their activity, completed downloads.

import type { Census, Statistics, StatisticsSnapshot, SwarmMemoryUse } from '../domain/ports/inbound/statistics.ts'
import { Header } from '../domain/swarm/layout.ts'
import { SwarmActivity } from '../domain/swarm/swarm-activity.ts'
import type { SwarmRegistry } from '../domain/swarm/swarm-registry.ts'
import { swarmTotals } from '../domain/swarm/swarm-totals.ts'
import type { CensusTaker } from './census-taker.ts'

/** Completed downloads of all runs. */
export interface PersistedDownloads {
  total(): number
}

export class TrackerStatistics implements Statistics {
  readonly #registry: SwarmRegistry
  readonly #activity: SwarmActivity
  readonly #censusTaker: CensusTaker
  readonly #persisted: PersistedDownloads | undefined

  /** `persisted` is undefined when completed downloads are not persisted. */
  constructor(registry: SwarmRegistry, censusTaker: CensusTaker, persisted: PersistedDownloads | undefined) {
    this.#registry = registry
    this.#activity = new SwarmActivity(registry.memory)
    this.#censusTaker = censusTaker
    this.#persisted = persisted
  }

  snapshot(): StatisticsSnapshot {
    const { completed, ...counts } = swarmTotals(this.#registry.memory)
    const completedPersisted = this.#persisted?.total()
    return {
      ...counts,
      completed: completedPersisted ?? completed,
      completedThisRun: completed,
      completedPersisted,
      activity: this.#activity.read(),
      memory: this.#memoryUse(),
    }
  }

  census(): Promise<Census> {
    return this.#censusTaker.take()
  }

  #memoryUse(): SwarmMemoryUse {
    const { heap, memory } = this.#registry
    return {
      usedBytes: heap.usedBytes(),
      budgetBytes: heap.capacityBytes(),
      lockWaits: memory.words[Header.LockWaits] >>> 0,
      lockSleeps: memory.words[Header.LockSleeps] >>> 0,
    }
  }
}
