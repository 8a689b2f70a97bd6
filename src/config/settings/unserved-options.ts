// Options that are accepted but have no effect in this version. They are logged at start.

import type { Settings } from './settings.ts'

/** One sentence per option that is set but not implemented yet. */
export function unservedOptions(settings: Settings): readonly string[] {
  const listeners = [...settings.udpListeners, ...settings.httpListeners]
  const rows: readonly (readonly [isAsked: boolean, sentence: string])[] = [
    [settings.udp.bans !== undefined, 'udp_tracker_server: addresses are not banned for bad connection ids yet.'],
    [
      listeners.some(({ externalIp }) => externalIp !== undefined),
      'network.external_ip: addresses of loopback clients are not replaced yet; they are handed to private addresses only.',
    ],
    [listeners.some(({ publicUrl }) => publicUrl !== undefined), 'public_url: public URLs are not shown anywhere yet.'],
    [
      settings.httpListeners.some(({ useIpFromQueryString }) => useIpFromQueryString),
      'http_trackers.use_ip_from_query_string: the ip parameter is ignored; peers are listed with the address they announce from.',
    ],
  ]
  return rows.filter(([isAsked]) => isAsked).map(([, sentence]) => sentence)
}
