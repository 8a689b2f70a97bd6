// Options that a document may hold and this version does not act on. An operator is told at start; where acting as if
// the option were not there would open what should be closed, the start is refused.

import type { Settings } from './settings.ts'

type Row = readonly [isAsked: boolean, sentence: string]

const sentences = (rows: readonly Row[]): readonly string[] =>
  rows.filter(([isAsked]) => isAsked).map(([, sentence]) => sentence)

/** One sentence for each option that was asked for and is not served yet. */
export const unservedOptions = (settings: Settings): readonly string[] => {
  const listeners = [...settings.udpListeners, ...settings.httpListeners]
  return sentences([
    [settings.database !== undefined, 'core.database: no database is opened yet; nothing is kept in one.'],
    [
      settings.peers.keepCompletedCounts,
      'core.tracker_policy.persistent_torrent_completed_stat: completed counts are not persisted yet; they begin at zero with each start.',
    ],
    [settings.httpApi !== undefined, 'http_api: the management API is not served yet; nothing listens on its address.'],
    [
      settings.healthCheckApi !== undefined,
      'health_check_api: the health check is not served yet; nothing listens on its address.',
    ],
    [settings.udp.bans !== undefined, 'udp_tracker_server: addresses are not banned for bad connection ids yet.'],
    [
      listeners.some(({ usageStatistics }) => usageStatistics),
      'tracker_usage_statistics: statistics of single listeners are not published yet.',
    ],
    [
      listeners.some(({ externalIp }) => externalIp !== undefined),
      'network.external_ip: addresses of loopback clients are not replaced yet; they are handed to private addresses only.',
    ],
    [listeners.some(({ publicUrl }) => publicUrl !== undefined), 'public_url: public URLs are not shown anywhere yet.'],
    [
      settings.httpListeners.some(({ useIpFromQueryString }) => useIpFromQueryString),
      'http_trackers.use_ip_from_query_string: the ip parameter is not believed; peers are listed with the address they announce from.',
    ],
  ])
}

/** One sentence for each option without which the tracker must not start. */
export const startRefusals = (settings: Settings): readonly string[] =>
  sentences([
    [
      settings.access.isPrivate,
      'core.private: private mode (keys) is not served yet, and to start without it would open the tracker to everybody; set it to false or do not start this version.',
    ],
    [
      settings.access.isListed,
      'core.listed: whitelist mode is not served yet, and to start without it would accept every torrent; set it to false or do not start this version.',
    ],
  ])
