// node:http or node:https, as a listener needs it: made with or without a certificate, handed a new one, closed in order.

import { createServer, type Server, type ServerOptions } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import type { Counters } from '../../domain/ports/outbound/counters.ts'
import { Counter } from '../protocol/metrics/counters.ts'
import type { OpenSockets } from './open-sockets.ts'
import type { TlsPair, TlsReloadOutcome } from './tls-reload.ts'

/** What somebody should write into a log. */
export type CertificateEvent =
  | { readonly kind: 'certificate-reloaded' }
  | { readonly kind: 'certificate-refused'; readonly error: Error }

export function createWebServer(options: ServerOptions, pair: TlsPair | undefined): Server | TlsServer {
  if (pair === undefined) return createServer(options)
  return createTlsServer({ ...options, ...pair, handshakeTimeout: options.headersTimeout })
}

/** What becomes of a certificate that was read again. */
export function reloadOutcome(
  server: Server | TlsServer,
  counters: Counters,
  report: (event: CertificateEvent) => void,
): TlsReloadOutcome {
  return {
    apply: (pair) => {
      if ('setSecureContext' in server) server.setSecureContext(pair)
      counters.add(Counter.tls_reloads, 1)
      report({ kind: 'certificate-reloaded' })
    },
    fail: (error) => {
      counters.add(Counter.tls_reload_failures, 1)
      report({ kind: 'certificate-refused', error })
    },
  }
}

/** Stops accepting, and ends what is still open after `deadlineMs`. */
export async function closeServer(server: Server, sockets: OpenSockets, deadlineMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const deadline = setTimeout(() => {
    // Those too that are still about to agree on TLS, which node:http does not know.
    sockets.destroyAll()
  }, deadlineMs)
  await closed
  clearTimeout(deadline)
  sockets.stopSweeping()
}
