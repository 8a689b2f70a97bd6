// The contents of the swarms, their activity, and the memory that they use.

import type { Census, StatisticsSnapshot } from '../../../../domain/ports/inbound/statistics.ts'
import type { MetricFamily, MetricSample } from '../../exposition.ts'
import { by, counter, gauge, sample } from './build-family.ts'

export function swarmFamilies(statistics: StatisticsSnapshot, census: Census): readonly MetricFamily[] {
  const { activity, memory } = statistics
  const roles = (event: string, { seeders, leechers }: { seeders: number; leechers: number }): MetricSample[] => [
    sample(leechers, { event, role: 'leecher' }),
    sample(seeders, { event, role: 'seeder' }),
  ]
  return [
    gauge('torrents', 'Torrents in memory.', sample(statistics.torrents)),
    gauge(
      'peers',
      'Peers in memory by address family and role; estimated from a sample for large swarms.',
      ...census.peers.map(({ family, role, count }) => sample(count, { family: family === 0 ? 'ipv4' : 'ipv6', role })),
    ),
    gauge(
      'torrents_inactive',
      'Torrents without an announce within the peer timeout.',
      sample(census.inactiveTorrents),
    ),
    gauge(
      'peers_inactive',
      'Peers without an announce within the peer timeout, not cleaned up yet.',
      sample(census.inactivePeers),
    ),
    gauge(
      'peers_by_client',
      'Peers by client program, according to their peer ids, which can be forged; the 30 most frequent.',
      ...census.clients.map(({ name, count }) => sample(count, { client: name })),
    ),
    counter(
      'torrent_events_total',
      'Torrents added to memory and removed.',
      ...by('event', { added: activity.torrentsAdded, removed: activity.torrentsRemoved }),
    ),
    counter(
      'peer_events_total',
      'Peers added, removed and updated, by role.',
      ...roles('added', activity.peersAdded),
      ...roles('removed', activity.peersRemoved),
      ...roles('updated', activity.peersUpdated),
    ),
    gauge(
      'announce_interval_seconds',
      'Interval that clients are told, without jitter.',
      sample(statistics.announceIntervalSeconds),
    ),
    gauge('under_attack', '1 while the mode for attacks is on.', sample(Number(statistics.isUnderAttack))),
    counter('seeders_reverted_total', 'Seeders that became leechers.', sample(activity.seedersReverted)),
    gauge('swarm_memory_used_bytes', 'Swarm memory in slabs that are in use.', sample(memory.usedBytes)),
    gauge('swarm_memory_budget_bytes', 'Swarm memory available for slabs.', sample(memory.budgetBytes)),
    counter('lock_waits_total', 'Contended locks in swarm memory.', sample(memory.lockWaits)),
    counter('lock_sleeps_total', 'Contended locks for which a thread went to sleep.', sample(memory.lockSleeps)),
  ]
}
