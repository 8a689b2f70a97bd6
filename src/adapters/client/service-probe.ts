// Probes a service on this machine over its own protocol, as clients would. The texts of the outcome are those that
// Torrust's tools expect.

import { writeHostPort } from '../protocol/endpoint-text.ts'
import { httpGet, pageUrl } from './http-get.ts'
import { TrackerError } from './tracker-error.ts'
import type { UdpEndpoint } from './udp-exchange.ts'
import { UdpTrackerClient } from './udp-tracker-client.ts'

export type ProbeOutcome = { readonly Ok: string } | { readonly Err: string }

const UDP_TIMEOUT_MS = 2000
const HTTP_TIMEOUT_MS = 5000
/** Fixed, so that these probes can be told from clients in a capture. */
const TRANSACTION = 123

/** A wildcard is not an address that can be probed. */
export function loopbackFor(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  return host === '::' ? '::1' : host
}

/** Never rejects. */
export async function probeUdpTracker({ host, port }: UdpEndpoint): Promise<ProbeOutcome> {
  try {
    using client = await UdpTrackerClient.open(
      { host: loopbackFor(host), port },
      { waitsMs: [UDP_TIMEOUT_MS], newTransactionId: () => TRANSACTION },
    )
    await client.connect()
    return { Ok: 'Connected' }
  } catch (error) {
    return { Err: error instanceof TrackerError && error.kind === 'timed-out' ? 'Timed Out' : 'Did not Connect' }
  }
}

/** A page on this machine that answers 200 while its service is healthy. */
export interface HealthPage {
  readonly scheme: string
  readonly host: string
  readonly port: number
  readonly path: string
  /** The service expects a PROXY header. */
  readonly proxyProtocol?: boolean
}

/** Never rejects. Certificates are not verified: they are for names, and the service is probed by address. */
export async function probeHttp({ scheme, host, port, path, proxyProtocol }: HealthPage): Promise<ProbeOutcome> {
  const url = pageUrl(`${scheme}://${writeHostPort(loopbackFor(host), port)}`, path)
  try {
    const { status, statusText } = await httpGet({ url, timeoutMs: HTTP_TIMEOUT_MS, trusts: 'anyone', proxyProtocol })
    return status === 200 ? { Ok: statusText } : { Err: statusText }
  } catch {
    return { Err: `error sending request for url (${url})` }
  }
}
