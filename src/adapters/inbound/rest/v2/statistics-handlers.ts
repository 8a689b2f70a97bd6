// REST v2: statistics, translated from the domain to the contract, and all metrics in Prometheus' format.

import { writeExposition } from '../../../protocol/exposition.ts'
import { readTotals } from '../../../protocol/metrics/counters.ts'
import { musterFamilies } from '../../../protocol/metrics/muster-metrics.ts'
import type { statistics } from '../../../protocol/rest/v2/statistics.ts'
import type { RestContext } from '../rest-context.ts'
import { isoTimestamp } from './iso-timestamp.ts'
import type { Handlers } from './mount.ts'

export function statisticsHandlers({ ports, version }: RestContext): Handlers<typeof statistics> {
  return {
    getStatistics: async () => {
      const snapshot = ports.statistics.snapshot()
      const { startedAtSeconds } = ports.measured.process()
      const body = {
        version,
        started_at: isoTimestamp(Math.floor(startedAtSeconds)),
        uptime_seconds: Math.max(0, Math.floor(ports.wallClock.wallSeconds() - startedAtSeconds)),
        torrents: snapshot.torrents,
        seeders: snapshot.seeders,
        leechers: snapshot.leechers,
        ipv4_peers: snapshot.ipv4Peers,
        ipv6_peers: snapshot.ipv6Peers,
        completed: snapshot.completed,
        completed_this_run: snapshot.completedThisRun,
        completed_persisted: snapshot.completedPersisted ?? null,
        swarm_memory: { used_bytes: snapshot.memory.usedBytes, budget_bytes: snapshot.memory.budgetBytes },
        under_attack: snapshot.isUnderAttack,
        counters: { ...readTotals(ports.counters) },
      }
      return { status: 200, body }
    },
    getMetrics: async () => {
      const census = await ports.statistics.census()
      const figures = {
        counters: readTotals(ports.counters),
        statistics: ports.statistics.snapshot(),
        census,
        threads: ports.measured.threads(),
        process: ports.measured.process(),
        version,
      }
      return { status: 200, body: writeExposition(musterFamilies(figures)) }
    },
  }
}
