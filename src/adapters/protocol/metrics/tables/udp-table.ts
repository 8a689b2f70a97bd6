// Counters and histograms of the UDP listeners. Counters for both address families are in pairs, IPv4 first, so that
// the one for a client is found by adding its `Family`: `Counter.udp4_announces + family`.

import { seconds } from './seconds.ts'

/** Request statistics, which the operator can turn off. */
export const UDP_REQUEST_COUNTERS = [
  /** Datagrams received, of any kind. */
  'udp4_datagrams_received',
  'udp6_datagrams_received',
  /** Well-formed connects, and well-formed announces and scrapes with a valid connection id. */
  'udp4_connects',
  'udp6_connects',
  'udp4_announces',
  'udp6_announces',
  'udp4_scrapes',
  'udp6_scrapes',
  /** Announces that were answered with an announce reply. */
  'udp4_announces_answered',
  'udp6_announces_answered',
  /** Error replies, by kind of request; other: an unknown action. */
  'udp4_announce_errors',
  'udp6_announce_errors',
  'udp4_scrape_errors',
  'udp6_scrape_errors',
  'udp4_other_errors',
  'udp6_other_errors',
  /** Replies accepted by the operating system, including errors. */
  'udp4_replies_sent',
  'udp6_replies_sent',
  /** Requests in timed batches, and their total time, by kind. */
  'udp_connects_timed',
  'udp_announces_timed',
  'udp_scrapes_timed',
  'udp_connect_nanoseconds',
  'udp_announce_nanoseconds',
  'udp_scrape_nanoseconds',
] as const

/** Always counted. */
export const UDP_COUNTERS = [
  /** Datagrams dropped without a reply. From nowhere: an address that no client can have, or one of our own. */
  'udp_datagrams_too_short',
  'udp_datagrams_from_port_zero',
  'udp_datagrams_with_wrong_magic',
  'udp_datagrams_from_nowhere',
  /** Invalid requests. */
  'udp_connection_id_mismatches',
  'udp_malformed_requests',
  'udp_unknown_actions',
  /** Datagrams of banned addresses, dropped. */
  'udp_requests_banned',
  /** Requests dropped, and errors not sent, because their source was over its rate. */
  'udp_rate_limited',
  'udp_errors_withheld',
  /** Connects dropped because the receive buffer was filling up. */
  'udp_connects_shed',
  /** Failed system calls, and datagrams that the kernel dropped because the receive buffer was full. */
  'udp_send_failures',
  'udp_receive_failures',
  'udp_kernel_drops',
  /** Datagrams that the kernel dropped during a flood because they are no requests. */
  'udp_kernel_filtered',
  /** The same, because their proven source was far above its rate. */
  'udp_kernel_filtered_loud',
  'udp_batches',
  /** Without IP and UDP headers. */
  'udp_bytes_received',
  'udp_bytes_sent',
] as const

export const UDP_HISTOGRAMS = {
  /** Time per datagram: the time of its batch, from received to replies ready, divided evenly. */
  udp_handling: seconds(0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096),
  /** Datagrams in a batch. */
  udp_batch_datagrams: [1, 2, 4, 8, 16, 32, 63, 64],
} as const
