// The listener of the management API: bounded in everything that clients can ask of it, closed in order. It runs in the
// main thread, where the store and the writers of shared memory are.

import type { IncomingMessage, RequestListener, ServerOptions, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { Counter } from '../../protocol/metrics/counters.ts'
import { Histogram } from '../../protocol/metrics/measurements.ts'
import { answerClientError } from '../answer-client-error.ts'
import { owe } from '../owed-replies.ts'
import type { TlsFiles } from '../tls-reload.ts'
import { type CertificateEvent, createWebServer } from '../web-server.ts'
import { type ApiToken, TokenGate } from './authentication.ts'
import { hasPlainPath } from './normalized-path.ts'
import { createRestApp } from './rest-app.ts'
import type { ApiCaller, RestContext, RestPorts } from './rest-context.ts'
import type { RestLimits } from './rest-limits.ts'

export interface RestListenerOptions {
  readonly host: string
  /** 0 lets the operating system choose; the listener's address tells which it is. */
  readonly port: number
  readonly tls: TlsFiles | undefined
  readonly tokens: readonly ApiToken[]
  /** Origins whose pages may use the API from a browser; none of them is `*`. */
  readonly allowedOrigins: readonly string[]
  readonly limits: RestLimits
  /** Of the tracker, for its description. */
  readonly version: string
  /** What a peer id says about the program behind it. */
  readonly clientName: (peerId: Uint8Array) => string | null
}

/** What somebody should write into a log. */
export type RestListenerEvent = CertificateEvent | { readonly kind: 'internal-error'; readonly error: Error }

export interface RestListener {
  readonly address: AddressInfo
  /** Reads the certificate again, if there is one. Never rejects: what went wrong is reported. */
  reload(): Promise<void>
  /**
   * Stops accepting, tells clients that each answer is the last of its connection, and ends what is still open after
   * `deadlineMs`.
   */
  close(deadlineMs: number): Promise<void>
}

/** Rejects when the address cannot be had or the certificate is no good. */
export async function openRestListener(
  options: RestListenerOptions,
  ports: RestPorts,
  report: (event: RestListenerEvent) => void,
): Promise<RestListener> {
  const { counters } = ports
  const onInternalError = (error: Error): void => {
    counters.add(Counter.internal_errors, 1)
    report({ kind: 'internal-error', error })
  }
  const { tokens, limits, allowedOrigins, version, clientName } = options
  const gate = new TokenGate(tokens, ports.clock, counters)
  const requests = new RestRequests({ ports, gate, limits, allowedOrigins, version, clientName, onInternalError })
  const web = await createWebServer({
    limits: serverOptions(limits),
    idleTimeoutMs: limits.idleTimeoutMs,
    failed: onInternalError,
    certificate: options.tls && { files: options.tls, counters, report },
  })
  const { server } = web
  server.maxConnections = limits.maxConnections
  server.on('request', requests.listener)
  server.on('clientError', answerClientError)

  return {
    address: await web.listen({ host: options.host, port: options.port }),
    reload: () => web.reload(),
    close: async (deadlineMs) => {
      requests.drain()
      await web.close(deadlineMs)
    },
  }
}

class RestRequests {
  readonly #app: RequestListener
  readonly #context: RestContext
  /** Not yet answered. */
  readonly #waiting = new Set<ServerResponse>()
  #isDraining = false

  constructor(context: RestContext) {
    this.#context = context
    const app = createRestApp(context)
    // HTTP/1.0 clients need not say which host they mean.
    const settings = { hostname: 'localhost', overrideGlobalObjects: false }
    this.#app = getRequestListener((request, { incoming, outgoing }) => {
      const { socket, rawHeaders } = incoming as IncomingMessage
      const client: ApiCaller = {
        address: socket.remoteAddress ?? '',
        authorizations: valuesOf(rawHeaders, 'authorization'),
        hangUp: () => outgoing.destroy(),
      }
      return app.fetch(request, client)
    }, settings)
  }

  /** From now on every answer is the last of its connection, those too that are waited for already. */
  drain(): void {
    this.#isDraining = true
    for (const response of this.#waiting) if (!response.headersSent) response.setHeader('Connection', 'close')
  }

  readonly listener = (request: IncomingMessage, response: ServerResponse): void => {
    const { counters, measurements } = this.#context.ports
    const beganAt = performance.now()
    counters.add(Counter.rest_requests, 1)
    this.#waiting.add(response)
    owe(response)
    response.on('close', () => {
      this.#waiting.delete(response)
      measurements.observe(Histogram.rest_request, (performance.now() - beganAt) / 1000, 1)
    })
    if (this.#isDraining || hasUnwantedBody(request)) response.setHeader('Connection', 'close')
    if (hasPlainPath(request.url ?? '')) void this.#app(request, response)
    // Of the server as a whole, too: load balancers ask this.
    else if (request.method === 'OPTIONS') response.writeHead(204).end()
    else response.writeHead(404, { 'Content-Length': 0, Connection: 'close' }).end()
  }
}

/** Nobody reads it, and whoever announces one without sending it would keep the connection. */
function hasUnwantedBody({ method, headers }: IncomingMessage): boolean {
  if (method === 'POST' || method === 'PATCH') return false
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0
}

function serverOptions(limits: RestLimits): ServerOptions {
  return {
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersTimeoutMs,
    // Whoever reads a shorter body looks at the clock himself.
    requestTimeout: limits.importTimeoutMs,
    connectionsCheckingInterval: limits.checkingIntervalMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    noDelay: true,
  }
}

/** Of all header lines of a name, which is given in lower case. */
function valuesOf(rawHeaders: readonly string[], wanted: string): readonly string[] {
  const values: string[] = []
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i].toLowerCase() === wanted) values.push(rawHeaders[i + 1])
  }
  return values
}
