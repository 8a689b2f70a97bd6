// `GET metrics`: Torrust's labelled metrics under its names, as JSON or as Prometheus text. Muster counts by thread and
// address family, so of the labels for the connection only those that follow from family and protocol exist.

import { type Labels, type MetricSample, writeFamily } from '../../exposition.ts'
import type { ShownFigures, ShownInactivity } from './figures.ts'
import { discardedDatagrams, mean } from './stats-writer.ts'

interface Metric {
  readonly type: 'counter' | 'gauge'
  readonly name: string
  readonly unit?: 'nanoseconds'
  readonly help: string
  readonly samples: readonly MetricSample[]
}

function plain(value: number): readonly MetricSample[] {
  return [{ value, labels: {} }]
}

function samplesBy(label: string, values: Readonly<Record<string, number>>): readonly MetricSample[] {
  return Object.entries(values).map(([name, value]) => ({ value, labels: { [label]: name } }))
}

function byRole({ seeders, leechers }: Pick<ShownFigures, 'seeders' | 'leechers'>): readonly MetricSample[] {
  return samplesBy('peer_role', { leecher: leechers, seeder: seeders })
}

/** Two samples, one for each family. The names of `more` must sort after the client's. */
function byFamily(ipv4: number, ipv6: number, more: Labels = {}): readonly MetricSample[] {
  return [
    { value: ipv4, labels: { client_address_ip_family: 'inet', ...more } },
    { value: ipv6, labels: { client_address_ip_family: 'inet6', ...more } },
  ]
}

/** The same over UDP, whose sockets serve one family each. */
function overUdp(ipv4: number, ipv6: number, kind?: string): readonly MetricSample[] {
  return byFamily(ipv4, ipv6, kind === undefined ? {} : { request_kind: kind }).map(({ value, labels }) => ({
    value,
    labels: {
      ...labels,
      server_binding_address_ip_family: labels['client_address_ip_family'] ?? '',
      server_binding_protocol: 'udp',
    },
  }))
}

function counter(name: string, help: string, samples: readonly MetricSample[]): Metric {
  return {
    type: 'counter',
    name,
    help,
    samples,
  }
}

function gauge(name: string, help: string, samples: readonly MetricSample[]): Metric {
  return {
    type: 'gauge',
    name,
    help,
    samples,
  }
}

function swarmMetrics(figures: ShownFigures, inactivity: ShownInactivity): readonly Metric[] {
  const { activity } = figures
  const named = (name: string): string => `swarm_coordination_registry_${name}`
  return [
    counter(named('torrents_added_total'), 'Torrents added to memory.', plain(activity.torrentsAdded)),
    counter(named('torrents_removed_total'), 'Torrents removed from memory.', plain(activity.torrentsRemoved)),
    counter(named('torrents_downloads_total'), 'Completed downloads since the start.', plain(figures.completedThisRun)),
    counter(named('peers_added_total'), 'Peers added.', byRole(activity.peersAdded)),
    counter(named('peers_removed_total'), 'Peers removed.', byRole(activity.peersRemoved)),
    counter(named('peers_updated_total'), 'Announces of known peers.', byRole(activity.peersUpdated)),
    counter(
      named('peers_completed_state_reverted_total'),
      'Seeders that became leechers.',
      plain(activity.seedersReverted),
    ),
    gauge(named('torrents_total'), 'Torrents in memory.', plain(figures.torrents)),
    gauge(
      named('torrents_inactive_total'),
      'Torrents without an announce within the peer timeout.',
      plain(inactivity.inactiveTorrents),
    ),
    gauge(named('peer_connections_total'), 'Peers in all swarms.', byRole(figures)),
    gauge(
      named('peers_inactive_total'),
      'Peers that have not announced within the peer timeout.',
      plain(inactivity.inactivePeers),
    ),
  ]
}

function downloadMetrics({ completed, completedThisRun, completedPersisted }: ShownFigures): readonly Metric[] {
  return [
    counter(
      'tracker_core_persistent_torrents_downloads_total',
      'Deprecated: completed downloads, of all runs when they are persisted.',
      plain(completed),
    ),
    counter(
      'tracker_core_in_session_torrents_downloads_total',
      'Completed downloads since the start.',
      plain(completedThisRun),
    ),
    counter(
      'tracker_core_persisted_torrents_downloads_total',
      'Completed downloads of all runs.',
      completedPersisted === undefined ? [] : plain(completedPersisted),
    ),
  ]
}

function httpMetrics({ counters }: ShownFigures): readonly Metric[] {
  return [
    counter('http_tracker_core_requests_received_total', 'Requests over HTTP.', [
      ...byFamily(counters.http4_announces, counters.http6_announces, { request_kind: 'announce' }),
      ...byFamily(counters.http4_scrapes, counters.http6_scrapes, { request_kind: 'scrape' }),
    ]),
  ]
}

