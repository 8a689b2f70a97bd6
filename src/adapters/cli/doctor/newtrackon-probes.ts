// Announces as newTrackon sends them when it is asked to list a tracker (protocol rules NT-04, NT-05), and what it makes of the answers.
// Each is followed by "stopped", which newTrackon leaves out: the doctor leaves no peer behind.

import { AnnounceEvent } from '../../../domain/announce.ts'
import { reasonOf } from '../../../domain/reason-of.ts'
import { httpGet } from '../../client/http-get.ts'
import { loopbackFor } from '../../client/service-probe.ts'
import { TrackerError } from '../../client/tracker-error.ts'
import { UdpTrackerClient } from '../../client/udp-tracker-client.ts'
import { writeHostPort } from '../../protocol/endpoint-text.ts'
import { type Bencoded, readBencoded } from '../../protocol/http/bencode-reader.ts'
import type { ListenerPlan } from './patient.ts'

/** The interval that was answered, or the rule that was broken and how. */
export type Announced = { readonly intervalSeconds: number } | { readonly rule: string; readonly complaint: string }

const TIMEOUT_MS = 10_000
const UDP_ATTEMPTS = 2
const TRANSACTION = 123
/** Info hash and peer id alike. */
const HASH = Uint8Array.from('123456789abcdef123456789abcdef123456789a'.match(/../g) ?? [], (hex) =>
  Number.parseInt(hex, 16),
)
const TARGET =
  '/announce?info_hash=%00%FF%2B+%25%26%3D%3B%23%2F%3F%80%C3%28%0A%0D%22%27A~&peer_id=-qB4390-abcdefABCDEF&port=6881&uploaded=0&downloaded=0&left=0&compact=1&ipv6=None&ipv4=198.51.100.1'
const HEADERS = { 'User-Agent': 'qBittorrent/4.3.9', 'Accept-Encoding': 'gzip', Connection: 'close' }
/** Of nobody (RFC 5737). */
const FORWARDED = { 'X-Forwarded-For': '198.51.100.1' }

export async function announceOverUdp(listener: Pick<ListenerPlan, 'host' | 'port'>, attempt = 1): Promise<Announced> {
  const { host, port } = listener
  let client: UdpTrackerClient | undefined
  try {
    client = await UdpTrackerClient.open({ host: loopbackFor(host), port }, TIMEOUT_MS)
    const announce = {
      connectionId: await client.connect(TRANSACTION),
      transactionId: TRANSACTION,
      infoHash: HASH,
      peerId: HASH,
      downloaded: 0n,
      left: 0n,
      uploaded: 0n,
      event: AnnounceEvent.Started,
      key: 42,
      numwant: -1,
      port: 30461,
    }
    const { intervalSeconds } = await client.announce(announce)
    await client.announce({ ...announce, event: AnnounceEvent.Stopped })
    return { intervalSeconds }
  } catch (error) {
    const isSilent = error instanceof TrackerError && error.kind === 'timed-out'
    if (!isSilent || attempt === UDP_ATTEMPTS) return { rule: 'NT-05', complaint: reasonOf(error) }
  } finally {
    client?.close()
  }
  return await announceOverUdp(listener, attempt + 1)
}

export async function announceOverHttp({ host, port, tls, isBehindProxy }: ListenerPlan): Promise<Announced> {
  const url = `${tls ? 'https' : 'http'}://${writeHostPort(loopbackFor(host), port)}${TARGET}`
  const headers = isBehindProxy ? { ...HEADERS, ...FORWARDED } : HEADERS
  const get = (suffix: string) => httpGet({ url: `${url}${suffix}`, timeoutMs: TIMEOUT_MS, headers, trusts: 'anybody' })
  try {
    const { status, statusText, body } = await get('')
    if (status !== 200) return { rule: 'NT-04', complaint: `the answer was ${statusText}` }
    const announced = judge(readBencoded(body))
    await get('&event=stopped')
    return announced
  } catch (error) {
    return { rule: 'NT-04', complaint: reasonOf(error) }
  }
}

function judge(reply: Bencoded | undefined): Announced {
  if (!(reply instanceof Map) || reply.size === 0)
    return { rule: 'NT-04', complaint: 'the answer is no bencoded dictionary' }
  const failure = reply.get('failure reason')
  if (failure !== undefined) return { rule: 'NT-04', complaint: `refused: ${textOf(failure) ?? 'no text'}` }
  if (!reply.has('peers') && !reply.has('peers6'))
    return { rule: 'NT-04', complaint: 'the answer has no peers and no peers6' }
  for (const [key, value] of reply) {
    if (!isBytes(value) || key === 'peers' || key === 'peers6') continue
    if (key === 'external ip') {
      if (value.length !== 4 && value.length !== 16) {
        return { rule: 'NT-06', complaint: 'external ip has neither 4 nor 16 bytes' }
      }
    } else if (textOf(value) === undefined) return { rule: 'NT-06', complaint: `${key} is no UTF-8 text` }
  }
  const interval = reply.get('interval')
  if (typeof interval !== 'number') return { rule: 'NT-03', complaint: 'the answer has no interval' }
  return { intervalSeconds: interval }
}

// A view rather than `instanceof`: tests run in a realm of their own.
const isBytes = (value: Bencoded): value is Uint8Array => ArrayBuffer.isView(value)

function textOf(value: Bencoded): string | undefined {
  if (!isBytes(value)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(value)
  } catch {
    return undefined
  }
}
