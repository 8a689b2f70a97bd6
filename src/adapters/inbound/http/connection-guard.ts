// The connection limits of a listener (protocol rule SEC-23): how many, for how long, and the answer to clients that do
// not speak HTTP.

import type { Server, ServerOptions } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Counters } from '../../../domain/ports/outbound/counters.ts'
import { Counter } from '../../protocol/metrics/counters.ts'
import type { AddressBans } from '../address-bans.ts'
import { answerClientError } from '../answer-client-error.ts'
import type { ClientAddresses } from '../client-address.ts'
import { boundConnections, type NoteRequest } from '../connection-bounds.ts'
import type { BudgetKind, ConnectionBounds, ConnectionReport, RemoteEnd } from '../connection-table.ts'
import type { ProxyGateOptions } from '../proxy-gate.ts'

export interface ConnectionLimits extends ConnectionBounds {
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

const DISPLACED: Readonly<Record<BudgetKind, number>> = {
  address: Counter.http_connections_displaced_by_address,
  prefix: Counter.http_connections_displaced_by_prefix,
  total: Counter.http_connections_displaced_by_total,
}

/** Returns what is to be called with each request. */
export function guardConnections(
  server: Server,
  limits: ConnectionLimits,
  clients: ClientAddresses,
  { counters, bans }: { readonly counters: Counters; readonly bans: AddressBans },
): NoteRequest {
  server.maxRequestsPerSocket = limits.maxRequestsPerConnection
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    counters.add(Counter.http_connection_errors, 1)
    answerClientError(error, socket)
  })
  return boundConnections(server, limits, clients, connectionReport(counters), (remote) => {
    if (!isBannedEnd(remote, bans)) return false
    counters.add(Counter.http_requests_banned, 1)
    return true
  })
}

/** A proxy's own address is not its clients'. */
export function isBannedEnd({ address, isKnown, isProxy }: RemoteEnd, bans: AddressBans): boolean {
  return isKnown && !isProxy && bans.isBanned(address)
}

/** The limits of connections that begin with a PROXY header, until it has been read. */
export function gateOptions(limits: ConnectionLimits, clients: ClientAddresses, counters: Counters): ProxyGateOptions {
  return {
    clients,
    timeoutMs: limits.headersTimeoutMs,
    maxWaiting: limits.maxConnections,
    refused: () => counters.add(Counter.http_connections_refused, 1),
    failed: () => counters.add(Counter.http_connection_errors, 1),
  }
}

/** Counts what becomes of connections. */
export function connectionReport(counters: Counters): ConnectionReport {
  return {
    refused: () => counters.add(Counter.http_connections_refused, 1),
    displaced: (above) => counters.add(DISPLACED[above], 1),
  }
}
