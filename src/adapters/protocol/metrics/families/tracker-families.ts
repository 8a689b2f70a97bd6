// Counters of the tracker itself, over all protocols, and of the management API.

import type { MetricFamily } from '../../exposition.ts'
import type { CounterTotals } from '../counters.ts'
import { by, counter, sample } from './build-family.ts'

export function trackerFamilies(counters: CounterTotals): readonly MetricFamily[] {
  return [
    counter('announces_served_total', 'Announces applied, over any protocol.', sample(counters.announces_served)),
    counter(
      'announces_refused_total',
      'Announces not applied, by reason.',
      ...by('reason', {
        key: counters.announces_refused_without_key,
        memory: counters.announces_refused_for_memory,
        overload: counters.announces_shed,
        share: counters.announces_refused_for_share,
        unregistered: counters.announces_refused_unregistered,
      }),
    ),
    counter('swarms_evicted_total', 'Torrents evicted to make room for others.', sample(counters.swarms_evicted)),
    counter(
      'peers_displaced_total',
      'Peers that gave way to others, by limit.',
      ...by('limit', { address: counters.peers_replaced, torrent: counters.peers_displaced }),
    ),
    counter(
      'peers_refused_total',
      'Peers of known torrents not stored because their address or network has its share of the memory.',
      sample(counters.peers_refused),
    ),
    counter('peers_expired_total', 'Peers removed by the clean-up.', sample(counters.peers_expired)),
    counter(
      'downloads_completed_total',
      'Completed downloads passed on for persistence.',
      sample(counters.downloads_completed),
    ),
    counter('facts_lost_total', 'Completed downloads lost because their ring was full.', sample(counters.facts_lost)),
    counter('events_dropped_total', 'Events dropped because a listener was too slow.', sample(counters.events_dropped)),
    counter(
      'event_listener_failures_total',
      'Events on which a listener failed.',
      sample(counters.event_listener_failures),
    ),
    counter(
      'internal_errors_total',
      'Faults of the tracker itself; each is in the log.',
      sample(counters.internal_errors),
    ),
    counter('rest_requests_total', 'Requests to the management API.', sample(counters.rest_requests)),
    counter(
      'rest_authentication_failures_total',
      'Requests to the management API without a valid token.',
      sample(counters.rest_authentication_failures),
    ),
    counter(
      'rest_connections_refused_total',
      'Connections to the management API above its limits.',
      sample(counters.rest_connections_refused),
    ),
    counter(
      'rest_connections_displaced_total',
      'Connections to the management API closed to make room for others, by the limit that was reached.',
      ...by('limit', {
        address: counters.rest_connections_displaced_by_address,
        prefix: counters.rest_connections_displaced_by_prefix,
        total: counters.rest_connections_displaced_by_total,
      }),
    ),
    counter('log_lines_dropped_total', 'Log lines that could not be written.', sample(counters.log_lines_dropped)),
    counter('attacks_total', 'Attacks recognized.', sample(counters.attacks)),
    counter(
      'alerts_total',
      'Alerts that were delivered, and those replaced by later ones before that.',
      ...by('outcome', { delivered: counters.alerts_sent, replaced: counters.alerts_replaced }),
    ),
    counter('alert_failures_total', 'Failed attempts to deliver an alert.', sample(counters.alert_failures)),
    counter('store_failures_total', 'Times that the database was found unavailable.', sample(counters.store_failures)),
  ]
}
