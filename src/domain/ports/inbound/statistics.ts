// Current figures about the whole tracker.

import type { Family } from '../../announce.ts'
import { port } from '../port.ts'

export interface StatisticsSnapshot {
  readonly torrents: number
  readonly seeders: number
  readonly leechers: number
  readonly ipv4Peers: number
  readonly ipv6Peers: number
  /** Completed downloads: of this run and, when they are persisted, of all earlier runs. */
  readonly completed: number
  /** Of this run only. */
  readonly completedThisRun: number
  /**
   * The total in the store, including what is still to be written; undefined when completed downloads are not
   * persisted.
   */
  readonly completedPersisted: number | undefined
  /** The base interval that clients are told now. */
  readonly announceIntervalSeconds: number
  readonly isUnderAttack: boolean
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
  /** A peer that moves to another port counts as removed and added. */
  readonly peersAdded: CountByRole
  readonly peersRemoved: CountByRole
  /** Announces of known peers. */
  readonly peersUpdated: CountByRole
  /** Seeders that became leechers. */
  readonly seedersReverted: number
}

export interface SwarmMemoryUse {
  readonly usedBytes: number
  readonly budgetBytes: number
  /** Contended lock acquisitions, and those for which a thread had to sleep. */
  readonly lockWaits: number
  readonly lockSleeps: number
}

/** Who is in the swarms, as found by a scan over all of them. Large swarms are sampled, and the sample is scaled up. */
export interface Census {
  readonly peers: readonly { readonly family: Family; readonly role: 'seeder' | 'leecher'; readonly count: number }[]
  /** Not heard of for longer than the peer timeout, and not cleaned up yet. */
  readonly inactivePeers: number
  readonly inactiveTorrents: number
  /** By the client program that the peer ids name; `unknown`: ids that name none; `other`: all rare ones together. */
  readonly clients: readonly { readonly name: string; readonly count: number }[]
}

export interface Statistics {
  snapshot(): StatisticsSnapshot
  /**
   * At most a quarter of a minute old; with millions of peers, a minute or so. Nothing is counted unless it is
   * requested.
   */
  census(): Promise<Census>
}
export const Statistics = port<Statistics>('Statistics')
