// The paths of a tracker (protocol rules HTTP-07 and UDP-28): `/announce` and `/scrape`, with a key segment on either
// side and an optional trailing slash. Found in the request target over HTTP, in URLData over UDP (BEP 41).

export const Route = { Other: 0, Announce: 1, Scrape: 2 } as const
export type Route = (typeof Route)[keyof typeof Route]

const SLASH = 0x2f
const ANNOUNCE = new TextEncoder().encode('announce')
const SCRAPE = new TextEncoder().encode('scrape')

/** Reused record. */
export class AnnouncePath {
  route: Route = Route.Other
  /**
   * Bounds of the key segment in the source, still escaped; equal if the path has none. Valid unless the route is
   * `Other`.
   */
  keyAt = 0
  keyEnd = 0
}

/** Reads the path in the bytes `from` to `to` of `source`, without its query, into `path`. */
export function readAnnouncePath(source: Uint8Array, from: number, to: number, path: AnnouncePath): void {
  path.route = Route.Other
  path.keyAt = 0
  path.keyEnd = 0
  if (from === to || source[from] !== SLASH) return
  const end = to - from > 1 && source[to - 1] === SLASH ? to - 1 : to
  const first = from + 1
  const slash = slashAfter(source, first, end)
  if (slash === end) {
    path.route = routeOfSegment(source, first, end)
    return
  }
  const second = slash + 1
  if (slash === first || second === end || slashAfter(source, second, end) !== end) return
  path.route = routeOfSegment(source, first, slash)
  const isKeyLast = path.route !== Route.Other
  if (!isKeyLast) path.route = routeOfSegment(source, second, end)
  path.keyAt = isKeyLast ? second : first
  path.keyEnd = isKeyLast ? end : slash
}

/** Index of the first slash from `from` on; `end` if there is none. */
function slashAfter(source: Uint8Array, from: number, end: number): number {
  let at = from
  while (at < end && source[at] !== SLASH) at++
  return at
}

function routeOfSegment(source: Uint8Array, from: number, to: number): Route {
  if (isWord(source, from, to, ANNOUNCE)) return Route.Announce
  return isWord(source, from, to, SCRAPE) ? Route.Scrape : Route.Other
}

function isWord(source: Uint8Array, from: number, to: number, word: Uint8Array): boolean {
  if (to - from !== word.length) return false
  for (let i = 0; i < word.length; i++) if (source[from + i] !== word[i]) return false
  return true
}
