// The connection limits of a listener (protocol rule SEC-23): how many, for how long, and the answer to clients that do
// not speak HTTP.

import type { Server, ServerOptions } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Counters } from '../../../domain/ports/outbound/counters.ts'
import { Counter } from '../../protocol/metrics/counters.ts'
import { addressPrefix } from '../address-prefix.ts'
import { answerClientError } from '../answer-client-error.ts'
import type { ClientAddresses } from '../client-address.ts'

export interface ConnectionLimits {
  /** Request line and headers together. */
  readonly maxHeaderBytes: number
  readonly headersTimeoutMs: number
  readonly requestTimeoutMs: number
  /** How often the two timeouts above are checked; adds to the effective timeout. */
  readonly checkingIntervalMs: number
  readonly keepAliveTimeoutMs: number
  /** For replies that the client does not read; takes effect after half of this to all of it. */
  readonly idleTimeoutMs: number
  readonly maxRequestsPerConnection: number
  readonly maxConnections: number
  /** Per IPv4 address or IPv6 /64. Trusted proxies are exempt. */
  readonly maxConnectionsPerAddress: number
}

/** The limits as options for creating a node:http server. */
export function serverOptions(limits: ConnectionLimits): ServerOptions {
  return {
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: limits.checkingIntervalMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    noDelay: true,
    // Checked by the request listener, whose rejections have a Content-Length (protocol rule HTTP-09).
    requireHostHeader: false,
  }
}

export class ConnectionGuard {
  readonly #clients: ClientAddresses
  readonly #counters: Counters
  readonly #maxPerAddress: number
  readonly #connections = new Map<number | string, number>()
  /** Called with a socket as `this`: one function for all connections. */
  readonly #onClose: (this: Socket) => void

  constructor(clients: ClientAddresses, counters: Counters, maxPerAddress: number) {
    this.#clients = clients
    this.#counters = counters
    this.#maxPerAddress = maxPerAddress
    const guard = this
    this.#onClose = function () {
      guard.#release(this)
    }
  }

  protect(server: Server, limits: ConnectionLimits): void {
    server.maxRequestsPerSocket = limits.maxRequestsPerConnection
    server.maxConnections = limits.maxConnections
    server.on('connection', this.#admit)
    server.on('drop', () => this.#counters.add(Counter.http_connections_refused, 1))
    server.on('clientError', this.#refuse)
  }

  readonly #admit = (socket: Socket): void => {
    const remote = this.#clients.remoteOf(socket)
    if (remote.isProxy) return
    const prefix = addressPrefix(remote.address)
    const count = this.#connections.get(prefix) ?? 0
    if (count >= this.#maxPerAddress) {
      this.#counters.add(Counter.http_connections_refused, 1)
      socket.destroy()
      return
    }
    this.#connections.set(prefix, count + 1)
    socket.on('close', this.#onClose)
  }

  #release(socket: Socket): void {
    const prefix = addressPrefix(this.#clients.remoteOf(socket).address)
    const count = this.#connections.get(prefix) ?? 0
    if (count > 1) this.#connections.set(prefix, count - 1)
    else this.#connections.delete(prefix)
  }

  readonly #refuse = (error: NodeJS.ErrnoException, socket: Duplex): void => {
    this.#counters.add(Counter.http_connection_errors, 1)
    answerClientError(error, socket)
  }
}
