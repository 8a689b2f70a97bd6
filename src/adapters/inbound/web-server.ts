// node:http or node:https for a listener: created with or without a certificate, which can be replaced while serving,
// and shut down in order. Request handling is up to the listener.

import { once } from 'node:events'
import { createServer, type Server, type ServerOptions } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import { type AddressInfo, type ListenOptions, Socket } from 'node:net'
import type { Counters } from '../../domain/ports/outbound/counters.ts'
import { Counter } from '../protocol/metrics/counters.ts'
import { OpenSockets } from './open-sockets.ts'
import { ProxyGate, type ProxyGateOptions } from './proxy-gate.ts'
import { SocketFile, type SocketFileOptions } from './socket-file.ts'
import { readTlsPair, type TlsFiles, type TlsPair, TlsReload, type TlsReloadOutcome } from './tls-reload.ts'

/** For the log. */
export type CertificateEvent =
  | { readonly kind: 'certificate-reloaded' }
  | { readonly kind: 'certificate-refused'; readonly error: Error }

export interface WebServerOptions {
  readonly limits: ServerOptions
  /** A connection whose client reads nothing of its replies is ended after this time. */
  readonly idleTimeoutMs: number
  /** Called with errors of the server once it listens. */
  readonly failed: (error: Error) => void
  /** Undefined: plain HTTP. */
  readonly certificate?: Certificate | undefined
  /** Connections begin with a PROXY header. */
  readonly proxyGate?: ProxyGateOptions | undefined
}

/** Where a server listens. */
type ListenPlace = ListenOptions | SocketFileOptions

interface Certificate {
  readonly files: TlsFiles
  /** Of all threads of a listener, so that a session of one is resumed by any (48 bytes); undefined: its own. */
  readonly ticketKeys?: Uint8Array | undefined
  readonly counters: Counters
  /** Called with the result of each certificate reload. */
  readonly report: (event: CertificateEvent) => void
}

/** A connection that was accepted elsewhere. */
export interface AdoptedConnection {
  readonly fd: number
  /** Has been received and not been read. */
  readonly unread: Uint8Array
  /** What the client is still owed. */
  readonly unsent: Uint8Array
  /** Whether it ends once that is sent. */
  readonly isLast: boolean
}

/** Rejects if the certificate is invalid. */
export async function createWebServer(options: WebServerOptions): Promise<WebServer> {
  const { certificate, limits } = options
  if (certificate === undefined) return new WebServer(createServer(limits), options)
  const pair = await readTlsPair(certificate.files)
  const server = createTlsServer({ ...limits, ...pair, handshakeTimeout: limits.headersTimeout })
  if (certificate.ticketKeys !== undefined) server.setTicketKeys(Buffer.from(certificate.ticketKeys))
  return new WebServer(server, options, reloadFor(server, certificate, pair))
}

export class WebServer {
  /** Handlers must be added before it listens. */
  readonly server: Server | TlsServer
  readonly #options: WebServerOptions
  readonly #reload: TlsReload | undefined
  #sockets: OpenSockets | undefined
  #gate: ProxyGate | undefined
  #file: SocketFile | undefined

  constructor(server: Server | TlsServer, options: WebServerOptions, reload?: TlsReload) {
    this.server = server
    this.#options = options
    this.#reload = reload
  }

  /**
   * Rejects if the address cannot be bound. With port 0 the operating system chooses; the result contains the port that
   * it chose. A Unix domain socket has `unix:` and its path for an address, and port 0.
   */
  async listen(place: ListenPlace): Promise<AddressInfo> {
    const { server } = this
    const { proxyGate, failed, idleTimeoutMs } = this.#options
    this.#gate = proxyGate && ProxyGate.inFrontOf(server, proxyGate)
    if ('mode' in place) this.#file = await SocketFile.listen(server, place)
    else {
      server.listen(place)
      await once(server, 'listening')
    }
    server.on('error', failed)
    // Includes connections at the gate.
    this.#sockets = new OpenSockets(server, idleTimeoutMs)
    await this.#reload?.watch()
    return 'mode' in place
      ? { address: `unix:${place.path}`, family: 'unix', port: 0 }
      : (server.address() as AddressInfo)
  }

  /** Whether a successor listens on the path of this Unix domain socket. */
  isReplaced(): boolean {
    return this.#file?.isReplaced() ?? false
  }

  /** Instead of `listen`: serves only the connections that are passed to `adopt`. */
  serveAdopted(): void {
    const { server } = this
    server.on('error', this.#options.failed)
    // Starts what node:http does regularly, such as ending slow requests.
    server.emit('listening')
    this.#sockets = new OpenSockets(server, this.#options.idleTimeoutMs)
  }

  /** Serves a connection that another driver has accepted, and has begun to read. */
  adopt({ fd, unread, unsent, isLast }: AdoptedConnection): void {
    const socket = new Socket({ fd, allowHalfOpen: true, readable: !isLast, writable: true })
    socket.setNoDelay(true)
    if (unread.length > 0) socket.unshift(unread)
    // One that is only owed the rest of a reply has its place among the others too, and may have to give it up.
    this.server.emit('connection', socket)
    if (isLast) socket.end(unsent, () => socket.destroy())
    else if (unsent.length > 0) socket.write(unsent)
  }

  /** Reloads the certificate, if there is one. Never rejects: failures are reported. */
  async reload(): Promise<void> {
    await this.#reload?.reload()
  }

  /** Stops accepting, and ends the connections still open after `deadlineMs`. */
  async close(deadlineMs: number): Promise<void> {
    this.#reload?.close()
    this.#file?.remove()
    const closed = this.#closed()
    this.server.closeIdleConnections()
    this.#gate?.clear()
    const deadline = setTimeout(() => {
      // Including those still in the TLS handshake, which node:http does not know.
      this.#sockets?.destroyAll()
    }, deadlineMs)
    await closed
    clearTimeout(deadline)
    this.#sockets?.stopSweeping()
  }

  /** Resolves when it has stopped accepting and has no connections left. */
  async #closed(): Promise<void> {
    // The server does not know the connections that it has adopted.
    await new Promise<void>((resolve) => this.server.close(() => resolve()))
    await this.#sockets?.empty()
  }
}

function reloadFor(server: TlsServer, { files, ticketKeys, counters, report }: Certificate, pair: TlsPair): TlsReload {
  const outcome: TlsReloadOutcome = {
    apply: (renewed) => {
      server.setSecureContext(renewed)
      // The new context has keys of its own.
      if (ticketKeys !== undefined) server.setTicketKeys(Buffer.from(ticketKeys))
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
