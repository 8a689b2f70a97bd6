// The portable driver: node:dgram over the same handler. Each datagram is copied into a slot and answered at the end of
// the event loop turn. It costs several times as much as the batched driver, but runs wherever Node.js does.

import type { DatagramHandler } from '../datagram-handler.ts'
import type { SocketOptions, ThreadHooks, UdpListener } from '../listener.ts'
import type { Endpoint } from '../own-endpoints.ts'
import { DgramSocket } from './dgram-socket.ts'
import { KernelDrops } from './kernel-drops.ts'
import { ReplySlots } from './reply-slots.ts'
import { TurnBatch } from './turn-batch.ts'

const HOUSEKEEPING_MS = 100
const DROPS_EVERY_MS = 1000

/** Opens a socket for each listener. If one fails, closes the others and throws a ListenError. */
export async function openDgramSockets(
  listeners: readonly UdpListener[],
  handler: DatagramHandler,
  options: SocketOptions,
): Promise<DgramSockets> {
  const slots = new ReplySlots()
  const batch = new TurnBatch(handler, slots)
  const sockets: DgramSocket[] = []
  try {
    for (const listener of listeners) {
      const socket = await DgramSocket.open(listener, handler, slots, batch, options)
      sockets.push(socket)
      handler.ownEndpoints.add(socket.bound)
    }
    return new DgramSockets(sockets, options.countsPortDrops ?? true)
  } catch (error) {
    await Promise.all(sockets.map((socket) => socket.close()))
    throw error
  }
}

export class DgramSockets {
  /** The addresses actually bound, in the order of the listeners. */
  readonly bound: readonly Endpoint[]
  readonly #sockets: readonly DgramSocket[]
  readonly #drops: KernelDrops

  constructor(sockets: readonly DgramSocket[], countsDrops: boolean) {
    this.bound = sockets.map((socket) => socket.bound)
    this.#sockets = sockets
    this.#drops = new KernelDrops(countsDrops ? sockets.map((socket) => socket.bound.port) : [])
  }

  /**
   * Serves until told to stop, which is noticed within a tenth of a second, then answers what has already arrived. Does
   * not block the thread's event loop.
   */
  run(hooks: ThreadHooks): Promise<void> {
    return new Promise((resolve, reject) => {
      let dropsDueMs = 0
      const timer = setInterval(() => {
        dropsDueMs -= HOUSEKEEPING_MS
        if (dropsDueMs <= 0) {
          dropsDueMs = DROPS_EVERY_MS
          // They are known by port only, and several listeners may have the same port.
          this.#drops.count(this.#sockets[0].counters)
          hooks.everySecond()
        }
        if (!hooks.shouldStop()) return
        clearInterval(timer)
        Promise.all(this.#sockets.map((socket) => socket.stopReceiving(hooks))).then(() => resolve(), reject)
      }, HOUSEKEEPING_MS)
      for (const socket of this.#sockets) socket.start(hooks)
    })
  }

  async close(): Promise<void> {
    await Promise.all(this.#sockets.map((socket) => socket.close()))
  }
}
