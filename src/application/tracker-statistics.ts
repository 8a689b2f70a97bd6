// Figures about the whole tracker: counts of the swarms, their activity, completed downloads.

import type { AttackMode } from '../domain/attack-mode.ts'
import type { AnnouncePace } from '../domain/pacing/announce-pace.ts'
import type { Census, Statistics, StatisticsSnapshot, SwarmMemoryUse } from '../domain/ports/inbound/statistics.ts'
import { Header } from '../domain/swarm/layout.ts'
import { SwarmActivity } from '../domain/swarm/swarm-activity.ts'
import type { SwarmRegistry } from '../domain/swarm/swarm-registry.ts'
import { swarmTotals } from '../domain/swarm/swarm-totals.ts'
import type { CensusTaker } from './census-taker.ts'

export interface StatisticsDependencies {
  readonly censusTaker: CensusTaker
  readonly pace: AnnouncePace
  readonly attack: AttackMode
  /** Undefined when completed downloads are not persisted. */
  readonly persisted: PersistedDownloads | undefined
}

/** Completed downloads of all runs. */
interface PersistedDownloads {
  total(): number
}

export class TrackerStatistics implements Statistics {
  readonly #registry: SwarmRegistry
  readonly #activity: SwarmActivity
  readonly #dependencies: StatisticsDependencies

  constructor(registry: SwarmRegistry, dependencies: StatisticsDependencies) {
    this.#registry = registry
    this.#activity = new SwarmActivity(registry.memory)
    this.#dependencies = dependencies
  }

  snapshot(): StatisticsSnapshot {
    const { completed, ...counts } = swarmTotals(this.#registry.memory)
    const { pace, attack, persisted } = this.#dependencies
    const completedPersisted = persisted?.total()
    pace.follow()
    return {
      ...counts,
      completed: completedPersisted ?? completed,
      completedThisRun: completed,
      completedPersisted,
      announceIntervalSeconds: pace.intervalSeconds,
      isUnderAttack: attack.isOn,
      activity: this.#activity.read(),
      memory: this.#memoryUse(),
    }
  }

  census(): Promise<Census> {
    return this.#dependencies.censusTaker.take()
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
