// Counters of the tracker itself, whatever the protocol, and of the management API.

import type { MetricFamily } from '../../exposition.ts'
import type { CounterTotals } from '../counters.ts'
import { by, counter, sample } from './build-family.ts'

export function trackerFamilies(counters: CounterTotals): readonly MetricFamily[] {
  return [
    counter(
      'announces_served_total',
      'Announces that were applied, over whatever protocol.',
      sample(counters.announces_served),
    ),
    counter(
      'announces_refused_total',
      'Announces that were not applied, by why.',
      ...by('reason', {
        key: counters.announces_refused_without_key,
        memory: counters.announces_refused_for_memory,
        unregistered: counters.announces_refused_unregistered,
      }),
    ),
    counter(
      'swarms_evicted_total',
      'Torrents given up for others because memory was spent.',
      sample(counters.swarms_evicted),
    ),
    counter(
      'peers_expired_total',
      'Peers removed because they were not heard of any more.',
      sample(counters.peers_expired),
    ),
    counter(
      'downloads_completed_total',
      'Completed downloads handed on to be persisted.',
      sample(counters.downloads_completed),
    ),
    counter('facts_lost_total', 'Completed downloads that found their ring full.', sample(counters.facts_lost)),
    counter('events_dropped_total', 'Events that a listener was too slow for.', sample(counters.events_dropped)),
    counter(
      'event_listener_failures_total',
      'Events that a listener failed at.',
      sample(counters.event_listener_failures),
    ),
    counter(
      'internal_errors_total',
      'Faults of the tracker itself; the log has each.',
      sample(counters.internal_errors),
    ),
    counter('rest_requests_total', 'Requests to the management API.', sample(counters.rest_requests)),
    counter(
      'rest_authentication_failures_total',
      'Requests to the management API without a token that opens it.',
      sample(counters.rest_authentication_failures),
    ),
    counter('store_failures_total', 'Times that the database was away.', sample(counters.store_failures)),
  ]
}
