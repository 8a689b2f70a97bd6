// What counts as bad traffic. Only counters that are always on; each signal is compared with what is served meanwhile
// over the same protocol.

import { Counter } from '../../adapters/protocol/metrics/counters.ts'
import type { WatchedSignal } from '../../application/attack-watch.ts'

/** Requests of clients that have proven their address, whether or not they were granted. */
const SERVED = [
  Counter.announces_served,
  Counter.announces_shed,
  Counter.announces_refused_without_key,
  Counter.announces_refused_unregistered,
]

/** What all clients send after a restart without the old key: for as long as they use an id, and some retries. */
const OLD_IDS_SECONDS = 180

const SIGNAL = { weight: 1, graceSeconds: 0, served: SERVED }

export const ATTACK_SIGNALS: readonly WatchedSignal[] = [
  {
    ...SIGNAL,
    name: 'junk',
    bad: [
      Counter.udp_datagrams_too_short,
      Counter.udp_datagrams_from_port_zero,
      Counter.udp_datagrams_with_wrong_magic,
      Counter.udp_datagrams_from_nowhere,
      Counter.udp_unknown_actions,
      Counter.udp_kernel_filtered,
    ],
  },
  { ...SIGNAL, name: 'wrong_ids', bad: [Counter.udp_connection_id_mismatches], graceSeconds: OLD_IDS_SECONDS },
  { ...SIGNAL, name: 'connects_shed', bad: [Counter.udp_connects_shed] },
  { ...SIGNAL, name: 'kernel_drops', bad: [Counter.udp_kernel_drops] },
  {
    ...SIGNAL,
    name: 'rate_limited',
    bad: [Counter.udp_rate_limited, Counter.udp_kernel_filtered_loud, Counter.http_rate_limited],
  },
  {
    ...SIGNAL,
    name: 'refused_for_memory',
    bad: [Counter.announces_refused_for_memory, Counter.announces_refused_for_share],
  },
  {
    name: 'connections',
    bad: [
      Counter.http_connections_refused,
      Counter.http_connections_displaced_by_address,
      Counter.http_connections_displaced_by_prefix,
      Counter.http_connections_displaced_by_total,
    ],
    // Each brings at least one, unless it is silent.
    served: [Counter.http_requests],
    // A connection costs as much as many datagrams.
    weight: 0.1,
    graceSeconds: 0,
  },
]
