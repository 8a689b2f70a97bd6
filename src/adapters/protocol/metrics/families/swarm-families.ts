// What is in the swarms, what has happened to them, and the memory that they take.

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
      'Peers in memory by address family and role; large swarms are estimated from a sample.',
      ...census.peers.map(({ family, role, count }) => sample(count, { family: family === 0 ? 'ipv4' : 'ipv6', role })),
    ),
    gauge(
      'torrents_inactive',
      'Torrents of which no peer has announced within the peer timeout.',
      sample(census.inactiveTorrents),
    ),
    gauge(
      'peers_inactive',
      'Peers that have not announced within the peer timeout and are not cleaned up yet.',
      sample(census.inactivePeers),
    ),
    gauge(
      'peers_by_client',
      'Peers by the program that their peer ids name, which may be a lie; the 30 most frequent.',
      ...census.clients.map(({ name, count }) => sample(count, { client: name })),
    ),
    counter(
      'torrent_events_total',
      'Torrents that came into memory and left it.',
      ...by('event', { added: activity.torrentsAdded, removed: activity.torrentsRemoved }),
    ),
    counter(
      'peer_events_total',
      'Peers that came, left and announced again, by role.',
      ...roles('added', activity.peersAdded),
      ...roles('removed', activity.peersRemoved),
      ...roles('updated', activity.peersUpdated),
    ),
    counter('seeders_reverted_total', 'Seeders that became leechers.', sample(activity.seedersReverted)),
    gauge('swarm_memory_used_bytes', 'Swarm memory in slabs that hold something.', sample(memory.usedBytes)),
    gauge('swarm_memory_budget_bytes', 'Swarm memory that slabs can be made of.', sample(memory.budgetBytes)),
    counter('lock_waits_total', 'Locks in swarm memory that were found taken.', sample(memory.lockWaits)),
    counter('lock_sleeps_total', 'Locks that a thread went to sleep for.', sample(memory.lockSleeps)),
  ]
}