function udpMetrics({ counters }: ShownFigures): readonly Metric[] {
  const requests = [
    ...overUdp(counters.udp4_announces, counters.udp6_announces, 'announce'),
    ...overUdp(counters.udp4_connects, counters.udp6_connects, 'connect'),
    ...overUdp(counters.udp4_scrapes, counters.udp6_scrapes, 'scrape'),
  ]
  const announceErrors = overUdp(counters.udp4_announce_errors, counters.udp6_announce_errors, 'announce')
  const scrapeErrors = overUdp(counters.udp4_scrape_errors, counters.udp6_scrape_errors, 'scrape')
  const errors = [
    ...overUdp(counters.udp4_other_errors, counters.udp6_other_errors),
    ...announceErrors,
    ...scrapeErrors,
  ]
  const ok = [
    ...overUdp(counters.udp4_announces_answered, counters.udp6_announces_answered, 'announce'),
    ...overUdp(counters.udp4_connects, counters.udp6_connects, 'connect'),
    ...overUdp(counters.udp4_scrapes, counters.udp6_scrapes, 'scrape'),
  ]
  const times = {
    announce: mean(counters.udp_announce_nanoseconds, counters.udp_announces_timed),
    connect: mean(counters.udp_connect_nanoseconds, counters.udp_connects_timed),
    scrape: mean(counters.udp_scrape_nanoseconds, counters.udp_scrapes_timed),
  }
  const timed = {
    announce: counters.udp_announces_timed,
    connect: counters.udp_connects_timed,
    scrape: counters.udp_scrapes_timed,
  }
  return [
    counter('udp_tracker_core_requests_received_total', 'Requests over UDP.', requests),
    counter('udp_tracker_server_requests_aborted_total', 'Always 0: no request is aborted.', plain(0)),
    counter('udp_tracker_server_requests_banned_total', 'Always 0: Muster bans no one.', plain(0)),
    counter(
      'udp_tracker_server_requests_discarded_total',
      'Datagrams dropped without an answer.',
      plain(discardedDatagrams(counters)),
    ),
    counter(
      'udp_tracker_server_connection_id_errors_total',
      'Requests with an expired or foreign connection id.',
      plain(counters.udp_connection_id_mismatches),
    ),
    counter(
      'udp_tracker_server_requests_received_total',
      'Datagrams received.',
      overUdp(counters.udp4_datagrams_received, counters.udp6_datagrams_received),
    ),
    counter('udp_tracker_server_requests_accepted_total', 'Well-formed requests.', requests),
    counter('udp_tracker_server_responses_sent_total', 'Replies.', [
      ...errors.map((sample) => withLabel(sample, 'result', 'error')),
      ...ok.map((sample) => withLabel(sample, 'result', 'ok')),
    ]),
    counter('udp_tracker_server_errors_total', 'Requests answered with an error.', errors),
    counter(
      'udp_tracker_server_performance_avg_processed_requests_total',
      'Requests that the average time is based on.',
      samplesBy('request_kind', timed),
    ),
    gauge('udp_tracker_server_ips_banned_total', 'Always 0: Muster bans no one.', plain(0)),
    {
      ...gauge(
        'udp_tracker_server_performance_avg_processing_time_ns',
        'Average time to answer a request.',
        samplesBy('request_kind', times),
      ),
      unit: 'nanoseconds',
    },
  ]
}

function withLabel({ value, labels }: MetricSample, name: string, text: string): MetricSample {
  return {
    value,
    labels: Object.fromEntries(
      Object.entries({ ...labels, [name]: text }).sort(([one], [other]) => (one < other ? -1 : 1)),
    ),
  }
}

/** Counters first, then gauges. */
function metricsOf(figures: ShownFigures, inactivity: ShownInactivity): readonly Metric[] {
  const all = [
    ...swarmMetrics(figures, inactivity),
    ...downloadMetrics(figures),
    ...httpMetrics(figures),
    ...udpMetrics(figures),
  ].filter(({ samples }) => samples.length > 0)
  return [...all.filter(({ type }) => type === 'counter'), ...all.filter(({ type }) => type === 'gauge')]
}

/** A gauge is a floating-point number, and looks like one. */
function writeValue(type: Metric['type'], value: number): string {
  return type === 'gauge' ? value.toFixed(1) : `${value}`
}

export function writeMetricsJson(figures: ShownFigures, inactivity: ShownInactivity, nowSeconds: number): string {
  const at = new Date(nowSeconds * 1000).toISOString().replace(/\.\d+Z$/, '+00:00')
  const metrics = metricsOf(figures, inactivity).map(({ type, name, unit = 'count', help, samples }) => {
    const rows = samples.map(({ value, labels }) => {
      const pairs = Object.entries(labels).map(([label, text]) => ({ name: label, value: text }))
      return `{"value":${writeValue(type, value)},"recorded_at":"${at}","labels":${JSON.stringify(pairs)}}`
    })
    const head = `"type":"${type}","name":"${name}","unit":"${unit}","description":${JSON.stringify(help)}`
    return `{${head},"samples":[${rows.join(',')}]}`
  })
  return `{"metrics":[${metrics.join(',')}]}`
}

/** Families are separated by a blank line. Torrust has no line end at the end, which `promtool check metrics` rejects. */
export function writeMetricsText(figures: ShownFigures, inactivity: ShownInactivity): string {
  return `${metricsOf(figures, inactivity).map(writeFamily).join('\n\n')}\n`
}
