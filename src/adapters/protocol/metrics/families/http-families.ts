// Counters of the HTTP listeners and of certificates.

import type { MetricFamily } from '../../exposition.ts'
import type { CounterTotals } from '../counters.ts'
import { by, counter, ofFamily, sample } from './build-family.ts'

export function httpFamilies(counters: CounterTotals): readonly MetricFamily[] {
  return [
    counter('http_requests_total', 'Requests of any kind over HTTP and HTTPS.', sample(counters.http_requests)),
    counter(
      'http_tracker_requests_total',
      'Announces and scrapes over HTTP and HTTPS.',
      ...ofFamily(counters.http4_announces, counters.http6_announces, { kind: 'announce' }),
      ...ofFamily(counters.http4_scrapes, counters.http6_scrapes, { kind: 'scrape' }),
    ),
    counter(
      'http_failures_total',
      'Announces and scrapes over HTTP answered with a failure reason.',
      sample(counters.http_failures),
    ),
    counter(
      'http_rate_limited_total',
      'Announces and scrapes over HTTP answered with `slow down` because their source was over its rate.',
      sample(counters.http_rate_limited),
    ),
    counter(
      'http_rejects_total',
      'Rejected HTTP requests and connections, by reason.',
      ...by('reason', {
        banned: counters.http_requests_banned,
        connection_error: counters.http_connection_errors,
        connection_limit: counters.http_connections_refused,
        request: counters.http_rejected_requests,
      }),
    ),
    counter(
      'http_connections_displaced_total',
      'HTTP connections closed to make room for others, by the limit that was reached.',
      ...by('limit', {
        address: counters.http_connections_displaced_by_address,
        prefix: counters.http_connections_displaced_by_prefix,
        total: counters.http_connections_displaced_by_total,
      }),
    ),
    counter(
      'http_accept_pauses_total',
      'Times that no HTTP connection could be accepted, for want of file descriptors or memory.',
      sample(counters.http_accept_pauses),
    ),
    counter(
      'http_sent_bytes_total',
      'Bytes of announce and scrape replies over HTTP.',
      sample(counters.http_bytes_sent),
    ),
    counter(
      'tls_reloads_total',
      'Reloads of certificates, by result.',
      ...by('result', { error: counters.tls_reload_failures, ok: counters.tls_reloads }),
    ),
  ]
}
