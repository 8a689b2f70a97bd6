// Keeps the connections of a server within bounds (protocol rule SEC-23): connects its events to the table of
// connections.

import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { Server as TlsServer } from 'node:https'
import type { Socket } from 'node:net'
import type { BoundedConnection } from './bounded-connection.ts'
import type { ClientAddresses } from './client-address.ts'
import { type ConnectionBounds, type ConnectionReport, ConnectionTable, type RemoteEnd } from './connection-table.ts'

const CONNECTION = Symbol('connection')
const HANDSHAKE = Symbol('handshake')

interface BoundedSocket extends Socket {
  [CONNECTION]?: BoundedConnection | undefined
  /** Its key while the TLS handshake is not finished. */
  [HANDSHAKE]?: string
}

/** To be called with each request before it is answered. */
export type NoteRequest = (response: ServerResponse) => void

/**
 * To be called before the server listens. Connections that `isRefused` says so of are closed at once. The total
 * includes trusted proxies; the other bounds do not.
 */
export function boundConnections(
  server: Server,
  bounds: ConnectionBounds,
  clients: ClientAddresses,
  report: ConnectionReport,
  isRefused: (remote: RemoteEnd) => boolean = () => false,
): NoteRequest {
  const table = new ConnectionTable(bounds, report)
  const handshakes = server instanceof TlsServer ? new Handshakes(clients) : undefined
  server.on('connection', (socket: BoundedSocket) => {
    const remote = clients.remoteOf(socket)
    const connection = isRefused(remote) ? undefined : table.admit(socket, remote)
    if (connection === undefined) {
      socket.destroy()
      return
    }
    socket[CONNECTION] = connection
    socket.on('close', leave)
    handshakes?.begin(socket)
  })
  if (handshakes !== undefined) server.on('secureConnection', (socket: BoundedSocket) => handshakes.finish(socket))
  return noteRequest
}

/** Treats a request on this connection as one that has been read as a whole. */
export function keepConnection(socket: Socket): void {
  const bounded: BoundedSocket = socket
  bounded[CONNECTION]?.keep()
}

/**
 * Node.js has a second socket for the TLS connection on top of the first, and does not say which one that is. Both have
 * the same two ends.
 */
class Handshakes {
  readonly #clients: ClientAddresses
  readonly #sockets = new Map<string, BoundedSocket>()
  /** Called with a socket as `this`: one function for all connections. */
  readonly #onClose: (this: BoundedSocket) => void

  constructor(clients: ClientAddresses) {
    this.#clients = clients
    const handshakes = this
    this.#onClose = function () {
      handshakes.#forget(this)
    }
  }

  begin(socket: BoundedSocket): void {
    const key = endsOf(socket)
    socket[HANDSHAKE] = key
    this.#sockets.set(key, socket)
    socket.on('close', this.#onClose)
  }

  /** The TLS connection's socket takes over what is known of the one under it. */
  finish(secure: BoundedSocket): void {
    const socket = this.#sockets.get(endsOf(secure))
    if (socket === undefined) return
    secure[CONNECTION] = socket[CONNECTION]
    this.#clients.inheritRemote(secure, socket)
    this.#forget(socket)
  }

  #forget(socket: BoundedSocket): void {
    const key = socket[HANDSHAKE]
    // Its ends may be those of a newer connection by now.
    if (key !== undefined && this.#sockets.get(key) === socket) this.#sockets.delete(key)
  }
}

function endsOf({ localAddress, remoteAddress, remotePort }: Socket): string {
  return `${localAddress} ${remoteAddress} ${remotePort}`
}

function noteRequest(response: ServerResponse): void {
  const socket: BoundedSocket = response.req.socket
  socket[CONNECTION]?.begin(response.req)
  response.on('close', endRequest)
}

function endRequest(this: ServerResponse): void {
  const request: IncomingMessage = this.req
  const socket: BoundedSocket = request.socket
  socket[CONNECTION]?.end(request)
}

function leave(this: BoundedSocket): void {
  this[CONNECTION]?.leave()
}
