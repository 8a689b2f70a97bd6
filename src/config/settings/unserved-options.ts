// Options that are accepted but have no effect in this version. They are logged at start.

import type { Settings } from './settings.ts'

/** One sentence per option that is set but not implemented yet. */
export function unservedOptions(settings: Settings): readonly string[] {
  const listeners = [...settings.udpListeners, ...settings.httpListeners]
  const rows: readonly (readonly [isAsked: boolean, sentence: string])[] = [
    [settings.udp.bans !== undefined, 'udp_tracker_server: addresses are not banned for bad connection ids yet.'],
    [
      listeners.some(({ trackerUsageStatistics }) => trackerUsageStatistics),
      'tracker_usage_statistics: statistics of single listeners are not published yet.',
    ],
  ]
  return rows.filter(([isAsked]) => isAsked).map(([, sentence]) => sentence)
}
