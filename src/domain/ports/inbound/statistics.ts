// Figures about the whole tracker, as they are at this moment.

import type { Family } from '../../announce.ts'
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
  /**
   * The total in the store, what is still to be written included; undefined when completed downloads are not persisted.
   */
  readonly completedPersisted: number | undefined
  /** What has happened to the swarms since the start. */
  readonly activity: ActivityCounts
  readonly memory: SwarmMemoryUse
}

interface CountByRole {
  readonly seeders: number
  readonly leechers: number
}

interface ActivityCounts {
  readonly torrentsAdded: number
  readonly torrentsRemoved: number
  /** A peer that moves to another port leaves and comes. */
  readonly peersAdded: CountByRole
  readonly peersRemoved: CountByRole
  /** Announces of peers that were known. */
  readonly peersUpdated: CountByRole
  /** Seeders that became leechers. */
  readonly seedersReverted: number
}

export interface SwarmMemoryUse {
  readonly usedBytes: number
  readonly budgetBytes: number
  /** Locks that were found taken, and those of them that somebody had to sleep for. */
  readonly lockWaits: number
  readonly lockSleeps: number
}

/**
 * Who is in the swarms, as a walk past all of them finds it. Large swarms are looked at in part, and counted as if in
 * whole.
 */
export interface Census {
  readonly peers: readonly { readonly family: Family; readonly role: 'seeder' | 'leecher'; readonly count: number }[]
  /** Not heard of for longer than the peer timeout, and not cleaned up yet. */
  readonly inactivePeers: number
  readonly inactiveTorrents: number
  /** By the program that their peer ids name; `unknown`: ids that name none; `other`: the rare ones together. */
  readonly clients: readonly { readonly name: string; readonly count: number }[]
}

export interface Statistics {
  snapshot(): StatisticsSnapshot
  /**
   * As it was a quarter of a minute ago at most, with millions of peers a minute or so. Nobody is counted while nobody
   * asks.
   */
  census(): Promise<Census>
}
export const Statistics = port<Statistics>('Statistics')
