// Muster's own metrics, by name. Labels are words of this file, names of programs from a fixed list and names of threads: never an
// address, a hash or a key (protocol rule SEC-35).

import type { Census, StatisticsSnapshot } from '../../../domain/ports/inbound/statistics.ts'
import {
  type GaugeName,
  HISTOGRAM_BOUNDS,
  type HistogramFigures,
  type HistogramName,
  type ProcessFigures,
  type ThreadFigures,
} from '../../../domain/ports/outbound/measurements.ts'
import type { Distribution, Family, Labels, Sample } from '../exposition.ts'

/** Everything that there is to show. */
export interface Figures {
  readonly statistics: StatisticsSnapshot
  readonly census: Census
  readonly threads: readonly ThreadFigures[]
  readonly process: ProcessFigures
  readonly version: string
}

const sample = (value: number, labels: Labels = {}): Sample => ({ value, labels })

const counter = (name: string, help: string, ...samples: readonly Sample[]): Family => ({
  type: 'counter',
  name: `muster_${name}`,
  help,
  samples,
})

const gauge = (name: string, help: string, ...samples: readonly Sample[]): Family => ({
  type: 'gauge',
  name: `muster_${name}`,
  help,
  samples,
})

/** Samples that one label sets apart. */
const by = (label: string, values: Readonly<Record<string, number>>): Sample[] =>
  Object.entries(values).map(([value, count]) => sample(count, { [label]: value }))

const ofFamily = (ipv4: number, ipv6: number, labels: Labels = {}): Sample[] => [
  sample(ipv4, { ...labels, family: 'ipv4' }),
  sample(ipv6, { ...labels, family: 'ipv6' }),
]

const udpFamilies = ({ statistics: { counters } }: Figures): readonly Family[] => [
  counter(
    'udp_datagrams_received_total',
    'Datagrams taken in over UDP.',
    ...ofFamily(counters.udp4_datagrams_received, counters.udp6_datagrams_received),
  ),
  counter(
    'udp_requests_total',
    'Requests over UDP that were well formed and proven, by what was asked for.',
    ...ofFamily(counters.udp4_announces, counters.udp6_announces, { kind: 'announce' }),
    ...ofFamily(counters.udp4_connects, counters.udp6_connects, { kind: 'connect' }),
    ...ofFamily(counters.udp4_scrapes, counters.udp6_scrapes, { kind: 'scrape' }),
  ),
  counter(
    'udp_replies_sent_total',
    'Replies over UDP, errors among them, that the operating system has taken.',
    ...ofFamily(counters.udp4_replies_sent, counters.udp6_replies_sent),
  ),
  counter(
    'udp_errors_total',
    'Error replies over UDP, by what was asked for.',
    ...ofFamily(counters.udp4_announce_errors, counters.udp6_announce_errors, { kind: 'announce' }),
    ...ofFamily(counters.udp4_other_errors, counters.udp6_other_errors, { kind: 'other' }),
    ...ofFamily(counters.udp4_scrape_errors, counters.udp6_scrape_errors, { kind: 'scrape' }),
  ),
  counter(
    'udp_rejects_total',
    'Datagrams over UDP that were no good, by what was wrong with them.',
    ...by('reason', {
      connection_id: counters.udp_connection_id_mismatches,
      magic: counters.udp_datagrams_with_wrong_magic,
      malformed: counters.udp_malformed_requests,
      port_zero: counters.udp_datagrams_from_port_zero,
      source: counters.udp_datagrams_from_nowhere,
      too_short: counters.udp_datagrams_too_short,
      unknown_action: counters.udp_unknown_actions,
    }),
  ),
  counter(
    'udp_kernel_drops_total',
    'Datagrams that the kernel dropped because the receive buffer was full.',
    sample(counters.udp_kernel_drops),
  ),
  counter(
    'udp_socket_failures_total',
    'Calls to the operating system that failed: replies not sent, receives in vain.',
    ...by('call', { receive: counters.udp_receive_failures, send: counters.udp_send_failures }),
  ),
  counter(
    'udp_bytes_total',
    'Bytes over UDP, without headers of IP and UDP.',
    ...by('direction', { received: counters.udp_bytes_received, sent: counters.udp_bytes_sent }),
  ),
]

const httpFamilies = ({ statistics: { counters } }: Figures): readonly Family[] => [
  counter('http_requests_total', 'Requests over HTTP and HTTPS, of whatever kind.', sample(counters.http_requests)),
  counter(
    'http_tracker_requests_total',
    'Requests to the tracker over HTTP and HTTPS, by what was asked for.',
    ...ofFamily(counters.http4_announces, counters.http6_announces, { kind: 'announce' }),
    ...ofFamily(counters.http4_scrapes, counters.http6_scrapes, { kind: 'scrape' }),
  ),
  counter(
    'http_failures_total',
    'Announces and scrapes over HTTP that were told a failure reason.',
    sample(counters.http_failures),
  ),
  counter(
    'http_rejects_total',
    'HTTP requests and connections turned away, by what was wrong with them.',
    ...by('reason', {
      connection_error: counters.http_connection_errors,
      connection_limit: counters.http_connections_refused,
      request: counters.http_rejected_requests,
    }),
  ),
  counter('http_sent_bytes_total', 'Bytes of announce and scrape replies over HTTP.', sample(counters.http_bytes_sent)),
  counter(
    'tls_reloads_total',
    'Certificates read again, by how that went.',
    ...by('result', { error: counters.tls_reload_failures, ok: counters.tls_reloads }),
  ),
]

