// The settings of trackers that are compared: every limit applies to loopback but refuses nothing, or all are off.

const WIDE_RATES = [
  'apply_to_private = true',
  'announce_rate = 8000\nannounce_burst = 10000000',
  'scrape_rate = 8000\nscrape_burst = 10000000',
  'connect_rate = 8000\nconnect_burst = 10000000',
  'prefix_multiple = 256',
]

export const LIMITS_ON = ['[limits]', ...WIDE_RATES].join('\n')

export const LIMITS_OFF = [
  '[limits]',
  'rate_limits = false',
  'max_peers_per_address = 0',
  'max_torrents_per_address = 0\nmax_torrents_per_network = 0',
  'max_total_peers_per_address = 0\nmax_total_peers_per_network = 0',
  'new_torrent_rate = 0',
].join('\n')

/** Loopback addresses may fill the memory with torrents; everything is counted all the same. */
export const MEMORY_UNLIMITED = [
  '[limits]',
  ...WIDE_RATES,
  'new_torrent_rate = 0',
  'max_torrents_per_address = 0\nmax_torrents_per_network = 0',
].join('\n')
