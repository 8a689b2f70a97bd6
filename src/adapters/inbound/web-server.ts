// node:http or node:https, as a listener needs it: made with or without a certificate, which is replaced while it
// serves, and closed in order. What is asked and answered is the listener's own.

import { once } from 'node:events'
import { createServer, type Server, type ServerOptions } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import type { AddressInfo, ListenOptions } from 'node:net'
import type { Counters } from '../../domain/ports/outbound/counters.ts'
import { Counter } from '../protocol/metrics/counters.ts'
import { OpenSockets } from './open-sockets.ts'
import { readTlsPair, type TlsFiles, type TlsPair, TlsReload, type TlsReloadOutcome } from './tls-reload.ts'

/** For the log. */
export type CertificateEvent =
  | { readonly kind: 'certificate-reloaded' }
  | { readonly kind: 'certificate-refused'; readonly error: Error }

export interface WebServerOptions {
  readonly limits: ServerOptions
  /** A connection whose client fetches nothing of what it asked for is ended after this long. */
  readonly idleTimeoutMs: number
  /** Told of faults of the server once it listens. */
  readonly failed: (error: Error) => void
  /** Undefined: plain HTTP. */
  readonly certificate?: Certificate | undefined
}

interface Certificate {
  readonly files: TlsFiles
  readonly counters: Counters
  /** Told what became of a certificate that was read again. */
  readonly report: (event: CertificateEvent) => void
}

/** Rejects when the certificate is no good. */
export async function createWebServer(options: WebServerOptions): Promise<WebServer> {
  const { certificate, limits } = options
  if (certificate === undefined) return new WebServer(createServer(limits), options)
  const pair = await readTlsPair(certificate.files)
  const server = createTlsServer({ ...limits, ...pair, handshakeTimeout: limits.headersTimeout })
  return new WebServer(server, options, reloadFor(server, certificate, pair))
}

export class WebServer {
  /** To be given its handlers before it listens. */
  readonly server: Server | TlsServer
  readonly #options: WebServerOptions
  readonly #reload: TlsReload | undefined
  #sockets: OpenSockets | undefined

  constructor(server: Server | TlsServer, options: WebServerOptions, reload?: TlsReload) {
    this.server = server
    this.#options = options
    this.#reload = reload
  }

  /**
   * Rejects when the address cannot be had. With port 0 the operating system chooses; what comes back tells which it
   * is.
   */
  async listen(where: ListenOptions): Promise<AddressInfo> {
    const { server } = this
    server.listen(where)
    await once(server, 'listening')
    server.on('error', this.#options.failed)
    this.#sockets = new OpenSockets(server, this.#options.idleTimeoutMs)
    await this.#reload?.watch()
    return server.address() as AddressInfo
  }

  /** Reads the certificate again, if there is one. Never rejects: what went wrong is reported. */
  async reload(): Promise<void> {
    await this.#reload?.reload()
  }

  /** Stops accepting, and ends what is still open after `deadlineMs`. */
  async close(deadlineMs: number): Promise<void> {
    this.#reload?.close()
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()))
    this.server.closeIdleConnections()
    const deadline = setTimeout(() => {
      // Those too that are still about to agree on TLS, which node:http does not know.
      this.#sockets?.destroyAll()
    }, deadlineMs)
    await closed
    clearTimeout(deadline)
    this.#sockets?.stopSweeping()
  }
}

function reloadFor(server: TlsServer, { files, counters, report }: Certificate, pair: TlsPair): TlsReload {
  const outcome: TlsReloadOutcome = {
    apply: (renewed) => {
      server.setSecureContext(renewed)
      counters.add(Counter.tls_reloads, 1)
      report({ kind: 'certificate-reloaded' })
    },
    fail: (error) => {
      counters.add(Counter.tls_reload_failures, 1)
      report({ kind: 'certificate-refused', error })
    },
  }
  return new TlsReload(files, pair, outcome)
}
