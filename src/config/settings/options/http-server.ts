// [http_tracker_server]: limits of HTTP connections, for all HTTP listeners.

import { secondsBetween, size, wholeNumber } from '../schema-types.ts'
import { writeSize } from '../sizes.ts'
import { option } from './option.ts'

const KIB = 1024
const INT32_MAX = 2_147_483_647

export const httpServerOptions = {
  max_header_size: option({
    schema: size(6 * KIB, 16 * KIB),
    unit: 'Bytes',
    default: 8 * KIB,
    meaning: 'request line and headers; a scrape of 74 torrents takes 5.2 KiB',
    print: writeSize,
  }),
  headers_timeout: option({
    schema: secondsBetween(1, 600),
    unit: 'Seconds',
    default: 10,
    meaning: "time limit for a request's headers, at most `request_timeout`",
  }),
  request_timeout: option({
    schema: secondsBetween(1, 600),
    unit: 'Seconds',
    default: 15,
    meaning: 'time limit for a whole request',
  }),
  keep_alive_timeout: option({
    schema: secondsBetween(1, 3600),
    unit: 'Seconds',
    default: 5,
    meaning: "an idle connection is closed after this time. Behind a proxy: longer than the proxy's own timeout",
  }),
  write_timeout: option({
    schema: secondsBetween(1, 600),
    unit: 'Seconds',
    default: 30,
    meaning: 'a client that does not read its reply is disconnected after this time',
  }),
  connection_check_interval: option({
    schema: secondsBetween(1, 60),
    unit: 'Seconds',
    default: 2,
    meaning: 'how often the timeouts are checked',
  }),
  max_requests_per_connection: option({
    schema: wholeNumber(1, INT32_MAX),
    default: 1000,
    meaning: 'requests after which a connection is closed',
  }),
  max_connections: option({
    schema: wholeNumber(1, 1_000_000),
    default: 10_000,
    meaning: 'maximum at a time, for each listener and thread',
  }),
  max_connections_per_address: option({
    schema: wholeNumber(1, 1_000_000),
    default: 100,
    meaning:
      'maximum at a time, for each listener and thread, per IPv4 address or IPv6 /64; trusted proxies are not counted. A /24 or /56 may have a quarter of all connections, a /48 half of them',
  }),
}
