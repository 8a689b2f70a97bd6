import { Family } from '../../src/domain/announce.ts'
import type { Census, Statistics, StatisticsSnapshot } from '../../src/domain/ports/inbound/statistics.ts'

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
    announceIntervalSeconds: 1800,
    isUnderAttack: false,
    activity: {
      torrentsAdded: 9,
      torrentsRemoved: 6,
      peersAdded: { seeders: 21, leechers: 22 },
      peersRemoved: { seeders: 16, leechers: 15 },
      peersUpdated: { seeders: 31, leechers: 32 },
      seedersReverted: 1,
    },
    memory: { usedBytes: 65_536, budgetBytes: 1_048_576, lockWaits: 4, lockSleeps: 2 },
  }
  counted: Census = {
    peers: [
      { family: Family.IPv4, role: 'seeder', count: 4 },
      { family: Family.IPv4, role: 'leecher', count: 4 },
      { family: Family.IPv6, role: 'seeder', count: 1 },
      { family: Family.IPv6, role: 'leecher', count: 3 },
    ],
    inactivePeers: 2,
    inactiveTorrents: 1,
    clients: [
      { name: 'qBittorrent', count: 7 },
      { name: 'unknown', count: 5 },
    ],
  }

  snapshot(): StatisticsSnapshot {
    return this.figures
  }

  async census(): Promise<Census> {
    return this.counted
  }
}
