// The datagrams that arrive during one turn of the event loop, answered together at its end: their memory is prefetched
// together and the code stays warm in the cache. Each batch belongs to one socket, whose listener counts it.

import type { RemoteInfo } from 'node:dgram'
import type { Counters } from '../../../../domain/ports/outbound/counters.ts'
import { Counter } from '../../../protocol/metrics/counters.ts'
import type { DatagramHandler } from '../datagram-handler.ts'
import { SLOT_BYTES, SLOTS } from '../datagram-memory.ts'
import type { ListenerPolicy, ThreadHooks } from '../listener.ts'
import type { Endpoint } from '../own-endpoints.ts'
import type { ReplySlots } from './reply-slots.ts'

/** The socket that received a datagram. */
export interface TurnSocket {
  readonly bound: Endpoint
  /** Of its listener. */
  readonly counters: Counters
  readonly policy: ListenerPolicy
  /** Writes the source of a datagram into its slot. */
  copySource(slot: number, from: RemoteInfo): void
  /** Sends the reply of `bytes` bytes in `slot` and releases the slot once it is sent. */
  send(slot: number, bytes: number, to: RemoteInfo): void
}

export class TurnBatch {
  readonly #handler: DatagramHandler
  readonly #slots: ReplySlots
  /** By position in the batch. */
  readonly #order = new Int32Array(SLOTS)
  readonly #lengths = new Int32Array(SLOTS)
  readonly #sources: RemoteInfo[] = []
  /** The socket of the batch; the last one between batches. */
  #socket: TurnSocket | undefined
  #count = 0

  constructor(handler: DatagramHandler, slots: ReplySlots) {
    this.#handler = handler
    this.#slots = slots
  }

  /** Adds a datagram. */
  add(message: Uint8Array, from: RemoteInfo, socket: TurnSocket, hooks: ThreadHooks): void {
    if (socket !== this.#socket) this.#answerAll()
    this.#socket = socket
    let slot = this.#slots.find()
    if (slot === -1) {
      this.#answerAll()
      slot = this.#slots.find()
    }
    if (slot === -1) {
      // All replies are waiting for the system to accept them: another one could not be sent.
      socket.counters.add(Counter.udp_send_failures, 1)
      return
    }
    if (this.#count === 0) {
      hooks.tick()
      this.#handler.beginBatch()
      this.#handler.applyPolicy(socket.policy)
      this.#handler.watch.begin()
      setImmediate(this.#answerAll)
    }
    this.#slots.hold(slot)
    socket.copySource(slot, from)
    const length = Math.min(message.length, SLOT_BYTES)
    const received = this.#handler.memory.received.bytes
    received.set(length === message.length ? message : message.subarray(0, length), slot * SLOT_BYTES)
    this.#handler.accept(slot, length)
    this.#order[this.#count] = slot
    this.#lengths[this.#count] = length
    this.#sources[this.#count++] = from
  }

  /** Answers the batch without waiting for the end of the turn. */
  flush(): void {
    this.#answerAll()
  }

  readonly #answerAll = (): void => {
    const socket = this.#socket
    const count = this.#count
    if (socket === undefined || count === 0) return
    const handler = this.#handler
    this.#count = 0
    if (count > 1) handler.prefetch(SLOTS)
    for (let place = 0; place < count; place++) {
      const slot = this.#order[place]
      const replyBytes = handler.answer(slot)
      if (handler.isTracing) handler.trace(slot, this.#lengths[place], socket.bound)
      if (replyBytes === 0) this.#slots.release(slot)
      else socket.send(slot, replyBytes, this.#sources[place])
    }
    handler.tally.counts[Counter.udp_batches]++
    handler.watch.end(count)
    handler.tally.flush(socket.counters)
  }
}
