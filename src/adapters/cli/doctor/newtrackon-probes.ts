// Sends the announces that newTrackon sends before it lists a tracker (protocol rules NT-04, NT-05), and judges the
// answers as it does. A "stopped" follows each, which newTrackon omits, so that the doctor leaves no peer behind.

import { errorMessage } from '../../../domain/error-message.ts'
import { httpGet } from '../../client/http-get.ts'
import { loopbackFor } from '../../client/service-probe.ts'
import { UdpTrackerClient } from '../../client/udp-tracker-client.ts'
import { writeHostPort } from '../../protocol/endpoint-text.ts'
import { type Bencoded, readBencoded } from '../../protocol/http/bencode-reader.ts'
import type { ListenerPlan } from './examined-tracker.ts'

/** The interval in the answer, or the violated rule and how. */
export type Announced = { readonly intervalSeconds: number } | { readonly rule: string; readonly violation: string }

const TIMEOUT_MS = 10_000
/** Two attempts. */
const UDP_WAITS_MS = [TIMEOUT_MS, TIMEOUT_MS]
/** Serves as info hash and as peer id. */
const HASH = Uint8Array.from('123456789abcdef123456789abcdef123456789a'.match(/../g) ?? [], (hex) =>
  Number.parseInt(hex, 16),
)
const TARGET =
  '/announce?info_hash=%00%FF%2B+%25%26%3D%3B%23%2F%3F%80%C3%28%0A%0D%22%27A~&peer_id=-qB4390-abcdefABCDEF&port=6881&uploaded=0&downloaded=0&left=0&compact=1&ipv6=None&ipv4=198.51.100.1'
const HEADERS = { 'User-Agent': 'qBittorrent/4.3.9', 'Accept-Encoding': 'gzip', Connection: 'close' }
/** A documentation address (RFC 5737). */
const FORWARDED = { 'X-Forwarded-For': '198.51.100.1' }

export async function announceOverUdp({ host, port }: Pick<ListenerPlan, 'host' | 'port'>): Promise<Announced> {
  try {
    using client = await UdpTrackerClient.open({ host: loopbackFor(host), port }, { waitsMs: UDP_WAITS_MS })
    const announce = { infoHash: HASH, peerId: HASH, left: 0, key: 42, port: 30461 }
    const { intervalSeconds } = await client.announce({ ...announce, event: 'started' })
    await client.announce({ ...announce, event: 'stopped' })
    return { intervalSeconds }
  } catch (error) {
    return { rule: 'NT-05', violation: errorMessage(error) }
  }
}

export async function announceOverHttp({ host, port, tls, isBehindProxy }: ListenerPlan): Promise<Announced> {
  const url = `${tls ? 'https' : 'http'}://${writeHostPort(loopbackFor(host), port)}${TARGET}`
  const headers = isBehindProxy ? { ...HEADERS, ...FORWARDED } : HEADERS
  const get = (suffix: string) => httpGet({ url: `${url}${suffix}`, timeoutMs: TIMEOUT_MS, headers, trusts: 'anyone' })
  try {
    const { status, statusText, body } = await get('')
    if (status !== 200) return { rule: 'NT-04', violation: `the answer was ${statusText}` }
    const announced = checkReply(readBencoded(body))
    await get('&event=stopped')
    return announced
  } catch (error) {
    return { rule: 'NT-04', violation: errorMessage(error) }
  }
}

function checkReply(reply: Bencoded | undefined): Announced {
  if (!(reply instanceof Map) || reply.size === 0)
    return { rule: 'NT-04', violation: 'the answer is not a bencoded dictionary' }
  const failure = reply.get('failure reason')
  if (failure !== undefined) return { rule: 'NT-04', violation: `refused: ${textOf(failure) ?? 'no text'}` }
  if (!reply.has('peers') && !reply.has('peers6'))
    return { rule: 'NT-04', violation: 'the answer has neither peers nor peers6' }
  for (const [key, value] of reply) {
    if (!isBytes(value) || key === 'peers' || key === 'peers6') continue
    if (key === 'external ip') {
      if (value.length !== 4 && value.length !== 16) {
        return { rule: 'NT-06', violation: 'external ip has neither 4 nor 16 bytes' }
      }
    } else if (textOf(value) === undefined) return { rule: 'NT-06', violation: `${key} is not UTF-8 text` }
  }
  const interval = reply.get('interval')
  if (typeof interval !== 'number') return { rule: 'NT-03', violation: 'the answer has no interval' }
  return { intervalSeconds: interval }
}

// Not `instanceof`, because tests run in their own realm.
function isBytes(value: Bencoded): value is Uint8Array {
  return ArrayBuffer.isView(value)
}

function textOf(value: Bencoded): string | undefined {
  if (!isBytes(value)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(value)
  } catch {
    return undefined
  }
}
