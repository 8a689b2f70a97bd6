// Trackers with the names by which a monitor tells them apart.

import { shownUrl } from '../check/shown-url.ts'
import type { NamedTracker } from '../check/tracker-sources.ts'

export interface WatchedTracker {
  readonly tracker: NamedTracker
  /** Its URL without keys, and a number if another one is the same but for its keys. */
  readonly name: string
}

export function nameTrackers(trackers: readonly NamedTracker[]): readonly WatchedTracker[] {
  const counts = new Map<string, number>()
  return trackers.map((tracker) => {
    const url = shownUrl(tracker.text)
    const count = (counts.get(url) ?? 0) + 1
    counts.set(url, count)
    return { tracker, name: count === 1 ? url : `${url} #${count}` }
  })
}
