// `GET stats`: one flat record, as JSON or as `name value` lines.

import type { ShownCounters, ShownFigures } from './figures.ts'

/** Names and order are Torrust's. No request is ever aborted: a datagram is answered before the next one is read. */
function statsOf(figures: ShownFigures): Readonly<Record<string, number | boolean>> {
  const { counters } = figures
  return {
    torrents: figures.torrents,
    seeders: figures.seeders,
    completed: figures.completed,
    completed_in_session: figures.completedThisRun,
    completed_persisted: figures.completedPersisted ?? 0,
    completed_persisted_enabled: figures.completedPersisted !== undefined,
    leechers: figures.leechers,
    tcp4_connections_handled: counters.http4_announces + counters.http4_scrapes,
    tcp4_announces_handled: counters.http4_announces,
    tcp4_scrapes_handled: counters.http4_scrapes,
    tcp6_connections_handled: counters.http6_announces + counters.http6_scrapes,
    tcp6_announces_handled: counters.http6_announces,
    tcp6_scrapes_handled: counters.http6_scrapes,
    udp_requests_discarded: discardedDatagrams(counters),
    udp_requests_aborted: 0,
    udp_requests_banned: counters.udp_requests_banned,
    // Not those that are banned: Torrust counts all that may be.
    udp_banned_ips_total: figures.addressesWithIdErrors,
    udp_avg_connect_processing_time_ns: mean(counters.udp_connect_nanoseconds, counters.udp_connects_timed),
    udp_avg_announce_processing_time_ns: mean(counters.udp_announce_nanoseconds, counters.udp_announces_timed),
    udp_avg_scrape_processing_time_ns: mean(counters.udp_scrape_nanoseconds, counters.udp_scrapes_timed),
    udp4_requests: counters.udp4_datagrams_received,
    udp4_connections_handled: counters.udp4_connects,
    udp4_announces_handled: counters.udp4_announces,
    udp4_scrapes_handled: counters.udp4_scrapes,
    udp4_responses: counters.udp4_replies_sent,
    udp4_errors_handled: counters.udp4_announce_errors + counters.udp4_scrape_errors + counters.udp4_other_errors,
    udp6_requests: counters.udp6_datagrams_received,
    udp6_connections_handled: counters.udp6_connects,
    udp6_announces_handled: counters.udp6_announces,
    udp6_scrapes_handled: counters.udp6_scrapes,
    udp6_responses: counters.udp6_replies_sent,
    udp6_errors_handled: counters.udp6_announce_errors + counters.udp6_scrape_errors + counters.udp6_other_errors,
  }
}

/** Whole nanoseconds; 0 if nothing has been timed. */
export function mean(nanoseconds: number, times: number): number {
  return times === 0 ? 0 : Math.round(nanoseconds / times)
}

/** Datagrams dropped without an answer, because no client can have sent them. */
export function discardedDatagrams(counters: ShownCounters): number {
  return (
    counters.udp_datagrams_from_port_zero +
    counters.udp_datagrams_from_nowhere +
    counters.udp_datagrams_too_short +
    counters.udp_datagrams_with_wrong_magic
  )
}

export function writeStatsJson(figures: ShownFigures): string {
  return JSON.stringify(statsOf(figures))
}

/** Without HELP and TYPE. True is 1: Prometheus would reject a text with `true` in it. */
export function writeStatsLines(figures: ShownFigures): string {
  return Object.entries(statsOf(figures))
    .map(([name, value]) => `${name} ${Number(value)}`)
    .join('\n')
}
