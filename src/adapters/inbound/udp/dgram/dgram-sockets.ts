// The portable driver: node:dgram over the same handler. Each datagram is copied into a slot and answered from it at
// the end of the event loop's turn; it costs several times what a batch costs, but runs wherever Node does.

import type { DatagramHandler } from '../datagram-handler.ts'
import type { SocketOptions, ThreadHooks } from '../listener.ts'
import type { Endpoint } from '../own-endpoints.ts'
import { DgramSocket } from './dgram-socket.ts'
import { KernelDrops } from './kernel-drops.ts'
import { ReplySlots } from './reply-slots.ts'
import { TurnBatch } from './turn-batch.ts'

const HOUSEKEEPING_MS = 100
const DROPS_EVERY_MS = 1000

/** Opens a socket for each listener. Throws a ListenError, with nothing left open, if one cannot be had. */
export async function openDgramSockets(
  listeners: readonly Endpoint[],
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
    return new DgramSockets(sockets, handler, options.countsPortDrops ?? true)
  } catch (error) {
    await Promise.all(sockets.map((socket) => socket.close()))
    throw error
  }
}

export class DgramSockets {
  /** Where the sockets really are, in the order of the listeners. */
  readonly bound: readonly Endpoint[]
  readonly #sockets: readonly DgramSocket[]
  readonly #handler: DatagramHandler
  readonly #drops: KernelDrops

  constructor(sockets: readonly DgramSocket[], handler: DatagramHandler, countsDrops: boolean) {
    this.bound = sockets.map((socket) => socket.bound)
    this.#sockets = sockets
    this.#handler = handler
    this.#drops = new KernelDrops(countsDrops ? sockets.map((socket) => socket.bound.port) : [])
  }

  /**
   * Serves until told to stop, which is noticed within a tenth of a second, and answers what has come in; leaves the
   * thread's event loop free.
   */
  run(hooks: ThreadHooks): Promise<void> {
    return new Promise((resolve, reject) => {
      let dropsDueMs = 0
      const timer = setInterval(() => {
        dropsDueMs -= HOUSEKEEPING_MS
        if (dropsDueMs <= 0) {
          dropsDueMs = DROPS_EVERY_MS
          this.#drops.count(this.#handler.tally)
          hooks.everySecond()
        }
        this.#handler.tally.flush()
        if (!hooks.shouldStop()) return
        clearInterval(timer)
        Promise.all(this.#sockets.map((socket) => socket.stopReceiving(hooks))).then(() => resolve(), reject)
      }, HOUSEKEEPING_MS)
      for (const socket of this.#sockets) socket.start(hooks)
    })
  }

  async close(): Promise<void> {
    await Promise.all(this.#sockets.map((socket) => socket.close()))
    this.#handler.tally.flush()
  }
}
