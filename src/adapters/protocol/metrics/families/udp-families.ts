// Counters of the UDP listeners.

import type { MetricFamily } from '../../exposition.ts'
import type { CounterTotals } from '../counters.ts'
import { by, counter, ofFamily, sample } from './build-family.ts'

export function udpFamilies(counters: CounterTotals): readonly MetricFamily[] {
  return [
    counter(
      'udp_datagrams_received_total',
      'Datagrams received over UDP.',
      ...ofFamily(counters.udp4_datagrams_received, counters.udp6_datagrams_received),
    ),
    counter(
      'udp_requests_total',
      'Well-formed requests over UDP, with a valid connection id except for connects, by kind.',
      ...ofFamily(counters.udp4_announces, counters.udp6_announces, { kind: 'announce' }),
      ...ofFamily(counters.udp4_connects, counters.udp6_connects, { kind: 'connect' }),
      ...ofFamily(counters.udp4_scrapes, counters.udp6_scrapes, { kind: 'scrape' }),
    ),
    counter(
      'udp_replies_sent_total',
      'Replies over UDP accepted by the operating system, including errors.',
      ...ofFamily(counters.udp4_replies_sent, counters.udp6_replies_sent),
    ),
    counter(
      'udp_errors_total',
      'Error replies over UDP, by kind of request.',
      ...ofFamily(counters.udp4_announce_errors, counters.udp6_announce_errors, { kind: 'announce' }),
      ...ofFamily(counters.udp4_other_errors, counters.udp6_other_errors, { kind: 'other' }),
      ...ofFamily(counters.udp4_scrape_errors, counters.udp6_scrape_errors, { kind: 'scrape' }),
    ),
    counter(
      'udp_rejects_total',
      'Rejected datagrams, by reason.',
      ...by('reason', {
        banned: counters.udp_requests_banned,
        connection_id: counters.udp_connection_id_mismatches,
        magic: counters.udp_datagrams_with_wrong_magic,
        malformed: counters.udp_malformed_requests,
        port_zero: counters.udp_datagrams_from_port_zero,
        rate: counters.udp_rate_limited,
        source: counters.udp_datagrams_from_nowhere,
        too_short: counters.udp_datagrams_too_short,
        unknown_action: counters.udp_unknown_actions,
      }),
    ),
    counter(
      'udp_errors_withheld_total',
      'Error replies over UDP that were not sent because their source was over its rate.',
      sample(counters.udp_errors_withheld),
    ),
    counter(
      'udp_kernel_drops_total',
      'Datagrams that the kernel dropped because the receive buffer was full.',
      sample(counters.udp_kernel_drops),
    ),
    counter(
      'udp_kernel_filtered_total',
      'Datagrams that the kernel dropped during a flood because they are no requests.',
      sample(counters.udp_kernel_filtered),
    ),
    counter(
      'udp_kernel_filtered_loud_total',
      'Datagrams that the kernel dropped because their proven source was far above its rate.',
      sample(counters.udp_kernel_filtered_loud),
    ),
    counter(
      'udp_connects_shed_total',
      'Connects dropped because the receive buffer was filling up.',
      sample(counters.udp_connects_shed),
    ),
    counter(
      'udp_socket_failures_total',
      'Failed system calls for sending and receiving.',
      ...by('call', { receive: counters.udp_receive_failures, send: counters.udp_send_failures }),
    ),
    counter(
      'udp_bytes_total',
      'Bytes over UDP, without IP and UDP headers.',
      ...by('direction', { received: counters.udp_bytes_received, sent: counters.udp_bytes_sent }),
    ),
  ]
}
