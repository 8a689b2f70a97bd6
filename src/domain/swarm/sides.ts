// Where a peer goes that changes sides: the last place of one run and the first of the other are neighbours, so the
// peer takes the place at the border, the border moves past it, and it changes places with a random peer of its new
// run.

import type { AnnounceRequest } from '../announce.ts'
import { List } from './layout.ts'
import { windowStart } from './reply-shares.ts'

/** The position at the border, seen from the one at `position`: its peer fills the vacated place. */
export function sidesBorder(words: Int32Array, list: number, position: number): number {
  const uploaders = words[list + List.Uploaders]
  return position >= uploaders ? uploaders : uploaders - 1
}

/** The peer's place in its new run, by the request's random bits. */
export function sidesTarget(words: Int32Array, list: number, position: number, request: AnnounceRequest): number {
  const uploaders = words[list + List.Uploaders]
  const chance = request.placeBits >>> 16
  if (position >= uploaders) return uploaders - windowStart(chance, uploaders + 1)
  return uploaders - 1 + windowStart(chance, words[list + List.Downloaders] + 1)
}
