// Takes the PROXY header off connections before their bytes reach HTTP or TLS. As its specification demands, nothing is
// guessed: on such a listener every connection begins with the header, and only trusted proxies may connect.

import type { Server, Socket } from 'node:net'
import { readProxyHeader } from '../protocol/proxy/proxy-header.ts'
import type { ClientAddresses } from './client-address.ts'

export interface ProxyGateOptions {
  readonly clients: ClientAddresses
  /** For the header to arrive. */
  readonly timeoutMs: number
  /** Connections whose header has not arrived. */
  readonly maxWaiting: number
  /** Called for each connection that may not, or cannot, be waited for. */
  readonly refused: () => void
  /** Called for each connection whose header is malformed, or late. */
  readonly failed: () => void
}

const NOTHING = Buffer.alloc(0)

export class ProxyGate {
  readonly #options: ProxyGateOptions
  readonly #accept: (socket: Socket) => void
  readonly #waiting = new Set<Socket>()

  /** `accept` receives the connections whose header has been read, with what follows it unread. */
  constructor(options: ProxyGateOptions, accept: (socket: Socket) => void) {
    this.#options = options
    this.#accept = accept
  }

  /**
   * In front of what listens for the server's connections by now. The server still does the accepting, so closing it
   * waits for connections at the gate, too.
   */
  static inFrontOf(server: Server, options: ProxyGateOptions): ProxyGate {
    const listeners = server.listeners('connection')
    const gate = new ProxyGate(options, (socket) => {
      for (const listener of listeners) listener.call(server, socket)
    })
    server.removeAllListeners('connection')
    server.on('connection', (socket) => gate.#admit(socket))
    return gate
  }

  /** Ends the connections that have sent no whole header. */
  clear(): void {
    for (const socket of this.#waiting) socket.destroy()
  }

  #admit(socket: Socket): void {
    const { clients, maxWaiting, refused } = this.#options
    const { isProxy } = clients.remoteOf(socket)
    if ((isProxy || isOfThisMachine(socket)) && this.#waiting.size < maxWaiting) this.#wait(socket, isProxy)
    else {
      refused()
      socket.destroy()
    }
  }

  #wait(socket: Socket, isProxy: boolean): void {
    const { clients, timeoutMs, failed } = this.#options
    let bytes: Buffer = NOTHING
    const fail = (): void => {
      failed()
      socket.destroy()
    }
    const onData = (chunk: Buffer): void => {
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk])
      const header = readProxyHeader(bytes)
      if (header === 'incomplete') return
      leave()
      // Only a proxy is believed what it says about others.
      if (header === 'malformed' || (header.source !== undefined && !isProxy)) fail()
      else {
        if (header.source !== undefined) clients.nameRemote(socket, header.source)
        this.#pass(socket, bytes.subarray(header.length))
      }
    }
    const timer = setTimeout(fail, timeoutMs)
    const destroy = (): void => {
      socket.destroy()
    }
    const leave = (): void => {
      clearTimeout(timer)
      this.#waiting.delete(socket)
      socket.off('data', onData).off('end', destroy).off('error', destroy).off('close', leave)
    }
    this.#waiting.add(socket)
    socket.on('data', onData).on('end', destroy).on('error', destroy).on('close', leave)
  }

  #pass(socket: Socket, unread: Buffer): void {
    socket.pause()
    if (unread.length > 0) socket.unshift(unread)
    this.#accept(socket)
    // Later, because TLS fetches what is unread only then.
    process.nextTick(() => socket.resume())
  }
}

/** Such as the tracker's own health check, which has nothing to say about others. */
function isOfThisMachine({ remoteAddress, localAddress }: Socket): boolean {
  return remoteAddress !== undefined && remoteAddress === localAddress
}
