// The connections of a listener, to end those that do not fetch what they asked for (protocol rule SEC-23) and, in the
// end, all. The timeout of node:http would do the former by setting two timers a request; this looks at every socket
// twice a period.

import type { Server } from 'node:http'
import type { Socket } from 'node:net'

export class OpenSockets {
  readonly #sockets = new Set<Socket>()
  /** What was left to send to whom, when last looked. */
  #unsent = new Map<Socket, number>()
  readonly #sweeping: NodeJS.Timeout
  /** Called on a socket: one function for all of them. */
  readonly #onClose: (this: Socket) => void

  constructor(server: Server, idleTimeoutMs: number) {
    const sockets = this.#sockets
    this.#onClose = function () {
      sockets.delete(this)
    }
    server.on('connection', this.#add)
    // An encrypted connection is a socket of its own, on top of the one above.
    server.on('secureConnection', this.#add)
    this.#sweeping = setInterval(() => this.#sweep(), idleTimeoutMs / 2)
    this.#sweeping.unref()
  }

  destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  stopSweeping(): void {
    clearInterval(this.#sweeping)
  }

  readonly #add = (socket: Socket): void => {
    this.#sockets.add(socket)
    socket.on('close', this.#onClose)
  }

  #sweep(): void {
    const unsent = new Map<Socket, number>()
    for (const socket of this.#sockets) {
      if (socket.writableLength === 0) continue
      // The same rest after half a period: not one reply has gone out in between.
      if (this.#unsent.get(socket) === socket.writableLength) socket.destroy()
      else unsent.set(socket, socket.writableLength)
    }
    this.#unsent = unsent
  }
}
