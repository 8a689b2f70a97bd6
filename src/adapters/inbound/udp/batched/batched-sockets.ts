// The batched driver (Linux): all sockets of one thread, and the thread's main loop.

import type { Counters } from '../../../../domain/ports/outbound/counters.ts'
import { MSG_DONTWAIT, MSG_WAITFORONE, POLLIN } from '../../../linux/constants.ts'
import { type Libc, loadLibc } from '../../../linux/libc.ts'
import type { DatagramHandler } from '../datagram-handler.ts'
import { SLOTS } from '../datagram-memory.ts'
import type { SocketOptions, ThreadHooks, UdpListener } from '../listener.ts'
import type { Endpoint } from '../own-endpoints.ts'
import { BatchedSocket } from './batched-socket.ts'
import { openSocket, SOCKET_TIMEOUT_MS } from './open-socket.ts'

const POLLED_WORDS = 2
/** While draining: how long to wait for a late datagram, and how long draining may take in all. */
const DRAIN_WAIT_MS = 5
const MAX_DRAIN_MS = 500

/** Opens a socket for each listener. If one fails, closes the others and throws a ListenError. */
export async function openBatchedSockets(
  listeners: readonly UdpListener[],
  handler: DatagramHandler,
  options: SocketOptions,
): Promise<BatchedSockets> {
  const libc = await loadLibc()
  const sockets: BatchedSocket[] = []
  try {
    for (const listener of listeners) {
      const socket = new BatchedSocket(libc, openSocket(libc, listener, options), handler, listener.policy)
      sockets.push(socket)
      handler.ownEndpoints.add(socket.bound)
    }
    const counters = listeners.map((listener) => listener.counters)
    return new BatchedSockets(libc, sockets, handler, counters)
  } catch (error) {
    for (const socket of sockets) socket.close()
    throw error
  }
}

export class BatchedSockets {
  /** The addresses actually bound, in the order of the listeners. */
  readonly bound: readonly Endpoint[]
  readonly #libc: Libc
  readonly #sockets: readonly BatchedSocket[]
  readonly #handler: DatagramHandler
  /** By socket. */
  readonly #counters: readonly Counters[]
  /** struct pollfd: descriptor (4 bytes), requested events (2), returned events (2). */
  readonly #polled: Int32Array
  readonly #polledAt: number
  #dropsReadAt = 0

  constructor(libc: Libc, sockets: readonly BatchedSocket[], handler: DatagramHandler, counters: readonly Counters[]) {
    this.bound = sockets.map((socket) => socket.bound)
    this.#libc = libc
    this.#sockets = sockets
    this.#handler = handler
    this.#counters = counters
    this.#polled = new Int32Array(new ArrayBuffer(4 * POLLED_WORDS * sockets.length))
    this.#polledAt = libc.addressOf(this.#polled.buffer)
    for (let index = 0; index < sockets.length; index++) this.#polled[index * POLLED_WORDS] = sockets[index].fd
  }

  /**
   * Serves until told to stop, which is noticed within a tenth of a second, then answers what has already arrived.
   * Blocks the thread.
   */
  run(hooks: ThreadHooks): void {
    if (this.#sockets.length === 1) this.#serveOne(this.#sockets[0], hooks)
    else this.#serveAll(hooks)
    this.#drain(hooks)
    this.#countDrops()
  }

  close(): void {
    for (const socket of this.#sockets) socket.close()
  }

  /** A single socket can block in the receive call itself. */
  #serveOne(socket: BatchedSocket, hooks: ThreadHooks): void {
    while (!hooks.shouldStop()) {
      const count = socket.receive(MSG_WAITFORONE)
      this.#beginBatch(hooks)
      if (count !== 0) socket.answer(count)
      this.#flush(0)
    }
  }

  /** Several sockets are polled, unless the last batch of one was full and more is certain to be waiting. */
  #serveAll(hooks: ThreadHooks): void {
    let hasMore = false
    while (!hooks.shouldStop()) {
      if (!hasMore) this.#poll()
      hasMore = this.#serveReady(hooks, hasMore)
    }
  }

  /** Serves one batch from every ready socket; returns whether a batch was full. */
  #serveReady(hooks: ThreadHooks, triesAll: boolean): boolean {
    const sockets = this.#sockets
    let hasMore = false
    this.#beginBatch(hooks)
    for (let index = 0; index < sockets.length; index++) {
      // The returned events are the upper half of the second word.
      if (!triesAll && this.#polled[index * POLLED_WORDS + 1] >>> 16 === 0) continue
      const count = sockets[index].receive(MSG_DONTWAIT)
      if (count !== 0) sockets[index].answer(count)
      this.#flush(index)
      if (count === SLOTS) hasMore = true
    }
    return hasMore
  }

  /** Stops receiving and answers what has already arrived; processes that share the ports receive the rest. */
  #drain(hooks: ThreadHooks): void {
    const end = performance.now() + MAX_DRAIN_MS
    for (const socket of this.#sockets) socket.stopReceiving()
    do {
      while (this.#serveReady(hooks, true) && performance.now() < end);
      // A datagram may have been on its way to the socket when receiving was stopped.
      this.#poll(DRAIN_WAIT_MS)
    } while (this.#isAnyReady() && performance.now() < end)
  }

  #isAnyReady(): boolean {
    for (let index = 0; index < this.#sockets.length; index++) {
      if (this.#polled[index * POLLED_WORDS + 1] >>> 16 !== 0) return true
    }
    return false
  }

  #poll(timeoutMs = SOCKET_TIMEOUT_MS): void {
    const sockets = this.#sockets
    for (let index = 0; index < sockets.length; index++) this.#polled[index * POLLED_WORDS + 1] = POLLIN
    // A signal that interrupts the call returns no events, like a time-out.
    if (this.#libc.poll(this.#polledAt, sockets.length, timeoutMs) > 0) return
    for (let index = 0; index < sockets.length; index++) this.#polled[index * POLLED_WORDS + 1] = 0
  }

  #beginBatch(hooks: ThreadHooks): void {
    hooks.tick()
    const nowSeconds = this.#handler.beginBatch()
    if (nowSeconds === this.#dropsReadAt) return
    this.#dropsReadAt = nowSeconds
    this.#handler.loud.everySecond()
    this.#countDrops()
    hooks.everySecond()
  }

  #countDrops(): void {
    for (let index = 0; index < this.#sockets.length; index++) {
      this.#sockets[index].countDrops()
      this.#flush(index)
    }
  }

  /** Reports what has been counted for a socket; called before anything is counted for another one. */
  #flush(index: number): void {
    this.#handler.tally.flush(this.#counters[index])
  }
}
