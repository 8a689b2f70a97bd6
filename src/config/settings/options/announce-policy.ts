// [core.announce_policy]: how often clients announce, and what replies contain.

import { writeDurationText } from '../../../adapters/protocol/duration-text.ts'
import { boolean, fraction, secondsBetween, wholeNumber } from '../schema-types.ts'
import { derivedOption, option, optionWithoutDefault } from './option.ts'

/** With a longer interval a client's peer list would be empty or outdated most of the time. */
export const MAX_ANNOUNCE_INTERVAL_SECONDS = 86_400
const UINT32_MAX = 4_294_967_295

/** The interval, unless `max_peer_timeout` is too short for it. */
export const DEFAULT_INTERVAL_SECONDS = 1800
/** Torrent clients and tracker lists expect intervals in this range (protocol rule NT-03). */
export const EXPECTED_INTERVAL = { least: 300, most: 10_800 } as const

export const announcePolicyOptions = {
  interval: derivedOption({
    schema: secondsBetween(1, MAX_ANNOUNCE_INTERVAL_SECONDS),
    unit: 'Seconds',
    defaultInWords: `\`"${writeDurationText(DEFAULT_INTERVAL_SECONDS)}"\`, or less to fit \`max_peer_timeout\``,
    meaning: 'how often clients are told to announce (Torrust: 120)',
    isTorrusts: true,
  }),
  interval_min: derivedOption({
    schema: secondsBetween(1, MAX_ANNOUNCE_INTERVAL_SECONDS),
    unit: 'Seconds',
    member: 'minIntervalSeconds',
    defaultInWords: `half the interval, but not below ${writeDurationText(EXPECTED_INTERVAL.least)}`,
    meaning: 'how often they may announce; never more than the interval (Torrust: 120)',
    isTorrusts: true,
  }),
  jitter: option({
    schema: fraction,
    default: 0.2,
    meaning:
      'up to this fraction of the interval is added at random to each reply, so that clients do not announce in waves',
  }),
  target_announces_per_second: optionWithoutDefault({
    schema: wholeNumber(1, UINT32_MAX),
    defaultInWords: 'none: the interval is constant',
    meaning: 'the interval is adjusted so that this rate of announces is not exceeded; `interval` is the shortest then',
  }),
  interval_max: optionWithoutDefault({
    schema: secondsBetween(1, MAX_ANNOUNCE_INTERVAL_SECONDS),
    unit: 'Seconds',
    member: 'maxIntervalSeconds',
    defaultInWords: `\`"${writeDurationText(9000)}"\`, or what fits \`jitter\` and \`max_peer_timeout\``,
    meaning: 'the longest interval, without jitter, with `target_announces_per_second`',
  }),
  max_peers_per_announce: option({
    schema: wholeNumber(0, UINT32_MAX),
    default: 200,
    meaning:
      'maximum number of peers in a reply, up to 1000; UDP is limited by the datagram: 200 of IPv4, 67 of IPv6 (Torrust: 74)',
    isTorrusts: true,
  }),
  default_peers_per_announce: option({
    schema: wholeNumber(0, 1000),
    default: 50,
    meaning: 'number of peers for a client that does not ask for a number',
  }),
  external_ip_in_reply: option({
    schema: boolean,
    default: true,
    meaning: 'HTTP replies tell clients the address they are listed with (BEP 24)',
  }),
  downloaders_in_scrape: option({
    schema: boolean,
    default: false,
    meaning: 'HTTP scrapes have `downloaders` (BEP 21), on which some strict readers fail',
  }),
}
