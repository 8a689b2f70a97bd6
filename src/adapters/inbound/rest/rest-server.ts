// The management API's listener: every client-controlled resource is bounded, and it closes gracefully. It runs in the
// main thread, like the store and the writers of shared memory.

import type { IncomingMessage, RequestListener, ServerOptions, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { Cancellation } from '../../../domain/cancellation.ts'
import { Counter } from '../../protocol/metrics/counters.ts'
import { Histogram } from '../../protocol/metrics/measurements.ts'
import { answerClientError } from '../answer-client-error.ts'
import { ClientAddresses } from '../client-address.ts'
import { boundConnections, keepConnection } from '../connection-bounds.ts'
import type { BudgetKind } from '../connection-table.ts'
import { HostRule } from '../host-rule.ts'
import { owe } from '../owed-replies.ts'
import { valuesOf } from '../raw-headers.ts'
import type { SocketFileOptions } from '../socket-file.ts'
import type { TlsFiles } from '../tls-reload.ts'
import { type CertificateEvent, createWebServer } from '../web-server.ts'
import { type ApiToken, TokenGate } from './authentication.ts'
import { hasNormalizedPath } from './normalized-path.ts'
import { createRestApp } from './rest-app.ts'
import type { ApiCaller, RestContext, RestPorts } from './rest-context.ts'
import type { RestLimits } from './rest-limits.ts'

export interface RestListenerOptions {
  readonly host: string
  /** 0: the operating system chooses one; see the listener's address. */
  readonly port: number
  /** Instead of host and port: a Unix domain socket. */
  readonly socketFile?: SocketFileOptions | undefined
  readonly tls: TlsFiles | undefined
  readonly tokens: readonly ApiToken[]
  /** Origins whose pages may use the API from a browser; none of them is `*`. */
  readonly allowedOrigins: readonly string[]
  /** Names and addresses, without ports, that requests may name besides the listener's own. */
  readonly allowedHosts: readonly string[]
  /** Addresses and CIDR ranges whose `X-Forwarded-For` is trusted. */
  readonly trustedProxies: readonly string[]
  readonly limits: RestLimits
  readonly access: RestContext['access']
  /** The tracker's, for the API description. */
  readonly version: string
  /** The client program that a peer id names. */
  readonly clientName: (peerId: Uint8Array) => string | null
}

/** For the log. */
export type RestListenerEvent = CertificateEvent | { readonly kind: 'internal-error'; readonly error: Error }

export interface RestListener {
  readonly address: AddressInfo
  /** Reloads the certificate, if there is one. Never rejects: failures are reported. */
  reload(): Promise<void>
  /**
   * Stops accepting, sends `Connection: close` with each answer, and closes connections still open after `deadlineMs`.
   */
  close(deadlineMs: number): Promise<void>
}

const DISPLACED: Readonly<Record<BudgetKind, number>> = {
  address: Counter.rest_connections_displaced_by_address,
  prefix: Counter.rest_connections_displaced_by_prefix,
  total: Counter.rest_connections_displaced_by_total,
}

/** Rejects when the address is not available or the certificate is invalid. */
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
  const { tokens, limits, access, allowedOrigins, version, clientName } = options
  const gate = new TokenGate(tokens, ports.clock, counters)
  const { host, port, socketFile } = options
  const clients = new ClientAddresses(options.trustedProxies, { isUnixSocket: socketFile !== undefined })
  const hosts = new HostRule(host, options.allowedHosts)
  const context = { ports, gate, limits, access, allowedOrigins, version, clientName, onInternalError }
  const requests = new RestRequests(context, clients, hosts)
  const web = await createWebServer({
    limits: serverOptions(limits),
    idleTimeoutMs: limits.idleTimeoutMs,
    failed: onInternalError,
    certificate: options.tls && { files: options.tls, counters, report },
  })
  const { server } = web
  const noteRequest = boundConnections(server, limits, clients, {
    refused: () => counters.add(Counter.rest_connections_refused, 1),
    displaced: (above) => counters.add(DISPLACED[above], 1),
  })
  server.on('request', (request, response) => {
    noteRequest(response)
    requests.listener(request, response)
  })
  server.on('clientError', answerClientError)

  return {
    address: await web.listen(socketFile ?? { host, port }),
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
  /** Responses not yet sent. */
  readonly #waiting = new Set<ServerResponse>()
  #isDraining = false

  constructor(context: RestContext, clients: ClientAddresses, hosts: HostRule) {
    this.#context = context
    const app = createRestApp(context)
    // HTTP/1.0 clients need not send a Host header.
    const settings = { hostname: 'localhost', overrideGlobalObjects: false }
    this.#app = getRequestListener((request, { incoming, outgoing }) => {
      const message = incoming as IncomingMessage
      const client: ApiCaller = {
        address: clients.textOf(message),
        hasForeignHost: !hosts.accepts(message),
        authorizations: valuesOf(message.rawHeaders, 'authorization'),
        departure: new Departure(message.socket),
        hangUp: () => outgoing.destroy(),
        keepConnection: () => keepConnection(message.socket),
      }
      return app.fetch(request, client)
    }, settings)
  }

  /** From now on every answer closes its connection, pending ones included. */
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
    if (hasNormalizedPath(request.url ?? '')) void this.#app(request, response)
    // Load balancers also send it for `*`, the server as a whole.
    else if (request.method === 'OPTIONS') response.writeHead(204).end()
    else response.writeHead(404, { 'Content-Length': 0, Connection: 'close' }).end()
  }
}

class Departure implements Cancellation {
  readonly #socket: Socket

  constructor(socket: Socket) {
    this.#socket = socket
  }

  get aborted(): boolean {
    return this.#socket.destroyed
  }
}

/** Such a body is never read, and a client that declares one without sending it would hold the connection. */
function hasUnwantedBody({ method, headers }: IncomingMessage): boolean {
  if (method === 'POST' || method === 'PUT' || method === 'PATCH') return false
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0
}

function serverOptions(limits: RestLimits): ServerOptions {
  return {
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersTimeoutMs,
    // Shorter timeouts are enforced where the body is read.
    requestTimeout: limits.importTimeoutMs,
    connectionsCheckingInterval: limits.checkingIntervalMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    noDelay: true,
  }
}
