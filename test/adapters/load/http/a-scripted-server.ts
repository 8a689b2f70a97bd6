// A TCP server that answers each request of a load as a test says, and remembers what it was asked.

import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'

/** What is sent back, `close`: the connection is ended instead, undefined: nothing is. */
export type Script = (request: string) => string | undefined

export const CLOSE = 'close'

export class ScriptedServer {
  script: Script
  readonly requests: string[] = []
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  constructor(script: Script) {
    this.script = script
    this.#server = createServer((socket) => {
      let text = ''
      this.#sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => this.#sockets.delete(socket))
      socket.on('data', (bytes) => {
        text += bytes.toString('latin1')
        const parts = text.split('\r\n\r\n')
        text = parts.pop() ?? ''
        for (const request of parts) this.#take(socket, request)
      })
    })
  }

  /** `port` 0: any. Resolves to the port. */
  async listen(port = 0): Promise<number> {
    this.#server.listen(port, '127.0.0.1')
    await once(this.#server, 'listening')
    return (this.#server.address() as AddressInfo).port
  }

  /** Sends this on each connection, asked or not. */
  say(text: string): void {
    for (const socket of this.#sockets) socket.write(text, 'latin1')
  }

  get connections(): number {
    return this.#sockets.size
  }

  /** Ends the connections that it has. */
  drop(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#sockets.clear()
  }

  async close(): Promise<void> {
    this.drop()
    if (!this.#server.listening) return
    this.#server.close()
    await once(this.#server, 'close')
  }

  #take(socket: Socket, request: string): void {
    this.requests.push(request)
    const reply = this.script(request)
    if (reply === CLOSE) socket.destroy()
    else if (reply !== undefined) socket.write(reply, 'latin1')
  }
}

/** A reply of HTTP/1.1 with this body. */
export function httpReply(body: string, status = '200 OK'): string {
  return `HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}
