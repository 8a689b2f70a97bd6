// The sockets of one thread elsewhere than on Linux, by node:dgram: slower, and replies arrive between turns only.

import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6Text } from '../../protocol/address-text.ts'
import type { SocketRoute } from '../socket-route.ts'
import { BATCH, type DatagramBatch } from './datagram-batch.ts'
import type { LoadSockets } from './load-sockets.ts'

/** What more than these arrives before the thread looks is dropped, as by a kernel. */
const MAX_WAITING = 4096

export async function openDgramLoadSockets(
  routes: readonly SocketRoute[],
  batch: DatagramBatch,
): Promise<DgramLoadSockets> {
  const sockets: Socket[] = []
  try {
    for (const { from, target } of routes) {
      const socket = createSocket(isIPv6Text(target.address) ? 'udp6' : 'udp4')
      sockets.push(socket)
      if (from !== undefined) {
        socket.bind(0, from)
        await once(socket, 'listening')
      }
      socket.connect(target.port, target.address)
      await once(socket, 'connect')
    }
    return new DgramLoadSockets(sockets, batch)
  } catch (error) {
    for (const socket of sockets) socket.close()
    throw error
  }
}

export class DgramLoadSockets implements LoadSockets {
  readonly count: number
  readonly isSynchronous = false
  readonly #sockets: readonly Socket[]
  readonly #batch: DatagramBatch
  readonly #waiting: Uint8Array[][]
  #unreachable = 0

  constructor(sockets: readonly Socket[], batch: DatagramBatch) {
    this.count = sockets.length
    this.#sockets = sockets
    this.#batch = batch
    this.#waiting = sockets.map(() => [])
    for (const [index, socket] of sockets.entries()) {
      socket.on('message', (datagram) => {
        if (this.#waiting[index].length < MAX_WAITING) this.#waiting[index].push(datagram)
      })
      socket.on('error', () => this.#unreachable++)
    }
  }

  receive(socket: number): number {
    const { bytes, slotBytes, lengths } = this.#batch.replies
    const datagrams = this.#waiting[socket].splice(0, BATCH)
    for (const [slot, datagram] of datagrams.entries()) {
      bytes.set(datagram.subarray(0, slotBytes), slot * slotBytes)
      lengths[slot] = datagram.length
    }
    return datagrams.length
  }

  send(socket: number, count: number): number {
    const { bytes, slotBytes, lengths } = this.#batch.requests
    for (let slot = 0; slot < count; slot++) {
      const at = slot * slotBytes
      // A copy: the slot is used again before the datagram leaves.
      this.#sockets[socket].send(bytes.slice(at, at + lengths[slot]), (error) => {
        if (error !== null) this.#unreachable++
      })
    }
    return count
  }

  wait(): void {
    // The event loop waits.
  }

  takeUnreachable(): number {
    const count = this.#unreachable
    this.#unreachable = 0
    return count
  }

  close(): void {
    for (const socket of this.#sockets) socket.close()
  }
}
