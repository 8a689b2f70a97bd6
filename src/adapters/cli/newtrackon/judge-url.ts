// Judges the URL of a tracker as newTrackon does before it probes (protocol rule NT-01).

import { isIP } from 'node:net'

/** What keeps the URL from being listed: `an IP address`, `another path`. */
export type UrlFlaw = 'address' | 'path'

/** `host` without brackets; `path` without the query. */
export function urlFlaws(host: string, path: string): readonly UrlFlaw[] {
  return [
    ...(isIP(host) === 0 ? [] : (['address'] as const)),
    ...(['', '/', '/announce'].includes(path) ? [] : (['path'] as const)),
  ]
}
