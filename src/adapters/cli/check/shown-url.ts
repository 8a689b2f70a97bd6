// Tracker URLs as they are shown: without what may be a key.

import { shownHost, URL_MASK } from '../../client/shown-host.ts'

/** An origin, or what stands in its place, then path, query and fragment. */
const PARTS = /^((?:[a-z][a-z0-9+.-]*:\/\/)?)([^/\\?#]*)([^?#]*)(\??)([^#]*)(#?)/i
/**
 * What paths consist of besides keys. Whatever else is in a path may be one: keys are short too, have dots and percent
 * signs, and stand before or after `announce`.
 */
const USUAL_SEGMENT =
  /^(?:announce|scrape|tracker|bt|bittorrent|torrent|api|health|health_check|livez|readyz|status|stats)(?:\.(?:php|asp|aspx|cgi|pl|py))?$/i
const USUAL_NAME = /^[a-z][a-z0-9_-]{0,14}$/i
/** A backslash divides too, as in browsers. */
const SEGMENT = /[^/\\]+/g

/** Only usual words of the path, the names of the query, and the host are shown. */
export function shownUrl(text: string): string {
  const [, scheme = '', authority = '', path = '', mark = '', query = '', hash = ''] = PARTS.exec(text) ?? []
  const at = authority.lastIndexOf('@')
  return [
    scheme,
    at < 0 ? '' : `${URL_MASK}@`,
    shownHost(authority.slice(at + 1)),
    path.replace(SEGMENT, (segment) => (USUAL_SEGMENT.test(segment) ? segment : URL_MASK)),
    mark,
    query.split('&').map(shownPair).join('&'),
    hash === '' ? '' : `#${URL_MASK}`,
  ].join('')
}

function shownPair(pair: string): string {
  const equals = pair.indexOf('=')
  if (equals < 0) return pair === '' ? '' : URL_MASK
  const name = pair.slice(0, equals)
  return `${USUAL_NAME.test(name) ? name : URL_MASK}=${URL_MASK}`
}
