// One GET on its own connection: the target is sent byte for byte, redirects are not followed, and both time and length
// of the answer are limited.

import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http'
import { request as requestOverTls } from 'node:https'
import { errorMessage } from '../../domain/error-message.ts'
import { TrackerError } from './tracker-error.ts'

export interface HttpGet {
  /** Scheme, host, port, and the target exactly as it is sent. */
  readonly url: string
  /** For the whole answer. */
  readonly timeoutMs: number
  readonly headers?: OutgoingHttpHeaders
  /** Whose certificates to accept: `anyone` is for services probed by an address that the certificate does not name. */
  readonly trusts?: 'authorities' | 'anyone'
}

export interface HttpReply {
  readonly status: number
  /** Status and phrase: `200 OK`. */
  readonly statusText: string
  readonly body: Uint8Array
}

const MAX_BODY_BYTES = 1024 * 1024
const HTTP_URL = /^(https?:)\/\/(?:\[([^\]]+)\]|([^/:?#]+))(?::(\d+))?(?=[/?]|$)/

/** Rejects with a `TrackerError`. */
export async function httpGet({ url, timeoutMs, headers = {}, trusts = 'authorities' }: HttpGet): Promise<HttpReply> {
  const [origin, protocol, ipv6, host, port] = HTTP_URL.exec(url) ?? []
  if (origin === undefined) throw new TrackerError('unreachable', 'not an http or https URL')
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), timeoutMs)
  const options = {
    host: ipv6 ?? host,
    port,
    path: url.slice(origin.length) || '/',
    headers,
    agent: false,
    signal: controller.signal,
  }
  try {
    const call =
      protocol === 'https:'
        ? requestOverTls({ ...options, rejectUnauthorized: trusts === 'authorities' })
        : request(options)
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      call.on('response', resolve).on('error', reject).end()
    })
    const status = response.statusCode ?? 0
    return { status, statusText: `${status} ${response.statusMessage}`, body: await readBody(response) }
  } catch (cause) {
    if (cause instanceof TrackerError) throw cause
    if (controller.signal.aborted) throw new TrackerError('timed-out', `no answer within ${timeoutMs} ms`)
    throw new TrackerError('unreachable', errorMessage(cause), cause)
  } finally {
    clearTimeout(timer)
  }
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
