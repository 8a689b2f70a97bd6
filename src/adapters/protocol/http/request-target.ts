// Where a request goes: the tracker's paths in a raw request target (protocol rule HTTP-07). `/announce` and `/scrape`, with
// a key segment on either side, an optional trailing slash, and the absolute form that a proxy sends.

export const Route = { Other: 0, Announce: 1, Scrape: 2 } as const
export type Route = (typeof Route)[keyof typeof Route]

const SLASH = 0x2f
const QUESTION = 0x3f

/** Reused record. */
export class RequestTarget {
  route: Route = Route.Other
  /** Index of the query's first character; the text's length when there is no query. */
  queryAt = 0
}

/** Reads the raw target `text` into `target`. */
export function readRequestTarget(text: string, target: RequestTarget): void {
  // What nearly every client sends needs no search.
  if (text.charCodeAt(9) === QUESTION && text.startsWith('/announce')) {
    target.route = Route.Announce
    target.queryAt = 10
    return
  }
  const mark = text.indexOf('?')
  const end = mark < 0 ? text.length : mark
  const start = text.charCodeAt(0) === SLASH ? 0 : pathOfAbsoluteForm(text, end)
  target.queryAt = mark < 0 ? text.length : mark + 1
  target.route = start < 0 ? Route.Other : routeOf(text, start, end)
}

/** Index of the path's slash in `http://host/path`, or -1. */
function pathOfAbsoluteForm(text: string, end: number): number {
  const scheme = text.slice(0, 8).toLowerCase()
  if (!scheme.startsWith('http://') && scheme !== 'https://') return -1
  const slash = text.indexOf('/', scheme === 'https://' ? 8 : 7)
  return slash < 0 || slash >= end ? -1 : slash
}

function routeOf(text: string, start: number, pathEnd: number): Route {
  const end = pathEnd - start > 1 && text.charCodeAt(pathEnd - 1) === SLASH ? pathEnd - 1 : pathEnd
  const first = start + 1
  const slash = text.indexOf('/', first)
  if (slash < 0 || slash >= end) return routeOfSegment(text, first, end)
  const second = slash + 1
  const nothingBetween = slash === first || second === end
  const more = text.indexOf('/', second)
  if (nothingBetween || (more >= 0 && more < end)) return Route.Other
  const named = routeOfSegment(text, first, slash)
  return named === Route.Other ? routeOfSegment(text, second, end) : named
}

function routeOfSegment(text: string, from: number, to: number): Route {
  if (to - from === 8 && text.startsWith('announce', from)) return Route.Announce
  return to - from === 6 && text.startsWith('scrape', from) ? Route.Scrape : Route.Other
}
