// What the UDP listeners count and measure. Counters of both address families stand in pairs, IPv4 first, so that the
// one for a client is found by adding its `Family`: `Counter.udp4_announces + family`.

import { seconds } from './seconds.ts'

/** Statistics of requests, which an operator may turn off. */
export const UDP_REQUEST_COUNTERS = [
  /** Datagrams received, of whatever kind. */
  'udp4_datagrams_received',
  'udp6_datagrams_received',
  /** Connects, announces and scrapes that were well formed and proven. */
  'udp4_connects',
  'udp6_connects',
  'udp4_announces',
  'udp6_announces',
  'udp4_scrapes',
  'udp6_scrapes',
  /** Those announces that were answered with peers. */
  'udp4_announces_answered',
  'udp6_announces_answered',
  /** Errors sent, by what was asked for; other: an unknown action. */
  'udp4_announce_errors',
  'udp6_announce_errors',
  'udp4_scrape_errors',
  'udp6_scrape_errors',
  'udp4_other_errors',
  'udp6_other_errors',
  /** Replies, errors among them, that the operating system has taken. */
  'udp4_replies_sent',
  'udp6_replies_sent',
  /** Requests in batches whose time was taken, and the time that they took, by kind. */
  'udp_connects_timed',
  'udp_announces_timed',
  'udp_scrapes_timed',
  'udp_connect_nanoseconds',
  'udp_announce_nanoseconds',
  'udp_scrape_nanoseconds',
] as const

/** Always counted. */
export const UDP_COUNTERS = [
  /** Datagrams dropped unanswered. From nowhere: from an address that no client can have, or one of our own. */
  'udp_datagrams_too_short',
  'udp_datagrams_from_port_zero',
  'udp_datagrams_with_wrong_magic',
  'udp_datagrams_from_nowhere',
  /** Requests that were no good. */
  'udp_connection_id_mismatches',
  'udp_malformed_requests',
  'udp_unknown_actions',
  /** System calls that failed, and datagrams that the kernel dropped for want of room. */
  'udp_send_failures',
  'udp_receive_failures',
  'udp_kernel_drops',
  'udp_batches',
  /** Without headers of IP and UDP. */
  'udp_bytes_received',
  'udp_bytes_sent',
] as const

export const UDP_HISTOGRAMS = {
  /** Handling one datagram: the time of its batch, from taken in to answers ready, shared out evenly. */
  udp_handling: seconds(0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096),
  /** Datagrams in a batch. */
  udp_batch_datagrams: [1, 2, 4, 8, 16, 32, 63, 64],
} as const
