// Torrust's metrics of requests, by listener. Those without labels of a listener there are totals here too.

import type { MetricSample } from '../../exposition.ts'
import type { ShownFigures, ShownListener } from './figures.ts'
import { type ByFamily, type OwnLabels, sampleOf, samplesOf } from './listener-samples.ts'
import { type Metric, plain, torrustCounter, torrustGauge } from './metric.ts'
import { discardedDatagrams, mean } from './stats-writer.ts'

type Samples = readonly MetricSample[]

export function httpMetrics({ listeners }: ShownFigures): readonly Metric[] {
  const http = listeners.filter(({ protocol }) => protocol !== 'udp')
  const requests = http.flatMap((listener): Samples => {
    const { counters } = listener
    return [
      ...samplesOf(listener, [counters.http4_announces, counters.http6_announces], { request_kind: 'announce' }),
      ...samplesOf(listener, [counters.http4_scrapes, counters.http6_scrapes], { request_kind: 'scrape' }),
    ]
  })
  return [torrustCounter('http_tracker_core_requests_received_total', 'Requests over HTTP.', requests)]
}

export function udpMetrics({ addressesWithIdErrors, counters, listeners }: ShownFigures): readonly Metric[] {
  const udp = listeners.filter(({ protocol }) => protocol === 'udp')
  const byListener = (samples: (listener: ShownListener) => Samples): Samples => udp.flatMap(samples)
  const none = byListener((listener) => [sampleOf(listener, 0)])
  const named = (name: string): string => `udp_tracker_server_${name}`
  return [
    torrustCounter('udp_tracker_core_requests_received_total', 'Requests over UDP.', byListener(requestsOf)),
    torrustCounter(named('requests_aborted_total'), 'Always 0: no request is aborted.', none),
    torrustCounter(
      named('requests_banned_total'),
      'Datagrams of banned addresses.',
      byListener((listener) => [sampleOf(listener, listener.counters.udp_requests_banned)]),
    ),
    torrustCounter(
      named('requests_discarded_total'),
      'Datagrams dropped without an answer.',
      plain(discardedDatagrams(counters)),
    ),
    torrustCounter(
      named('connection_id_errors_total'),
      'Requests with an expired or foreign connection id.',
      plain(counters.udp_connection_id_mismatches),
    ),
    torrustCounter(named('requests_received_total'), 'Datagrams received.', byListener(receivedBy)),
    torrustCounter(named('requests_accepted_total'), 'Well-formed requests.', byListener(requestsOf)),
    torrustCounter(named('responses_sent_total'), 'Replies.', [
      ...byListener((listener) => errorsOf(listener, { result: 'error' })),
      ...byListener(answersOf),
    ]),
    torrustCounter(named('errors_total'), 'Requests answered with an error.', byListener(errorsOf)),
    torrustCounter(
      named('performance_avg_processed_requests_total'),
      'Requests that the average time is based on.',
      byListener((listener) => timingsOf(listener).map(({ kind, times }) => sampleOf(listener, times, kind))),
    ),
    torrustGauge(
      named('ips_banned_total'),
      'Addresses with at least one wrong connection id since these were last cleared.',
      plain(addressesWithIdErrors),
    ),
    {
      ...torrustGauge(
        named('performance_avg_processing_time_ns'),
        'Average time to answer a request.',
        byListener(averageTimesOf),
      ),
      unit: 'nanoseconds',
    },
  ]
}

function receivedBy(listener: ShownListener): Samples {
  const { counters } = listener
  return samplesOf(listener, [counters.udp4_datagrams_received, counters.udp6_datagrams_received])
}

function requestsOf(listener: ShownListener): Samples {
  const { counters } = listener
  return byKind(listener, [counters.udp4_announces, counters.udp6_announces])
}

function answersOf(listener: ShownListener): Samples {
  const { counters } = listener
  return byKind(listener, [counters.udp4_announces_answered, counters.udp6_announces_answered], { result: 'ok' })
}

/** Connects and scrapes are always answered, announces are not. */
function byKind(listener: ShownListener, announces: ByFamily, own: OwnLabels = {}): Samples {
  const { counters } = listener
  return [
    ...samplesOf(listener, announces, { ...own, request_kind: 'announce' }),
    ...samplesOf(listener, [counters.udp4_connects, counters.udp6_connects], { ...own, request_kind: 'connect' }),
    ...samplesOf(listener, [counters.udp4_scrapes, counters.udp6_scrapes], { ...own, request_kind: 'scrape' }),
  ]
}

/** Those of unknown actions have no kind. */
function errorsOf(listener: ShownListener, own: OwnLabels = {}): Samples {
  const { counters } = listener
  const announces: ByFamily = [counters.udp4_announce_errors, counters.udp6_announce_errors]
  const scrapes: ByFamily = [counters.udp4_scrape_errors, counters.udp6_scrape_errors]
  return [
    ...samplesOf(listener, [counters.udp4_other_errors, counters.udp6_other_errors], own),
    ...samplesOf(listener, announces, { ...own, request_kind: 'announce' }),
    ...samplesOf(listener, scrapes, { ...own, request_kind: 'scrape' }),
  ]
}

interface Timing {
  readonly kind: OwnLabels
  readonly times: number
  readonly nanoseconds: number
}

function timingsOf({ counters }: ShownListener): readonly Timing[] {
  return [
    {
      kind: { request_kind: 'announce' },
      times: counters.udp_announces_timed,
      nanoseconds: counters.udp_announce_nanoseconds,
    },
    {
      kind: { request_kind: 'connect' },
      times: counters.udp_connects_timed,
      nanoseconds: counters.udp_connect_nanoseconds,
    },
    {
      kind: { request_kind: 'scrape' },
      times: counters.udp_scrapes_timed,
      nanoseconds: counters.udp_scrape_nanoseconds,
    },
  ]
}

/** Without what has not been timed: a 0 would lower the average over listeners. */
function averageTimesOf(listener: ShownListener): Samples {
  return timingsOf(listener)
    .filter(({ times }) => times !== 0)
    .map(({ kind, times, nanoseconds }) => sampleOf(listener, mean(nanoseconds, times), kind))
}
