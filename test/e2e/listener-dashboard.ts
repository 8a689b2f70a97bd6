// The queries of a dashboard in the manner of those that Torrust's operators use: by port, by family, by kind. The
// ports are those of four listeners, over UDP and HTTP, IPv4 and IPv6.

import type { Expectation } from './series.ts'

export interface Ports {
  readonly udp4: string
  readonly udp6: string
  readonly http4: string
  readonly http6: string
}

const KINDS = ['announce', 'connect', 'scrape'].map((kind) => ({ request_kind: kind }))

export function dashboardQueries({ udp4, udp6, http4, http6 }: Ports): readonly (Expectation & { title: string })[] {
  const portsOf = (...ports: string[]) => ports.map((port) => ({ server_binding_port: port }))
  const families = ['inet', 'inet6'].map((family) => ({ server_binding_address_ip_family: family }))
  const onUdp4 = `server_binding_protocol="udp",server_binding_port="${udp4}"`
  return [
    {
      title: 'UDP requests per second, one listener',
      query: `sum(rate(udp_tracker_server_requests_received_total{${onUdp4}}[5m]))`,
      finds: [{}],
    },
    {
      title: 'UDP requests per second, by listener',
      query: 'sum by (server_binding_port) (rate(udp_tracker_server_requests_received_total[5m]))',
      finds: portsOf(udp4, udp6),
    },
    {
      title: 'UDP announces per second, by family of the listener',
      query:
        'sum by (server_binding_address_ip_family) (rate(udp_tracker_server_requests_accepted_total{request_kind="announce"}[5m]))',
      finds: families,
    },
    {
      title: 'UDP announces per second, by family of the client',
      query:
        'sum by (client_address_ip_family) (rate(udp_tracker_core_requests_received_total{request_kind="announce",client_address_ip_type="plain"}[5m]))',
      finds: [{ client_address_ip_family: 'inet' }, { client_address_ip_family: 'inet6' }],
    },
    {
      title: 'UDP requests by kind, one listener',
      query: `sum by (request_kind) (increase(udp_tracker_core_requests_received_total{${onUdp4}}[1h]))`,
      finds: KINDS,
    },
    {
      title: 'UDP replies by result',
      query: 'sum by (result, server_binding_port) (increase(udp_tracker_server_responses_sent_total[1h]))',
      finds: [udp4, udp6].flatMap((port) => ['ok', 'error'].map((result) => ({ result, server_binding_port: port }))),
    },
    {
      title: 'UDP errors in an hour, one listener',
      query: `sum(increase(udp_tracker_server_errors_total{${onUdp4}}[1h]))`,
      finds: [{}],
    },
    {
      title: 'UDP requests that were not aborted',
      query: `1 - sum by (server_binding_port) (increase(udp_tracker_server_requests_aborted_total{${onUdp4}}[1h]))`,
      finds: portsOf(udp4),
    },
    {
      title: 'UDP requests that were not banned',
      query:
        '1 - sum by (server_binding_address_ip_family) (increase(udp_tracker_server_requests_banned_total{server_binding_address_ip_type="plain"}[1h]))',
      finds: families,
    },
    {
      title: 'time to process a UDP request, by kind',
      query: 'avg by (request_kind) (udp_tracker_server_performance_avg_processing_time_ns)',
      finds: KINDS,
    },
    {
      title: 'time to process a UDP announce, by listener',
      query:
        'max by (server_binding_ip, server_binding_port) (udp_tracker_server_performance_avg_processing_time_ns{request_kind="announce"}) / 1000',
      finds: [
        { server_binding_ip: '127.0.0.1', server_binding_port: udp4 },
        { server_binding_ip: '::1', server_binding_port: udp6 },
      ],
    },
    {
      title: 'timed UDP requests, by listener',
      query: 'sum by (server_binding_port) (increase(udp_tracker_server_performance_avg_processed_requests_total[1h]))',
      finds: portsOf(udp4, udp6),
    },
    {
      title: 'HTTP requests per second, one listener',
      query: `sum(rate(http_tracker_core_requests_received_total{server_binding_protocol="http",server_binding_port="${http4}"}[5m]))`,
      finds: [{}],
    },
    {
      title: 'HTTP announces per second, by listener',
      query:
        'sum by (server_binding_port) (rate(http_tracker_core_requests_received_total{request_kind="announce"}[5m]))',
      finds: portsOf(http4, http6),
    },
    {
      title: 'HTTP requests, by family of the listener',
      query: 'sum by (server_binding_address_ip_family) (http_tracker_core_requests_received_total)',
      finds: families,
    },
    {
      title: 'requests of all listeners, by protocol',
      query:
        'sum by (server_binding_protocol) (rate({__name__=~"(http|udp)_tracker_core_requests_received_total"}[5m]))',
      finds: [{ server_binding_protocol: 'http' }, { server_binding_protocol: 'udp' }],
    },
  ]
}