const trackerFamilies = ({ statistics: { counters } }: Figures): readonly Family[] => [
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
  counter('internal_errors_total', 'Faults of the tracker itself; the log has each.', sample(counters.internal_errors)),
  counter('rest_requests_total', 'Requests to the management API.', sample(counters.rest_requests)),
  counter(
    'rest_authentication_failures_total',
    'Requests to the management API without a token that opens it.',
    sample(counters.rest_authentication_failures),
  ),
  counter('store_failures_total', 'Times that the database was away.', sample(counters.store_failures)),
]

const swarmFamilies = ({ statistics, census }: Figures): readonly Family[] => {
  const { activity, memory } = statistics
  const roles = (event: string, { seeders, leechers }: { seeders: number; leechers: number }): Sample[] => [
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

/** The observations of all threads. */
const together = (all: readonly HistogramFigures[]): Distribution => ({
  counts: (all[0]?.counts ?? []).map((_, bucket) => all.reduce((count, { counts }) => count + counts[bucket], 0)),
  sum: all.reduce((sum, one) => sum + one.sum, 0),
  labels: {},
})

const histogramFamilies = ({ threads }: Figures): readonly Family[] => {
  const histogram = (name: string, help: string, which: HistogramName): Family => ({
    type: 'histogram',
    name: `muster_${name}`,
    help,
    bounds: HISTOGRAM_BOUNDS[which],
    distributions: [together(threads.map(({ histograms }) => histograms[which]))],
  })
  return [
    histogram(
      'udp_handling_seconds',
      'Handling a datagram: an even share of what its batch took, sending left out; every fourth batch.',
      'udp_handling',
    ),
    histogram('udp_batch_datagrams', 'Datagrams that were taken in and answered together.', 'udp_batch_datagrams'),
    histogram(
      'http_announce_seconds',
      'Handling an HTTP announce, from request read to reply handed over.',
      'http_announce',
    ),
    histogram(
      'rest_request_seconds',
      'A request to the management API, from request read to answer sent.',
      'rest_request',
    ),
    histogram('store_query_seconds', 'A statement to the database, as its driver sees it.', 'store_query'),
  ]
}

const threadFamilies = ({ threads }: Figures): readonly Family[] => {
  const ofThreads = (name: GaugeName): Sample[] => threads.map(({ thread, gauges }) => sample(gauges[name], { thread }))
  const withLoop = threads.filter(({ thread }) => !thread.startsWith('udp'))
  const delays = ({ thread, gauges }: ThreadFigures): Sample[] => [
    sample(gauges.event_loop_delay_max, { stat: 'max', thread }),
    sample(gauges.event_loop_delay_mean, { stat: 'mean', thread }),
    sample(gauges.event_loop_delay_p99, { stat: 'p99', thread }),
  ]
  return [
    gauge('thread_heap_used_bytes', 'JavaScript heap in use, by thread.', ...ofThreads('heap_used_bytes')),
    gauge('thread_heap_size_bytes', 'JavaScript heap reserved, by thread.', ...ofThreads('heap_total_bytes')),
    gauge(
      'thread_event_loop_delay_seconds',
      'How late the event loop was in the latest five seconds.',
      ...withLoop.flatMap(delays),
    ),
    {
      type: 'histogram',
      name: 'muster_thread_gc_seconds',
      help: 'Pauses for garbage, of young objects (minor) and old ones (major), by thread.',
      bounds: HISTOGRAM_BOUNDS.gc_major,
      distributions: threads.flatMap(({ thread, histograms }) => [
        { ...histograms.gc_major, labels: { kind: 'major', thread } },
        { ...histograms.gc_minor, labels: { kind: 'minor', thread } },
      ]),
    },
  ]
}

const processFamilies = ({ process, version }: Figures): readonly Family[] => [
  gauge('info', 'Always 1; the label tells the version.', sample(1, { version })),
  gauge('process_resident_memory_bytes', 'Memory of the process that is in RAM.', sample(process.residentBytes)),
  counter('process_cpu_seconds_total', 'Processor time of the process, user and system.', sample(process.cpuSeconds)),
  gauge(
    'process_start_time_seconds',
    'When the process began, in seconds since 1970.',
    sample(process.startedAtSeconds),
  ),
]

export const musterFamilies = (figures: Figures): readonly Family[] =>
  [
    udpFamilies,
    httpFamilies,
    trackerFamilies,
    swarmFamilies,
    histogramFamilies,
    threadFamilies,
    processFamilies,
  ].flatMap((families) => families(figures))
