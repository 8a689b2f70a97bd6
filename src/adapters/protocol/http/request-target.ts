// Splits a raw request target into path and query, in the origin form or the absolute form that proxies send (protocol
// rule HTTP-07).

import { AnnouncePath, Route, readAnnouncePath } from '../announce-path.ts'
import { ascii } from './bencode-writer.ts'

const SLASH = 0x2f
const QUESTION = 0x3f
const ANNOUNCE = ascii('/announce?')
const HTTP = ascii('http://')
const HTTPS = ascii('https://')

/** Reused record. */
export class RequestTarget extends AnnouncePath {
  /** Index of the query's first byte; `end` if there is no query. */
  queryAt = 0
  end = 0
}

/** Reads the raw target in the bytes `from` to `end` of `source` into `target`. */
export function readRequestTarget(source: Uint8Array, from: number, end: number, target: RequestTarget): void {
  target.end = end
  // The target that nearly every client of a public tracker sends needs no search.
  if (isAnnounce(source, from, end)) {
    target.route = Route.Announce
    target.keyAt = 0
    target.keyEnd = 0
    target.queryAt = from + ANNOUNCE.length
    return
  }
  const mark = indexOf(source, QUESTION, from, end)
  target.queryAt = Math.min(mark + 1, end)
  readAnnouncePath(source, source[from] === SLASH ? from : pathOfAbsoluteForm(source, from, mark), mark, target)
}

/** Index of the path's slash in `http://host/path`; `end` if there is no path. */
function pathOfAbsoluteForm(source: Uint8Array, from: number, end: number): number {
  if (hasScheme(source, from, end, HTTP)) return indexOf(source, SLASH, from + HTTP.length, end)
  return hasScheme(source, from, end, HTTPS) ? indexOf(source, SLASH, from + HTTPS.length, end) : end
}

function isAnnounce(source: Uint8Array, from: number, end: number): boolean {
  if (end - from < ANNOUNCE.length) return false
  for (let i = 0; i < ANNOUNCE.length; i++) if (source[from + i] !== ANNOUNCE[i]) return false
  return true
}

/** Case-insensitive; `scheme` is in lower case. */
function hasScheme(source: Uint8Array, from: number, end: number, scheme: Uint8Array): boolean {
  if (end - from < scheme.length) return false
  for (let i = 0; i < scheme.length; i++) if ((source[from + i] | 0x20) !== scheme[i]) return false
  return true
}

/** Index of the first `code` from `from` on; `end` if there is none. */
function indexOf(source: Uint8Array, code: number, from: number, end: number): number {
  let at = from
  while (at < end && source[at] !== code) at++
  return at
}
