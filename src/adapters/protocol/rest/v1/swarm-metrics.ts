// Torrust's metrics of torrents, peers and downloads, which belong to no listener.

import type { ShownFigures, ShownInactivity } from './figures.ts'
import { byRole, type Metric, plain, torrustCounter, torrustGauge } from './metric.ts'

export function swarmMetrics(figures: ShownFigures, inactivity: ShownInactivity): readonly Metric[] {
  const { activity } = figures
  const named = (name: string): string => `swarm_coordination_registry_${name}`
  return [
    torrustCounter(named('torrents_added_total'), 'Torrents added to memory.', plain(activity.torrentsAdded)),
    torrustCounter(named('torrents_removed_total'), 'Torrents removed from memory.', plain(activity.torrentsRemoved)),
    torrustCounter(
      named('torrents_downloads_total'),
      'Completed downloads since the start.',
      plain(figures.completedThisRun),
    ),
    torrustCounter(named('peers_added_total'), 'Peers added.', byRole(activity.peersAdded)),
    torrustCounter(named('peers_removed_total'), 'Peers removed.', byRole(activity.peersRemoved)),
    torrustCounter(named('peers_updated_total'), 'Announces of known peers.', byRole(activity.peersUpdated)),
    torrustCounter(
      named('peers_completed_state_reverted_total'),
      'Seeders that became leechers.',
      plain(activity.seedersReverted),
    ),
    torrustGauge(named('torrents_total'), 'Torrents in memory.', plain(figures.torrents)),
    torrustGauge(
      named('torrents_inactive_total'),
      'Torrents without an announce within the peer timeout.',
      plain(inactivity.inactiveTorrents),
    ),
    torrustGauge(named('peer_connections_total'), 'Peers in all swarms.', byRole(figures)),
    torrustGauge(
      named('peers_inactive_total'),
      'Peers that have not announced within the peer timeout.',
      plain(inactivity.inactivePeers),
    ),
  ]
}

export function downloadMetrics({ completed, completedThisRun, completedPersisted }: ShownFigures): readonly Metric[] {
  return [
    torrustCounter(
      'tracker_core_persistent_torrents_downloads_total',
      'Deprecated: completed downloads, of all runs when they are persisted.',
      plain(completed),
    ),
    torrustCounter(
      'tracker_core_in_session_torrents_downloads_total',
      'Completed downloads since the start.',
      plain(completedThisRun),
    ),
    torrustCounter(
      'tracker_core_persisted_torrents_downloads_total',
      'Completed downloads of all runs.',
      completedPersisted === undefined ? [] : plain(completedPersisted),
    ),
  ]
}
