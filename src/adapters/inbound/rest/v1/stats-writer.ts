// `GET stats`: one flat record, as JSON or one `name value` a line.

import type { StatisticsSnapshot } from '../../../../domain/ports/inbound/statistics.ts'

/**
 * Names and order are Torrust's. What is not counted is 0. Requests are not counted by address family: those of both stand under
 * version 4, so that sums over both are right.
 */
const statsOf = (snapshot: StatisticsSnapshot): Readonly<Record<string, number | boolean>> => {
  const { counters } = snapshot
  return {
    torrents: snapshot.torrents,
    seeders: snapshot.seeders,
    completed: snapshot.completed,
    completed_in_session: snapshot.completedThisRun,
    completed_persisted: snapshot.completedPersisted ?? 0,
    completed_persisted_enabled: snapshot.completedPersisted !== undefined,
    leechers: snapshot.leechers,
    tcp4_connections_handled: counters.http_announces + counters.http_scrapes,
    tcp4_announces_handled: counters.http_announces,
    tcp4_scrapes_handled: counters.http_scrapes,
    tcp6_connections_handled: 0,
    tcp6_announces_handled: 0,
    tcp6_scrapes_handled: 0,
    udp_requests_discarded: discardedDatagrams(snapshot),
    udp_requests_aborted: 0,
    udp_requests_banned: 0,
    udp_banned_ips_total: 0,
    udp_avg_connect_processing_time_ns: 0,
    udp_avg_announce_processing_time_ns: 0,
    udp_avg_scrape_processing_time_ns: 0,
    udp4_requests: counters.udp_datagrams_received,
    udp4_connections_handled: counters.udp_connects,
    udp4_announces_handled: counters.udp_announces,
    udp4_scrapes_handled: counters.udp_scrapes,
    udp4_responses: counters.udp_replies_sent,
    udp4_errors_handled: counters.udp_errors_sent,
    udp6_requests: 0,
    udp6_connections_handled: 0,
    udp6_announces_handled: 0,
    udp6_scrapes_handled: 0,
    udp6_responses: 0,
    udp6_errors_handled: 0,
  }
}

/** Datagrams that got silence because no client of ours can have sent them. */
export const discardedDatagrams = ({ counters }: StatisticsSnapshot): number =>
  counters.udp_datagrams_from_port_zero + counters.udp_datagrams_too_short + counters.udp_datagrams_with_wrong_magic

export const writeStatsJson = (snapshot: StatisticsSnapshot): string => JSON.stringify(statsOf(snapshot))

/** Without HELP and TYPE. True is 1: of a text with `true` in it Prometheus would take nothing at all. */
export const writeStatsLines = (snapshot: StatisticsSnapshot): string =>
  Object.entries(statsOf(snapshot))
    .map(([name, value]) => `${name} ${Number(value)}`)
    .join('\n')
