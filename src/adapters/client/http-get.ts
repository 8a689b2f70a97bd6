// One GET on its own connection: the target is sent byte for byte, redirects are not followed, and both time and length
// of the answer are limited.

import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http'
import { request as requestOverTls } from 'node:https'
import { connect, type NetConnectOpts, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectOverTls } from 'node:tls'
import { errorMessage } from '../../domain/error-message.ts'
import { writeBinaryHeader } from '../protocol/proxy/binary-header.ts'
import { TrackerError } from './tracker-error.ts'

export interface HttpGet {
  /**
   * Scheme, host, port, and the target exactly as it is sent. A Unix domain socket is written as nginx does it:
   * `http://unix:/run/muster/http.sock:/health_check`.
   */
  readonly url: string
  /** For the whole answer. */
  readonly timeoutMs: number
  readonly headers?: OutgoingHttpHeaders
  /** Whose certificates to accept: `anyone` is for services probed by an address that the certificate does not name. */
  readonly trusts?: 'authorities' | 'anyone'
  /** The server expects a PROXY header; it gets one that names no client. */
  readonly proxyProtocol?: boolean | undefined
}

export interface HttpReply {
  readonly status: number
  /** Status and phrase: `200 OK`. */
  readonly statusText: string
  readonly body: Uint8Array
}

const MAX_BODY_BYTES = 1024 * 1024
const HTTP_URL = /^(https?:)\/\/(?:unix:(\/[^:]+):|(?:\[([^\]]+)\]|([^/:?#]+))(?::(\d+))?)(?=[/?]|$)/

/** The URL of a page: `origin` has scheme, host and port. */
export function pageUrl(origin: string, path: string): string {
  return /^https?:\/\/unix:/.test(origin) ? `${origin}:${path}` : `${origin}${path}`
}

/** Rejects with a `TrackerError`. */
export async function httpGet(options: HttpGet): Promise<HttpReply> {
  const { url, timeoutMs, headers = {}, trusts = 'authorities', proxyProtocol = false } = options
  const [origin, protocol, socketPath, ipv6, name, port] = HTTP_URL.exec(url) ?? []
  if (origin === undefined) throw new TrackerError('unreachable', 'not an http or https URL')
  const tls = protocol === 'https:' ? { rejectUnauthorized: trusts === 'authorities' } : undefined
  const host = ipv6 ?? name
  const where = socketPath === undefined ? { host, port: Number(port ?? (tls ? 443 : 80)) } : { path: socketPath }
  const controller = new AbortController()
  const { signal } = controller
  const timer = setTimeout(() => controller.abort(), timeoutMs)
  try {
    const target = {
      ...(socketPath === undefined ? { host, port } : { socketPath }),
      path: url.slice(origin.length) || '/',
      headers,
      signal,
      ...(proxyProtocol ? { createConnection: () => introduced(where, tls) } : { agent: false }),
    }
    const call = tls === undefined ? request(target) : requestOverTls({ ...target, ...tls })
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      call.on('response', resolve).on('error', reject).end()
    })
    const status = response.statusCode ?? 0
    return { status, statusText: `${status} ${response.statusMessage}`, body: await readBody(response) }
  } catch (cause) {
    if (cause instanceof TrackerError) throw cause
    if (signal.aborted) throw new TrackerError('timed-out', `no answer within ${timeoutMs} ms`)
    throw new TrackerError('unreachable', errorMessage(cause), cause)
  } finally {
    clearTimeout(timer)
  }
}

/** A connection that has sent a PROXY header which names no client. */
function introduced(where: NetConnectOpts, tls: ConnectionOptions | undefined): Socket {
  const socket = connect(where)
  socket.write(writeBinaryHeader(undefined))
  return tls === undefined ? socket : connectOverTls({ ...tls, socket })
}

async function readBody(response: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response) {
    length += chunk.length
    if (length > MAX_BODY_BYTES)
      throw new TrackerError('not-a-reply', `the answer is longer than ${MAX_BODY_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
