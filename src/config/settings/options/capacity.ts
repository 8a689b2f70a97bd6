// [memory], [threads] and [limits]: how much of the machine the tracker uses, and how much it stores.

import * as v from 'valibot'
import { DEFAULT_ADDRESS_RULES, MAX_PEERS_PER_ADDRESS } from '../../../domain/swarm/address-rules.ts'
import { MAX_PEERS_IN_LIST } from '../../../domain/swarm/layout.ts'
import { MAX_BUDGET_BYTES, MIN_BUDGET_BYTES } from '../../../domain/swarm/plan.ts'
import { boolean, oneOf, size, threadSetting, wholeNumber } from '../schema-types.ts'
import { writeSize } from '../sizes.ts'
import { holdingOptions } from './holdings.ts'
import { option } from './option.ts'
import { rateOptions } from './rates.ts'

const GIB = 1024 ** 3
/** Memory is allocated in pieces of this size. */
const BUDGET_STEP_BYTES = 64 * 1024
/** Of the lists in memory. */
const MAX_ENTRIES = 50_000_000

export const memoryOptions = {
  swarm_budget: option({
    schema: v.pipe(
      size(MIN_BUDGET_BYTES, MAX_BUDGET_BYTES),
      v.transform((bytes) => bytes - (bytes % BUDGET_STEP_BYTES)),
    ),
    unit: 'Bytes',
    default: GIB,
    meaning:
      'memory for all torrents and peers; reserved at start, used as swarms grow. When it is full, the tracker keeps serving what it has',
    print: writeSize,
  }),
}

export const threadsOptions = {
  udp: option({ schema: threadSetting, default: 'auto', meaning: 'threads that serve all UDP listeners' }),
  http: option({ schema: threadSetting, default: 'auto', meaning: 'threads that serve all HTTP listeners' }),
  http_driver: option({
    schema: oneOf('auto', 'plain', 'node'),
    default: 'auto',
    meaning:
      "how HTTP without TLS is served: plain requests by system calls and the rest by Node's server (Linux), or all by Node's server",
  }),
}

export const limitsOptions = {
  max_peers_per_torrent: option({
    schema: wholeNumber(1, MAX_PEERS_IN_LIST),
    default: 20_000,
    meaning: 'maximum number of peers of one address family and scope, see below',
  }),
  max_peers_per_address: option({
    schema: wholeNumber(0, MAX_PEERS_PER_ADDRESS),
    default: DEFAULT_ADDRESS_RULES.maxPeersPerAddress,
    meaning: 'maximum number of peers that one IPv4 address or IPv6 /64 has in a torrent; 0 for no limit, see below',
  }),
  max_listed_torrents: option({
    schema: wholeNumber(1, MAX_ENTRIES),
    default: 4_000_000,
    meaning: 'maximum number of torrents on whitelist and blocklist together',
  }),
  max_bans: option({
    schema: wholeNumber(1, MAX_ENTRIES),
    default: 100_000,
    meaning: 'maximum number of banned addresses and networks',
  }),
  max_keys: option({ schema: wholeNumber(1, MAX_ENTRIES), default: 1_000_000, meaning: 'maximum number of keys' }),
  apply_to_private: option({
    schema: boolean,
    member: 'appliesToPrivate',
    default: DEFAULT_ADDRESS_RULES.appliesToPrivate,
    meaning: 'limits on what one address or network may use also apply to private and loopback addresses',
  }),
  ...holdingOptions,
  ...rateOptions,
}
