// Announce URLs, as torrents and users write them. They are not normalized: path and query are sent as they are,
// because keys in them may be anything.

import { CallError } from './call-error.ts'

const SCHEMES = ['udp', 'http', 'https'] as const
export type TrackerScheme = (typeof SCHEMES)[number]

export interface TrackerUrl {
  readonly scheme: TrackerScheme
  /** A name in ASCII, or an IP address without brackets. */
  readonly host: string
  readonly port: number
  /** Path and query; may hold a key. Empty if the URL has neither. */
  readonly target: string
}

const URL_PARTS = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^#]*)/i
const FORMS = 'udp://host:port, http://host/announce or https://host/announce'
/** What proxies and trackers accept in a request line at most. */
const MAX_TARGET_LENGTH = 4096
const DEFAULT_PORTS = { udp: undefined, http: 80, https: 443 } as const

/** Throws a `CallError` whose message says what is wrong without repeating the URL, which may hold a key. */
export function readTrackerUrl(text: string): TrackerUrl {
  const [, writtenScheme, authority, target] = URL_PARTS.exec(text.trim()) ?? []
  if (writtenScheme === undefined || authority === undefined || target === undefined) {
    throw new CallError(`a tracker URL looks like ${FORMS}`)
  }
  const scheme = readScheme(writtenScheme.toLowerCase())
  if (!/^[\x21-\x7e]*$/.test(target)) throw new CallError('path and query of a tracker URL must be printable ASCII')
  if (target.length > MAX_TARGET_LENGTH) {
    throw new CallError(`path and query of a tracker URL must not be longer than ${MAX_TARGET_LENGTH} characters`)
  }
  return { scheme, ...readAuthority(authority, scheme), target }
}

function readScheme(scheme: string): TrackerScheme {
  const known = SCHEMES.find((one) => one === scheme)
  if (known !== undefined) return known
  throw new CallError(
    /^wss?$/.test(scheme)
      ? 'WebSocket trackers (ws://, wss://) are not supported yet'
      : `a tracker URL looks like ${FORMS}, not ${scheme}://`,
  )
}

function readAuthority(authority: string, scheme: TrackerScheme): Pick<TrackerUrl, 'host' | 'port'> {
  const page = `http://${authority}/`
  if (!URL.canParse(page)) throw new CallError('the host or the port of the tracker URL is not valid')
  const { hostname, username, password } = new URL(page)
  if (username !== '' || password !== '') throw new CallError('a tracker URL cannot have a user name')
  const written = /:(\d+)$/.exec(authority)?.[1]
  const port = written === undefined ? DEFAULT_PORTS[scheme] : Number(written)
  if (port === undefined) throw new CallError('the URL of a UDP tracker needs a port, such as udp://host:6969')
  if (port === 0) throw new CallError('port 0 is not a port of a tracker')
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port }
}
