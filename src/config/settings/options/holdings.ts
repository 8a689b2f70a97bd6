// The part of [limits] about the whole memory: what one address or network may hold of it, and how fast an address may
// make torrents (protocol rule SEC-20).

import { DEFAULT_ADDRESS_RULES } from '../../../domain/swarm/address-rules.ts'
import { wholeNumber } from '../schema-types.ts'
import { option } from './option.ts'

const MAX_HELD = 100_000_000
const MAX_NEW_TORRENT_RATE = 4096
const MAX_NEW_TORRENT_BURST = 1_000_000

function held(value: number, what: string) {
  return option({ schema: wholeNumber(0, MAX_HELD), default: value, meaning: `${what}; 0 for no limit` })
}

export const holdingOptions = {
  max_torrents_per_address: held(
    DEFAULT_ADDRESS_RULES.maxTorrentsPerAddress,
    'maximum number of torrents in memory that one IPv4 address or IPv6 /64 was the first to announce',
  ),
  max_torrents_per_network: held(
    DEFAULT_ADDRESS_RULES.maxTorrentsPerNetwork,
    'the same for a network (/24 of IPv4, /48 of IPv6)',
  ),
  max_total_peers_per_address: held(
    DEFAULT_ADDRESS_RULES.maxTotalPeersPerAddress,
    'maximum number of peers that one IPv4 address or IPv6 /64 has in all torrents together',
  ),
  max_total_peers_per_network: held(DEFAULT_ADDRESS_RULES.maxTotalPeersPerNetwork, 'the same for a network'),
  new_torrent_rate: option({
    schema: wholeNumber(0, MAX_NEW_TORRENT_RATE),
    default: DEFAULT_ADDRESS_RULES.newTorrentRate,
    meaning: 'torrents a second that one source may be the first to announce; 0 for no limit',
  }),
  new_torrent_burst: option({
    schema: wholeNumber(1, MAX_NEW_TORRENT_BURST),
    default: DEFAULT_ADDRESS_RULES.newTorrentBurst,
    meaning: 'the same at once, after a pause',
  }),
}
