// `GET metrics`: Torrust's labelled metrics, as JSON or as Prometheus text. There are those whose figures the tracker has, each with
// the labels that it can tell; a metric without figures is left out.

import type { StatisticsSnapshot } from '../../../../domain/ports/inbound/statistics.ts'
import { discardedDatagrams } from './stats-writer.ts'

interface Sample {
  readonly value: number
  /** In the order of the labels' names. */
  readonly labels: Readonly<Record<string, string>>
}

interface Metric {
  readonly type: 'counter' | 'gauge'
  readonly name: string
  readonly description: string
  readonly samples: readonly Sample[]
}

const plain = (value: number): readonly Sample[] => [{ value, labels: {} }]

const samplesBy = (label: string, values: Readonly<Record<string, number>>): readonly Sample[] =>
  Object.entries(values).map(([name, value]) => ({ value, labels: { [label]: name } }))

const counter = (name: string, description: string, samples: readonly Sample[]): Metric => ({
  type: 'counter',
  name,
  description,
  samples,
})

const gauge = (name: string, description: string, samples: readonly Sample[]): Metric => ({
  type: 'gauge',
  name,
  description,
  samples,
})

const swarmMetrics = (snapshot: StatisticsSnapshot): readonly Metric[] => {
  const { torrents, seeders, leechers } = snapshot
  const roles = samplesBy('peer_role', { leecher: leechers, seeder: seeders })
  return [
    counter(
      'swarm_coordination_registry_torrents_downloads_total',
      'Completed downloads since the start.',
      plain(snapshot.completedThisRun),
    ),
    gauge('swarm_coordination_registry_torrents_total', 'Torrents in memory.', plain(torrents)),
    gauge('swarm_coordination_registry_peer_connections_total', 'Places that peers take in swarms.', roles),
  ]
}

const downloadMetrics = ({
  completed,
  completedThisRun,
  completedPersisted,
}: StatisticsSnapshot): readonly Metric[] => [
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

const httpMetrics = ({ counters }: StatisticsSnapshot): readonly Metric[] => [
  counter(
    'http_tracker_core_requests_received_total',
    'Requests over HTTP.',
    samplesBy('request_kind', { announce: counters.http_announces, scrape: counters.http_scrapes }),
  ),
]

const udpMetrics = (snapshot: StatisticsSnapshot): readonly Metric[] => {
  const { counters } = snapshot
  const requests = samplesBy('request_kind', {
    announce: counters.udp_announces,
    connect: counters.udp_connects,
    scrape: counters.udp_scrapes,
  })
  const ok = Math.max(0, counters.udp_replies_sent - counters.udp_errors_sent)
  return [
    counter('udp_tracker_core_requests_received_total', 'Requests over UDP.', requests),
    counter(
      'udp_tracker_server_requests_discarded_total',
      'Datagrams that were dropped unanswered.',
      plain(discardedDatagrams(snapshot)),
    ),
    counter(
      'udp_tracker_server_connection_id_errors_total',
      'Requests with a connection id that is old or of somebody else.',
      plain(counters.udp_connection_id_mismatches),
    ),
    counter(
      'udp_tracker_server_requests_received_total',
      'Datagrams received.',
      plain(counters.udp_datagrams_received),
    ),
    counter('udp_tracker_server_requests_accepted_total', 'Requests that were well formed.', requests),
    counter(
      'udp_tracker_server_responses_sent_total',
      'Replies sent.',
      samplesBy('result', { error: counters.udp_errors_sent, ok }),
    ),
    counter('udp_tracker_server_errors_total', 'Requests answered with an error.', plain(counters.udp_errors_sent)),
  ]
}

/** Counters first, then gauges. */
const metricsOf = (snapshot: StatisticsSnapshot): readonly Metric[] => {
  const all = [swarmMetrics, downloadMetrics, httpMetrics, udpMetrics]
    .flatMap((metrics) => metrics(snapshot))
    .filter(({ samples }) => samples.length > 0)
  return [...all.filter(({ type }) => type === 'counter'), ...all.filter(({ type }) => type === 'gauge')]
}

/** A gauge is a floating-point number, and looks like one. */
const writeValue = (type: Metric['type'], value: number): string => (type === 'gauge' ? value.toFixed(1) : `${value}`)

export const writeMetricsJson = (snapshot: StatisticsSnapshot, nowSeconds: number): string => {
  const at = new Date(nowSeconds * 1000).toISOString().replace(/\.\d+Z$/, '+00:00')
  const metrics = metricsOf(snapshot).map(({ type, name, description, samples }) => {
    const rows = samples.map(({ value, labels }) => {
      const pairs = Object.entries(labels).map(([label, text]) => ({ name: label, value: text }))
      return `{"value":${writeValue(type, value)},"recorded_at":"${at}","labels":${JSON.stringify(pairs)}}`
    })
    const head = `"type":"${type}","name":"${name}","unit":"count","description":${JSON.stringify(description)}`
    return `{${head},"samples":[${rows.join(',')}]}`
  })
  return `{"metrics":[${metrics.join(',')}]}`
}

/** Labels are constants of this file: nothing in them needs escaping. */
const writeLabels = (labels: Readonly<Record<string, string>>): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

export const writeMetricsText = (snapshot: StatisticsSnapshot): string =>
  metricsOf(snapshot)
    .map(({ type, name, description, samples }) =>
      [
        `# HELP ${name} ${description}`,
        `# TYPE ${name} ${type}`,
        ...samples.map(({ value, labels }) => `${name}${writeLabels(labels)} ${value}`),
      ].join('\n'),
    )
    .join('\n\n')
