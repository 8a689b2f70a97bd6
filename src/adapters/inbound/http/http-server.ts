// A listener for HTTP or HTTPS tracker requests: bounded in everything that clients can ask of it, closed in order.

import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import type { Tracker } from '../../../domain/ports/inbound/tracker.ts'
import type { ConnectionSteering } from '../../../domain/ports/outbound/connection-steering.ts'
import { Counter } from '../../protocol/metrics/counters.ts'
import type { TlsFiles } from '../tls-reload.ts'
import { type CertificateEvent, createWebServer } from '../web-server.ts'
import { AnnounceEndpoint, type ReplyPolicy } from './announce-endpoint.ts'
import { ClientAddresses } from './client-address.ts'
import { ConnectionGuard, type ConnectionLimits, serverOptions } from './connection-guard.ts'
import { type HttpDependencies, TrackerRequests } from './request-listener.ts'
import { createTrackerApp } from './tracker-app.ts'

/** As long as a connection may take to be made: somebody's last packet is on its way. */
const HAND_OVER_MS = 300

export interface HttpListenerOptions {
  readonly host: string
  /** 0 lets the operating system choose; the listener's address tells which it is. */
  readonly port: number
  readonly ipv6Only: boolean
  /** Several threads listen on one port, each with a socket of its own. */
  readonly reusePort: boolean
  readonly tls: TlsFiles | undefined
  /** Addresses and CIDR ranges whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[]
  readonly replies: ReplyPolicy
  readonly limits: ConnectionLimits
  /** For listeners that share a port with other processes. */
  readonly steering?: ConnectionSteering | undefined
}

/** What somebody should write into a log. */
export type HttpListenerEvent = CertificateEvent | { readonly kind: 'internal-error'; readonly error: Error }

export interface HttpListener {
  readonly address: AddressInfo
  /** Reads the certificate again, if there is one. Never rejects: what went wrong is reported. */
  reload(): Promise<void>
  /**
   * Has new connections go to others who share the port, stops accepting, tells clients that each reply is the last of
   * its connection, and ends what is still open after `deadlineMs`.
   */
  close(deadlineMs: number): Promise<void>
  /** The process that had the port before is gone: what it said about new connections no longer holds. */
  spreadConnections(): void
}

/** Rejects when the address cannot be had or the certificate is no good. */
export async function openHttpListener(
  options: HttpListenerOptions,
  tracker: Tracker,
  dependencies: HttpDependencies,
  report: (event: HttpListenerEvent) => void,
): Promise<HttpListener> {
  const { counters } = dependencies
  const clients = new ClientAddresses(options.trustedProxies)
  const endpoint = new AnnounceEndpoint(tracker, counters, options.replies, options.limits.maxHeaderBytes, Math.random)
  const onInternalError = (error: Error): void => {
    counters.add(Counter.internal_errors, 1)
    report({ kind: 'internal-error', error })
  }
  const requests = new TrackerRequests(endpoint, clients, dependencies, createTrackerApp(onInternalError))
  const web = await createWebServer({
    limits: serverOptions(options.limits),
    idleTimeoutMs: options.limits.idleTimeoutMs,
    failed: onInternalError,
    certificate: options.tls && { files: options.tls, counters, report },
  })
  const { server } = web
  server.on('request', requests.listener)
  // Nobody is invited to send a body.
  server.on('checkContinue', requests.listener)
  // Other expectations are left unmet: node:http would refuse them in chunks.
  server.on('checkExpectation', requests.listener)
  new ConnectionGuard(clients, counters, options.limits.maxConnectionsPerAddress).protect(server, options.limits)
  const { host, port, ipv6Only, reusePort } = options

  return {
    address: await web.listen({ host, port, ipv6Only, reusePort }),
    reload: () => web.reload(),
    close: async (deadlineMs) => {
      requests.drain()
      const handOverMs = handOver(server, options.steering) ? Math.min(HAND_OVER_MS, deadlineMs) : 0
      // What is on its way arrives, and is answered.
      if (handOverMs > 0) await setTimeout(handOverMs)
      await web.close(deadlineMs - handOverMs)
    },
    spreadConnections: () => {
      const fd = descriptorOf(server)
      if (fd !== undefined) options.steering?.spread(fd)
    },
  }
}

/** False when new connections go on coming in. */
function handOver(server: Server, steering: ConnectionSteering | undefined): boolean {
  const fd = descriptorOf(server)
  return fd === undefined ? false : (steering?.steerAway(fd) ?? false)
}

/** Node.js keeps it in a handle that it does not document; without it there is no steering. */
function descriptorOf(server: object): number | undefined {
  const handle = '_handle' in server ? server._handle : undefined
  const isHandle = typeof handle === 'object' && handle !== null && 'fd' in handle
  return isHandle && typeof handle.fd === 'number' && handle.fd >= 0 ? handle.fd : undefined
}
