// How many connections a listener has at a time: in total, and from one client, so that no client can shut out the
// others (protocol rule SEC-23).

import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { addressPrefix } from './address-prefix.ts'
import type { ClientAddresses } from './client-address.ts'

export interface ConnectionBounds {
  readonly maxConnections: number
  /** Per IPv4 address or IPv6 /64. Trusted proxies are exempt. */
  readonly maxConnectionsPerAddress: number
}

/** To be called before the server listens. `refused` is called for each connection above a bound, which is closed. */
export function boundConnections(
  server: Server,
  bounds: ConnectionBounds,
  clients: ClientAddresses,
  refused: () => void,
): void {
  const open = new ConnectionsByAddress(clients, bounds.maxConnectionsPerAddress)
  server.maxConnections = bounds.maxConnections
  server.on('drop', refused)
  server.on('connection', (socket) => {
    if (open.admit(socket)) return
    refused()
    socket.destroy()
  })
}

class ConnectionsByAddress {
  readonly #clients: ClientAddresses
  readonly #max: number
  readonly #counts = new Map<number | string, number>()
  /** Called with a socket as `this`: one function for all connections. */
  readonly #onClose: (this: Socket) => void

  constructor(clients: ClientAddresses, max: number) {
    this.#clients = clients
    this.#max = max
    const connections = this
    this.#onClose = function () {
      connections.#release(this)
    }
  }

  /** False if the address already has as many as it may. */
  admit(socket: Socket): boolean {
    const remote = this.#clients.remoteOf(socket)
    if (remote.isProxy) return true
    const prefix = addressPrefix(remote.address)
    const count = this.#counts.get(prefix) ?? 0
    if (count >= this.#max) return false
    this.#counts.set(prefix, count + 1)
    socket.on('close', this.#onClose)
    return true
  }

  #release(socket: Socket): void {
    const prefix = addressPrefix(this.#clients.remoteOf(socket).address)
    const count = this.#counts.get(prefix) ?? 0
    if (count > 1) this.#counts.set(prefix, count - 1)
    else this.#counts.delete(prefix)
  }
}
