// The document that is used if none is given: an open tracker on every address, with separate sockets for IPv4 and
// IPv6, that stores its counts in a file and can be administered from this machine.

import type { Table } from './tree.ts'

function onEveryAddress(port: number): Table[] {
  return [{ bind_address: `0.0.0.0:${port}` }, { bind_address: `[::]:${port}`, network: { ipv6_v6only: true } }]
}

/** A fresh copy each time. */
export function defaultDocument(): Table {
  return {
    metadata: { schema_version: '3.0.0' },
    logging: { trace_filter: 'info' },
    core: {
      listed: false,
      private: false,
      tracker_policy: { persistent_torrent_completed_stat: true },
      // Without a driver, so that a variable can set one, or a URL.
      database: {},
    },
    udp_trackers: onEveryAddress(6969),
    http_trackers: onEveryAddress(7070),
    http_api: {},
  }
}
