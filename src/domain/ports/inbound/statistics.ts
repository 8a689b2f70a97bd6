// Figures about the whole tracker, as they are at this moment.

import type { CounterName } from '../outbound/counters.ts'
import { port } from '../port.ts'

export interface StatisticsSnapshot {
  readonly torrents: number
  readonly seeders: number
  readonly leechers: number
  readonly ipv4Peers: number
  readonly ipv6Peers: number
  /** Completed downloads: of this run and, when they are persisted, of all runs before. */
  readonly completed: number
  /** Of this run alone. */
  readonly completedThisRun: number
  /** The total in the store, what is still to be written included; undefined when completed downloads are not persisted. */
  readonly completedPersisted: number | undefined
  readonly counters: Readonly<Record<CounterName, number>>
}

export interface Statistics {
  snapshot(): StatisticsSnapshot
}
export const Statistics = port<Statistics>('Statistics')
