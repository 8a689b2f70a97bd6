// The fields of an announce that a trace shows, over UDP and HTTP alike.

import { AnnounceEvent, type AnnounceRequest } from '../../domain/announce.ts'
import { infoHashFromWords } from '../../domain/info-hash.ts'
import type { TracedRequest } from '../../domain/ports/outbound/request-tap.ts'

const EVENT_NAMES = {
  [AnnounceEvent.None]: 'none',
  [AnnounceEvent.Completed]: 'completed',
  [AnnounceEvent.Started]: 'started',
  [AnnounceEvent.Stopped]: 'stopped',
  [AnnounceEvent.Paused]: 'paused',
} as const

/** A negative `numwant` is the tracker's choice. */
export function tracedAnnounce({ words, infoHashAt, event, port, numwant }: AnnounceRequest) {
  return {
    infoHash: infoHashFromWords(words, infoHashAt),
    event: EVENT_NAMES[event],
    port,
    ...(numwant >= 0 && { numwant }),
  } satisfies Partial<TracedRequest>
}
