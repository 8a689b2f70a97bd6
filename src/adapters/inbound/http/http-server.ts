// A listener for HTTP or HTTPS tracker requests: limits everything that clients can use, and shuts down in order.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import type { ExternalAddress } from '../../../domain/external-address.ts'
import type { Tracker } from '../../../domain/ports/inbound/tracker.ts'
import type { ConnectionSteering } from '../../../domain/ports/outbound/connection-steering.ts'
import type { TcpCalls } from '../../linux/tcp-calls.ts'
import { writeHostPort } from '../../protocol/endpoint-text.ts'
import type { IpParameter } from '../../protocol/http/ip-parameter.ts'
import { Counter } from '../../protocol/metrics/counters.ts'
import { ClientAddresses } from '../client-address.ts'
import type { SocketFileOptions } from '../socket-file.ts'
import type { TlsFiles } from '../tls-reload.ts'
import { type CertificateEvent, createWebServer } from '../web-server.ts'
import { AnnounceEndpoint, type ReplyPolicy } from './announce-endpoint.ts'
import { shortenUnderAttack } from './attack-timeouts.ts'
import { type ConnectionLimits, gateOptions, guardConnections, serverOptions } from './connection-guard.ts'
import type { HandOver } from './plain/plain-loop.ts'
import { openPlainSocket } from './plain/plain-socket.ts'
import { type HttpDependencies, TrackerRequests } from './request-listener.ts'
import { descriptorOf } from './server-descriptor.ts'
import { createTrackerApp } from './tracker-app.ts'

/** How long opening a connection may take: the last packet of a handshake may be on its way. */
const HAND_OVER_MS = 300

export interface HttpListenerOptions {
  /** Shown in traces. For a Unix domain socket `unix:` and the path, with port 0. */
  readonly host: string
  /** 0 lets the operating system choose; the listener's `address` contains the port. */
  readonly port: number
  readonly ipv6Only: boolean
  /** True if several threads listen on one port, each with its own socket. */
  readonly reusePort: boolean
  /** Instead of host and port: a Unix domain socket. */
  readonly socketFile?: SocketFileOptions | undefined
  readonly tls: TlsFiles | undefined
  /** For TLS sessions, see `Certificate`. */
  readonly ticketKeys?: Uint8Array | undefined
  /** Addresses and CIDR ranges whose `X-Forwarded-For` or PROXY header is trusted. */
  readonly trustedProxies: readonly string[]
  /** `X-Forwarded-For` is not read. */
  readonly ignoresForwarded?: boolean | undefined
  /** Connections begin with a PROXY header. */
  readonly proxyProtocol?: boolean | undefined
  readonly replies: ReplyPolicy
  /** Lists clients from loopback addresses with this address. */
  readonly externalAddress: ExternalAddress | undefined
  /** Honours the `ip` parameter of announces; undefined: it is ignored. */
  readonly ipParameter: IpParameter | undefined
  readonly limits: ConnectionLimits
  /**
   * Accepts the connections, and passes on those that node:http has to serve; undefined: node:http accepts them. It
   * knows nothing of TLS, PROXY headers and Unix domain sockets.
   */
  readonly plainDriver?: PlainDriver | undefined
  /** For listeners that share a port with other processes. */
  readonly steering?: ConnectionSteering | undefined
}

/** The plain driver, as a listener sees it. */
export interface PlainDriver {
  readonly calls: TcpCalls
  /** Serves what has arrived, and ends the connections still open after `deadlineMs`. May be called more than once. */
  stop(deadlineMs: number): Promise<void>
}

/** To be logged. */
export type HttpListenerEvent = CertificateEvent | { readonly kind: 'internal-error'; readonly error: Error }

export interface HttpListener {
  readonly address: AddressInfo
  /** Descriptor of the listening socket from which the plain driver accepts; undefined without that driver. */
  readonly plainFd: number | undefined
  /** Serves a connection of the plain driver. */
  adopt(connection: HandOver): void
  /** Reloads the certificate, if there is one. Never rejects: failures are reported. */
  reload(): Promise<void>
  /**
   * Steers new connections to the other sockets on the port, stops accepting, marks each reply as the last of its
   * connection, and ends the connections still open after `deadlineMs`.
   */
  close(deadlineMs: number): Promise<void>
  /** To be called when the previous process on the port has ended: undoes its steering of new connections. */
  spreadConnections(): void
}

/** Rejects if the address cannot be bound or the certificate is invalid. */
export async function openHttpListener(
  options: HttpListenerOptions,
  tracker: Tracker,
  dependencies: HttpDependencies,
  report: (event: HttpListenerEvent) => void,
): Promise<HttpListener> {
  const { counters } = dependencies
  const { host, port, ipv6Only, reusePort, plainDriver, socketFile, limits } = options
  const clients = new ClientAddresses(options.trustedProxies, {
    ignoresForwarded: options.ignoresForwarded,
    isUnixSocket: socketFile !== undefined,
  })
  const { replies, externalAddress, ipParameter } = options
  const endpointOptions = { replies, externalAddress, ipParameter, maxTargetBytes: limits.maxHeaderBytes }
  const endpoint = new AnnounceEndpoint(tracker, counters, endpointOptions, Math.random)
  const onInternalError = (error: Error): void => {
    counters.add(Counter.internal_errors, 1)
    report({ kind: 'internal-error', error })
  }
  const url = `${options.tls === undefined ? 'http' : 'https'}://${writeHostPort(host, port)}`
  const requests = new TrackerRequests(endpoint, clients, dependencies, createTrackerApp(onInternalError), url)
  const web = await createWebServer({
    limits: serverOptions(limits),
    idleTimeoutMs: limits.idleTimeoutMs,
    failed: onInternalError,
    certificate: options.tls && { files: options.tls, ticketKeys: options.ticketKeys, counters, report },
    proxyGate: options.proxyProtocol ? gateOptions(limits, clients, counters) : undefined,
  })
  const { server } = web
  const noteRequest = guardConnections(server, limits, clients, dependencies)
  shortenUnderAttack(server, limits, dependencies.attack)
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    noteRequest(response)
    requests.listener(request, response)
  }
  server.on('request', onRequest)
  // No client is invited to send a body.
  server.on('checkContinue', onRequest)
  // Other expectations are ignored: node:http would reject them with a chunked response.
  server.on('checkExpectation', onRequest)
  const where = { host, port, ipv6Only, reusePort }
  const plain = plainDriver && (await openPlainSocket(where, plainDriver.calls))
  if (plain !== undefined) web.serveAdopted()

  return {
    address: plain?.address ?? (await web.listen(socketFile ?? where)),
    plainFd: plain?.fd,
    adopt: (connection) => web.adopt(connection),
    reload: () => web.reload(),
    close: async (deadlineMs) => {
      requests.drain()
      const fd = plain?.fd ?? descriptorOf(server)
      const isSteered = socketFile === undefined && fd !== undefined && options.steering?.steerAway(fd)
      const handOverMs = isSteered || web.isReplaced() ? Math.min(HAND_OVER_MS, deadlineMs) : 0
      // Connections on their way arrive and are answered.
      if (handOverMs > 0) await setTimeout(handOverMs)
      const end = performance.now() + deadlineMs - handOverMs
      await plainDriver?.stop(deadlineMs - handOverMs)
      await web.close(Math.max(0, end - performance.now()))
    },
    spreadConnections: () => {
      const fd = plain?.fd ?? descriptorOf(server)
      if (socketFile === undefined && fd !== undefined) options.steering?.spread(fd)
    },
  }
}
