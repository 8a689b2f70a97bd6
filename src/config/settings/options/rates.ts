// The part of [limits] about rates: how many requests of each kind a source may send (protocol rule SEC-03).

import { boolean, wholeNumber } from '../schema-types.ts'
import { option } from './option.ts'

const MAX_RATE = 8000
const MAX_BURST = 10_000_000

function rate(value: number, what: string) {
  return option({ schema: wholeNumber(1, MAX_RATE), default: value, meaning: `${what} a second from one source` })
}

function burst(value: number, what: string) {
  return option({ schema: wholeNumber(1, MAX_BURST), default: value, meaning: `${what} at once, after a pause` })
}

export const rateOptions = {
  rate_limits: option({
    schema: boolean,
    default: true,
    member: 'areRatesLimited',
    meaning: 'limit requests by their source, see below',
  }),
  connect_rate: rate(50, 'connects'),
  connect_burst: burst(500, 'connects'),
  announce_rate: rate(200, 'announces over UDP'),
  announce_burst: burst(5000, 'announces over UDP'),
  scrape_rate: rate(10, 'scrapes over UDP'),
  scrape_burst: burst(50, 'scrapes over UDP'),
  error_rate: rate(1, 'error replies over UDP'),
  error_burst: burst(10, 'error replies over UDP'),
  http_rate: rate(200, 'announces and scrapes over HTTP'),
  http_burst: burst(5000, 'announces and scrapes over HTTP'),
  prefix_multiple: option({
    schema: wholeNumber(1, 256),
    default: 8,
    meaning: 'what a network (/24 of IPv4, /48 of IPv6) may send, as a multiple of what one source may',
  }),
}
