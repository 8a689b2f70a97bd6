// One GET on its own connection: the target is sent byte for byte, redirects are not followed, and both time and length
// of the answer are limited.

import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import { request as requestOverTls } from 'node:https'
import { connect, type LookupFunction, type NetConnectOpts, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectOverTls } from 'node:tls'
import { errorMessage } from '../../domain/error-message.ts'
import { writeBinaryHeader } from '../protocol/proxy/binary-header.ts'
import type { HostAddress } from './resolve-host.ts'
import { tlsFailure } from './tls-failure.ts'
import { TrackerError, type TrackerStage } from './tracker-error.ts'

export interface HttpGet {
  /**
   * Scheme, host, port, and the target exactly as it is sent. A Unix domain socket is written as nginx does it:
   * `http://unix:/run/muster/http.sock:/health_check`.
   */
  readonly url: string
  /** For the whole answer. */
  readonly timeoutMs: number
  readonly headers?: Readonly<Record<string, string>>
  /** Whose certificates to accept: `anyone` is for services probed by an address that the certificate does not name. */
  readonly trusts?: 'authorities' | 'anyone'
  /** The server expects a PROXY header; it gets one that names no client. */
  readonly proxyProtocol?: boolean | undefined
  /** Where to connect, instead of an address of the URL's host; the request and TLS still name the host. */
  readonly address?: HostAddress | undefined
  /** Of the body. */
  readonly maxBytes?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export interface HttpReply {
  readonly status: number
  /** Status and phrase: `200 OK`. */
  readonly statusText: string
  readonly headers: IncomingHttpHeaders
  readonly body: Uint8Array
}

const MAX_BODY_BYTES = 1024 * 1024
/** Of the causes of a failed look-up of the host. */
const RESOLVE_CODES = /^(?:ENOTFOUND|EAI_\w+|ENODATA)$/
const HTTP_URL = /^(https?:)\/\/(?:unix:(\/[^:]+):|(?:\[([^\]]+)\]|([^/:?#]+))(?::(\d+))?)(?=[/?]|$)/

/** The URL of a page: `origin` has scheme, host and port. */
export function pageUrl(origin: string, path: string): string {
  return /^https?:\/\/unix:/.test(origin) ? `${origin}:${path}` : `${origin}${path}`
}

/** Rejects with a `TrackerError`. */
export async function httpGet(options: HttpGet): Promise<HttpReply> {
  const { url, timeoutMs, headers = {}, trusts = 'authorities', proxyProtocol = false, address } = options
  const [origin, protocol, socketPath, ipv6, name, port] = HTTP_URL.exec(url) ?? []
  if (origin === undefined) throw new TrackerError('unreachable', 'not an http or https URL', { stage: 'resolve' })
  const tls = protocol === 'https:' ? { rejectUnauthorized: trusts === 'authorities' } : undefined
  const host = ipv6 ?? name
  const where = socketPath === undefined ? { host, port: Number(port ?? (tls ? 443 : 80)) } : { path: socketPath }
  const controller = new AbortController()
  const signal = options.signal === undefined ? controller.signal : AbortSignal.any([controller.signal, options.signal])
  const timer = setTimeout(() => controller.abort(), timeoutMs)
  const progress: Progress = { stage: 'connect' }
  try {
    signal.throwIfAborted()
    const target = {
      ...(socketPath === undefined ? { host, port } : { socketPath }),
      path: url.slice(origin.length) || '/',
      headers,
      signal,
      ...(address === undefined ? {} : { lookup: always(address) }),
      ...(proxyProtocol ? { createConnection: () => introduced(where, tls) } : { agent: false }),
    }
    const call = tls === undefined ? request(target) : requestOverTls({ ...target, ...tls })
    follow(call, progress)
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      // Node reports a server that changes the protocol (status 101) only as the end of the connection.
      call
        .on('response', resolve)
        .on('error', reject)
        .on('close', () => reject(unanswered()))
        .end()
    })
    progress.stage = 'receive'
    const status = response.statusCode ?? 0
    const body = await readBody(response, options.maxBytes ?? MAX_BODY_BYTES)
    return { status, statusText: `${status} ${response.statusMessage}`, headers: response.headers, body }
  } catch (cause) {
    throw failure(cause, progress, { ownSignal: controller.signal, ...options })
  } finally {
    clearTimeout(timer)
  }
}

/** How far a request has come. */
interface Progress {
  stage: TrackerStage
}

function follow(call: ClientRequest, progress: Progress): void {
  call.on('socket', (socket) => {
    const isReady = 'encrypted' in socket ? 'secureConnect' : 'connect'
    socket.once(isReady, () => {
      progress.stage = 'send'
    })
  })
  call.on('finish', () => {
    if (progress.stage === 'send') progress.stage = 'receive'
  })
}

function failure(
  cause: unknown,
  { stage }: Progress,
  { ownSignal, signal, timeoutMs }: HttpGet & { readonly ownSignal: AbortSignal },
): TrackerError {
  if (cause instanceof TrackerError) return cause
  if (ownSignal.aborted) return new TrackerError('timed-out', `no answer within ${timeoutMs} ms`, { stage })
  if (signal?.aborted) return TrackerError.stopped(stage, signal.reason)
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : ''
  if (code.startsWith('HPE_'))
    return new TrackerError('not-a-reply', 'the answer is not HTTP', { stage: 'parse', cause })
  const failedStage = RESOLVE_CODES.test(code) ? 'resolve' : stage
  return new TrackerError('unreachable', tlsFailure(cause) ?? errorMessage(cause), { stage: failedStage, cause })
}

function unanswered(): TrackerError {
  return new TrackerError('unreachable', 'the connection ended without an answer', { stage: 'receive' })
}

/** Stands in for the look-up of a name. */
function always({ address, family }: HostAddress): LookupFunction {
  return (_, { all }, done) => {
    if (all) done(null, [{ address, family }])
    else done(null, address, family)
  }
}

/** A connection that has sent a PROXY header which names no client. */
function introduced(where: NetConnectOpts, tls: ConnectionOptions | undefined): Socket {
  const socket = connect(where)
  socket.write(writeBinaryHeader(undefined))
  return tls === undefined ? socket : connectOverTls({ ...tls, socket })
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response) {
    length += chunk.length
    if (length > maxBytes) {
      throw new TrackerError('not-a-reply', `the answer is longer than ${maxBytes} bytes`, { stage: 'receive' })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
