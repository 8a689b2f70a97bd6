// The connections of a listener, to end those that do not read their replies (protocol rule SEC-23) and, at shutdown,
// all. The timeout of node:http would set two timers per request for the former; this checks every socket twice per
// period.

import type { Server } from 'node:http'
import type { Socket } from 'node:net'

export class OpenSockets {
  readonly #sockets = new Set<Socket>()
  /** By socket with unsent bytes at the last check: how many bytes it had sent until then. */
  #sent = new Map<Socket, number>()
  readonly #sweeping: NodeJS.Timeout
  #onEmpty: (() => void) | undefined
  /** Called on a socket: one function for all of them. */
  readonly #onClose: (this: Socket) => void

  constructor(server: Server, idleTimeoutMs: number) {
    const sockets = this.#sockets
    const settle = () => this.#settle()
    this.#onClose = function () {
      sockets.delete(this)
      settle()
    }
    server.on('connection', this.add)
    // A TLS connection is a separate socket on top of the one above.
    server.on('secureConnection', this.add)
    this.#sweeping = setInterval(() => this.#sweep(), idleTimeoutMs / 2)
    this.#sweeping.unref()
  }

  destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Resolves when none is left. */
  async empty(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#onEmpty = resolve
      this.#settle()
    })
  }

  stopSweeping(): void {
    clearInterval(this.#sweeping)
  }

  #settle(): void {
    if (this.#sockets.size === 0) this.#onEmpty?.()
  }

  readonly add = (socket: Socket): void => {
    this.#sockets.add(socket)
    socket.on('close', this.#onClose)
  }

  #sweep(): void {
    const sent = new Map<Socket, number>()
    for (const socket of this.#sockets) {
      if (socket.writableLength === 0) continue
      // Not the unsent bytes alone: a long answer goes out in pieces of equal length, and so many may be waiting again.
      const bytes = socket.bytesWritten - socket.writableLength
      if (this.#sent.get(socket) === bytes) socket.destroy()
      else sent.set(socket, bytes)
    }
    this.#sent = sent
  }
}
