// Sends the announces that newTrackon sends before it lists a tracker (protocol rules NT-04, NT-05), and judges the
// answers as it does. A "stopped" follows each, which newTrackon omits, so that no peer is left behind.

import { errorMessage } from '../../../domain/error-message.ts'
import { httpGet } from '../../client/http-get.ts'
import type { HostAddress } from '../../client/resolve-host.ts'
import type { TrackerUrl } from '../../client/tracker-url.ts'
import { UdpTrackerClient } from '../../client/udp-tracker-client.ts'
import { unzip } from '../../client/unzip.ts'
import { Deviations } from '../../protocol/deviations.ts'
import { writeHostPort } from '../../protocol/endpoint-text.ts'
import { readBencoded } from '../../protocol/http/bencode-reader.ts'
import { type AcceptedAnswer, judgeReply, type Violation, violationOf } from './judge-reply.ts'

/** An answer that newTrackon accepts, or the violated rule; with the error, if that was it. */
export type Announced = (AcceptedAnswer & { readonly elapsedMs: number }) | (Violation & { readonly error?: unknown })

export interface AnnounceTarget {
  /** newTrackon itself always asks for `/announce`; without a path this does too. */
  readonly url: TrackerUrl
  readonly address: HostAddress
  /** Of a torrent; by default one that nobody has. */
  readonly infoHash?: Uint8Array | undefined
  /** Of a client, for a tracker that is asked in the place of its proxy. */
  readonly forwardedFor?: string
  /** Whose certificates are accepted. */
  readonly trusts: 'authorities' | 'anyone'
}

export interface AnnounceLimits {
  /** Of an attempt. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

export const NEWTRACKON_TIMEOUT_MS = 10_000
/** Serves as info hash and as peer id. */
const HASH = Uint8Array.from('123456789abcdef123456789abcdef123456789a'.match(/../g) ?? [], (hex) =>
  Number.parseInt(hex, 16),
)
/** As Python writes it: a byte 0x20 is a plus sign. */
const HTTP_HASH = '%00%FF%2B+%25%26%3D%3B%23%2F%3F%80%C3%28%0A%0D%22%27A~'
const HTTP_QUERY =
  'peer_id=-qB4390-abcdefABCDEF&port=6881&uploaded=0&downloaded=0&left=0&compact=1&ipv6=None&ipv4=198.51.100.1'
const HEADERS = { 'User-Agent': 'qBittorrent/4.3.9', 'Accept-Encoding': 'gzip', Connection: 'close' }
const MAX_REPLY_BYTES = 1024 * 1024

/** Never rejects. */
export async function announceAsNewtrackon(target: AnnounceTarget, limits: AnnounceLimits): Promise<Announced> {
  const isUdp = target.url.scheme === 'udp'
  const startedAt = performance.now()
  try {
    return await (isUdp ? overUdp(target, limits, startedAt) : overHttp(target, limits, startedAt))
  } catch (error) {
    return { ...violationOf(isUdp ? 'NT-05' : 'NT-04', errorMessage(error)), error }
  }
}

async function overUdp(
  { url, address, infoHash = HASH }: AnnounceTarget,
  { timeoutMs, signal }: AnnounceLimits,
  startedAt: number,
): Promise<Announced> {
  // newTrackon sends no path. One that may hold a key is needed, though.
  const target = url.target === '/announce' ? '' : url.target
  using client = await UdpTrackerClient.open(
    { host: address.address, port: url.port },
    { waitsMs: [timeoutMs, timeoutMs], target },
  )
  const announce = { infoHash, peerId: HASH, left: 0, key: 42, port: 30461 }
  const { intervalSeconds, seeders, leechers, peers } = await client.announce(
    { ...announce, event: 'started' },
    { signal },
  )
  const elapsedMs = performance.now() - startedAt
  await client.announce({ ...announce, event: 'stopped' }, { signal }).catch(() => undefined)
  return { intervalSeconds, seeders, leechers, peers: peers.length, elapsedMs }
}

async function overHttp(
  { url, address, infoHash, forwardedFor, trusts }: AnnounceTarget,
  { timeoutMs, signal }: AnnounceLimits,
  startedAt: number,
): Promise<Announced> {
  // Only the first question mark divides: a query may have more.
  const [, path = '', query = ''] = /^([^?]*)\??(.*)$/.exec(url.target) ?? []
  const own = query === '' ? '' : `${query}&`
  const hash = infoHash === undefined ? HTTP_HASH : percentEncoded(infoHash)
  const page = `${url.scheme}://${writeHostPort(url.host, url.port)}${path === '' || path === '/' ? '/announce' : path}`
  const get = (suffix: string) =>
    httpGet({
      url: `${page}?${own}info_hash=${hash}&${HTTP_QUERY}${suffix}`,
      timeoutMs,
      headers: forwardedFor === undefined ? HEADERS : { ...HEADERS, 'X-Forwarded-For': forwardedFor },
      address,
      trusts,
      maxBytes: MAX_REPLY_BYTES,
      signal,
    })
  const reply = await get('')
  const elapsedMs = performance.now() - startedAt
  if (reply.status !== 200) return violationOf('NT-04', `the answer was ${reply.statusText}`)
  const judged = judgeReply(readBencoded(await unzip(reply, MAX_REPLY_BYTES), new Deviations()))
  if ('rule' in judged) return judged
  await get('&event=stopped').catch(() => undefined)
  return { ...judged, elapsedMs }
}

function percentEncoded(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
}
