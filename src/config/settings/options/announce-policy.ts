// [core.announce_policy]: how often clients announce, and what they are told.

import { boolean, fraction, wholeNumber } from '../schema-types.ts'
import { derivedOption, option } from './option.ts'

/** With a longer interval a client's list of peers would be empty or outdated for most of the time. */
export const MAX_INTERVAL_SECONDS = 86_400
const UINT32_MAX = 4_294_967_295

/** The interval, unless `max_peer_timeout` leaves no room for it. */
export const DEFAULT_INTERVAL_SECONDS = 1800
/** Torrent clients and tracker lists expect intervals in this range (protocol rule NT-03). */
export const EXPECTED_INTERVAL = { least: 300, most: 10_800 } as const

export const announcePolicyOptions = {
  interval: derivedOption({
    schema: wholeNumber(1, MAX_INTERVAL_SECONDS, 'seconds'),
    unit: 'Seconds',
    defaultInWords: `${DEFAULT_INTERVAL_SECONDS}, or less to fit \`max_peer_timeout\``,
    meaning: 'how often clients are told to announce (Torrust: 120)',
    isTorrusts: true,
  }),
  interval_min: derivedOption({
    schema: wholeNumber(1, MAX_INTERVAL_SECONDS, 'seconds'),
    member: 'minIntervalSeconds',
    defaultInWords: `half the interval, but not below ${EXPECTED_INTERVAL.least}`,
    meaning: 'how often they may; never more than the interval (Torrust: 120)',
    isTorrusts: true,
  }),
  jitter: option({
    schema: fraction,
    default: 0.2,
    meaning: 'up to this part of the interval is added at random to each reply, so that clients do not come in waves',
  }),
  max_peers_per_announce: option({
    schema: wholeNumber(0, UINT32_MAX),
    default: 200,
    meaning:
      'most peers in a reply; 1000 at most; UDP stops at what a datagram holds: 200 of IPv4, 67 of IPv6 (Torrust: 74)',
    isTorrusts: true,
  }),
  default_peers_per_announce: option({
    schema: wholeNumber(0, 1000),
    default: 50,
    meaning: 'peers for a client that does not say how many',
  }),
  external_ip_in_reply: option({
    schema: boolean,
    default: true,
    meaning: 'HTTP replies tell clients the address they are seen from (BEP 24)',
  }),
  downloaders_in_scrape: option({
    schema: boolean,
    default: false,
    meaning: 'HTTP scrapes have `downloaders` (BEP 21), on which some strict readers fail',
  }),
}
