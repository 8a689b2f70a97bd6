// [http_tracker_server]: what one HTTP connection may cost, for all HTTP listeners.

import { size, wholeNumber } from '../schema-types.ts'
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
    schema: wholeNumber(1, 600, 'seconds'),
    unit: 'Seconds',
    default: 10,
    meaning: "for a request's headers to arrive",
  }),
  request_timeout: option({
    schema: wholeNumber(1, 600, 'seconds'),
    unit: 'Seconds',
    default: 15,
    meaning: 'for a request to arrive',
  }),
  keep_alive_timeout: option({
    schema: wholeNumber(1, 3600, 'seconds'),
    unit: 'Seconds',
    default: 5,
    meaning: "an idle connection is closed. Behind a proxy: more than the proxy's own",
  }),
  write_timeout: option({
    schema: wholeNumber(1, 600, 'seconds'),
    unit: 'Seconds',
    default: 30,
    meaning: 'a client that does not take its reply is cut off',
  }),
  connection_check_interval: option({
    schema: wholeNumber(1, 60, 'seconds'),
    unit: 'Seconds',
    default: 2,
    meaning: 'how often the timeouts are looked at',
  }),
  max_requests_per_connection: option({
    schema: wholeNumber(1, INT32_MAX),
    default: 1000,
    meaning: 'then it is closed',
  }),
  max_connections: option({
    schema: wholeNumber(1, 1_000_000),
    default: 10_000,
    meaning: 'at once, for each listener and thread',
  }),
  max_connections_per_address: option({
    schema: wholeNumber(1, 1_000_000),
    default: 100,
    meaning: 'at once, for each listener and thread, by IPv4 address or IPv6 /64; trusted proxies are not counted',
  }),
}
