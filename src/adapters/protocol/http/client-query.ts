// The request targets of a client of HTTP trackers (BEP 3, 7, 48): the announce URL's own path and query, and the
// parameters of the request.

import type { AnnounceEvent } from '../../../domain/announce.ts'

/** An announce as it is written into a query. */
export interface HttpAnnounce {
  /** 20 bytes. */
  readonly infoHash: Uint8Array
  /** 20 bytes. */
  readonly peerId: Uint8Array
  readonly port: number
  readonly uploaded: bigint
  readonly downloaded: bigint
  readonly left: bigint
  readonly event: AnnounceEvent
  readonly isCompact: boolean
  /** Undefined leaves it to the tracker. */
  readonly numwant: number | undefined
  /** 32 bits. */
  readonly key: number | undefined
  readonly ip: string | undefined
}

/** By number; a periodic announce has none. */
const EVENTS = ['', 'completed', 'started', 'stopped', 'paused'] as const
const UNRESERVED = /[0-9A-Za-z.~_-]/

/** `target` is the path and query of the announce URL. */
export function writeAnnounceTarget(target: string, announce: HttpAnnounce): string {
  const { uploaded, downloaded, left, port, event, isCompact, numwant, key, ip } = announce
  const parameters = [
    `info_hash=${escapeBytes(announce.infoHash)}`,
    `peer_id=${escapeBytes(announce.peerId)}`,
    `port=${port}&uploaded=${uploaded}&downloaded=${downloaded}&left=${left}&compact=${isCompact ? 1 : 0}`,
    ...(EVENTS[event] === '' ? [] : [`event=${EVENTS[event]}`]),
    ...(numwant === undefined ? [] : [`numwant=${numwant}`]),
    ...(key === undefined ? [] : [`key=${(key >>> 0).toString(16).padStart(8, '0')}`]),
    ...(ip === undefined ? [] : [`ip=${encodeURIComponent(ip)}`]),
  ]
  return withParameters(target, parameters)
}

/** Undefined if the announce URL has no scrape URL. */
export function writeScrapeTarget(target: string, infoHashes: readonly Uint8Array[]): string | undefined {
  const scrapeTarget = scrapeTargetOf(target)
  return (
    scrapeTarget &&
    withParameters(
      scrapeTarget,
      infoHashes.map((infoHash) => `info_hash=${escapeBytes(infoHash)}`),
    )
  )
}

/**
 * The last path segment that begins with `announce` begins with `scrape` instead. BEP 48 looks at the last segment
 * only, where some private trackers put the key.
 */
function scrapeTargetOf(target: string): string | undefined {
  const [, path, query] = /^([^?]*)(.*)$/s.exec(target) ?? []
  if (path === undefined || query === undefined) return undefined
  if (/\/scrape[^/]*(\/[^/]*)?$/.test(path)) return target
  const scrapePath = path.replace(/\/announce(?=[^/]*(?:\/[^/]*)?$)/, '/scrape')
  return scrapePath === path ? undefined : `${scrapePath}${query}`
}

function withParameters(target: string, parameters: readonly string[]): string {
  const joint = !target.includes('?') ? '?' : /[?&]$/.test(target) ? '' : '&'
  return `${target}${joint}${parameters.join('&')}`
}

/** Bytes that need no escape stay as they are. */
function escapeBytes(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) {
    const character = String.fromCharCode(byte)
    text += UNRESERVED.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return text
}
