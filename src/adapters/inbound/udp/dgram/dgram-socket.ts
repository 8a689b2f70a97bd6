// One socket of the portable driver: receives datagrams one by one, passes them to the handler, sends the replies.

import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { Family } from '../../../../domain/announce.ts'
import type { Counters } from '../../../../domain/ports/outbound/counters.ts'
import {
  AF_INET,
  AF_INET6,
  SOURCE_BYTES,
  SOURCE_IPV4_AT,
  SOURCE_IPV6_AT,
  SOURCE_PORT_AT,
} from '../../../linux/socket-address.ts'
import { isIPv6Text, readSocketAddress } from '../../../protocol/address-text.ts'
import { Counter } from '../../../protocol/metrics/counters.ts'
import type { DatagramHandler } from '../datagram-handler.ts'
import { SLOT_BYTES, SLOTS } from '../datagram-memory.ts'
import {
  ListenError,
  type ListenerPolicy,
  type SocketOptions,
  type ThreadHooks,
  type UdpListener,
} from '../listener.ts'
import { DISCARD_PORT, discardAddress, type Endpoint } from '../own-endpoints.ts'
import type { ReplySlots } from './reply-slots.ts'
import type { TurnBatch, TurnSocket } from './turn-batch.ts'

/** While draining: how long to wait for a late datagram, how often, and how many to keep. */
const DRAIN_WAIT_MS = 2
const MAX_DRAIN_ROUNDS = 100
const MAX_KEPT = 8192

type Sent = (error: Error | null) => void

export class DgramSocket implements TurnSocket {
  readonly bound: Endpoint
  readonly counters: Counters
  readonly policy: ListenerPolicy
  readonly #socket: Socket
  readonly #isIPv6: boolean
  readonly #handler: DatagramHandler
  readonly #counts: Int32Array
  /** A socket serves one address family. */
  readonly #repliesSent: number
  readonly #slots: ReplySlots
  readonly #batch: TurnBatch
  /** By slot, created once: a closure per reply would be garbage. */
  readonly #sent: readonly Sent[]
  /** Datagrams received before `start`, and those still to be answered while draining. */
  readonly #kept: { readonly message: Uint8Array; readonly from: RemoteInfo }[] = []

  static async open(
    listener: UdpListener,
    handler: DatagramHandler,
    slots: ReplySlots,
    batch: TurnBatch,
    options: SocketOptions,
  ): Promise<DgramSocket> {
    const isIPv6 = isIPv6Text(listener.address)
    const socket = createSocket({
      type: isIPv6 ? 'udp6' : 'udp4',
      ipv6Only: isIPv6,
      reusePort: options.sharesPorts,
      // Addresses are already numeric; the default would call the resolver for every reply.
      lookup: (address, _options, done) => done(null, address, isIPv6 ? 6 : 4),
    })
    try {
      const listening = once(socket, 'listening')
      socket.bind({ address: listener.address, port: listener.port, exclusive: true })
      await listening
    } catch (cause) {
      socket.close()
      throw new ListenError(listener, 'cannot listen', errorCode(cause), cause)
    }
    bestEffort(() => socket.setRecvBufferSize(options.receiveBufferBytes))
    bestEffort(() => socket.setSendBufferSize(options.sendBufferBytes))
    return new DgramSocket(socket, listener, handler, slots, batch)
  }

  constructor(socket: Socket, listener: UdpListener, handler: DatagramHandler, slots: ReplySlots, batch: TurnBatch) {
    this.#batch = batch
    this.bound = { address: listener.address, port: socket.address().port }
    this.counters = listener.counters
    this.policy = listener.policy
    this.#socket = socket
    this.#isIPv6 = isIPv6Text(listener.address)
    this.#repliesSent = Counter.udp4_replies_sent + (this.#isIPv6 ? Family.IPv6 : Family.IPv4)
    this.#handler = handler
    this.#counts = handler.tally.counts
    this.#slots = slots
    this.#sent = Array.from({ length: SLOTS }, (_, slot) => (error: Error | null) => this.#afterSend(slot, error))
    socket.on('message', this.#keep)
    socket.on('error', () => this.counters.add(Counter.udp_receive_failures, 1))
  }

  start(hooks: ThreadHooks): void {
    this.#socket.off('message', this.#keep)
    while (this.#kept.length > 0) this.#answerKept(hooks)
    this.#socket.on('message', (message, from) => this.#batch.add(message, from, this, hooks))
  }

  /**
   * Makes the kernel deliver new datagrams to the other sockets on the port, and answers what has already arrived. A
   * socket that receives nothing cannot send either, so it is disconnected briefly to send the replies and connected
   * again, until nothing arrives in between.
   */
  async stopReceiving(hooks: ThreadHooks): Promise<void> {
    const socket = this.#socket
    this.#batch.flush()
    socket.removeAllListeners('message')
    socket.on('message', this.#keep)
    for (let round = 0; round < MAX_DRAIN_ROUNDS; round++) {
      await tryConnect(socket, discardAddress(this.bound.address))
      await this.#isQuiet()
      if (this.#kept.length === 0) return
      tryDisconnect(socket)
      this.#answerKept(hooks)
    }
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(() => resolve()))
  }

  async #isQuiet(): Promise<void> {
    for (let before = -1; before < this.#kept.length && before < MAX_KEPT; ) {
      before = this.#kept.length
      await setTimeout(DRAIN_WAIT_MS)
      // Timers run before the datagrams that have arrived meanwhile.
      await setImmediate()
    }
  }

  readonly #keep = (message: Uint8Array, from: RemoteInfo): void => {
    // Longer datagrams are truncated anyway, and senders must not decide how much memory this takes.
    if (this.#kept.length < MAX_KEPT)
      this.#kept.push({ message: Uint8Array.from(message.subarray(0, SLOT_BYTES)), from })
  }

  /** Answers as many as fit into one batch. */
  #answerKept(hooks: ThreadHooks): void {
    for (const { message, from } of this.#kept.splice(0, SLOTS)) this.#batch.add(message, from, this, hooks)
    this.#batch.flush()
  }

  /** Uses the Linux layout on every system. */
  copySource(slot: number, from: RemoteInfo): void {
    const { bytes, wire } = this.#handler.memory.sources
    const at = slot * SOURCE_BYTES
    wire.setUint16(at, this.#isIPv6 ? AF_INET6 : AF_INET, true)
    wire.setUint16(at + SOURCE_PORT_AT, from.port)
    readSocketAddress(from.address, bytes, at + (this.#isIPv6 ? SOURCE_IPV6_AT : SOURCE_IPV4_AT))
  }

  send(slot: number, replyBytes: number, to: RemoteInfo): void {
    try {
      const bytes = this.#handler.memory.replies.bytes
      this.#counts[Counter.udp_bytes_sent] += replyBytes
      this.#socket.send(bytes, slot * SLOT_BYTES, replyBytes, to.port, to.address, this.#sent[slot])
    } catch (error) {
      this.#afterSend(slot, error)
    }
  }

  /** Counts at once: the tally may hold a batch of another socket by now. */
  #afterSend(slot: number, error: unknown): void {
    this.#slots.release(slot)
    this.counters.add(error ? Counter.udp_send_failures : this.#repliesSent, 1)
  }
}

function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error)
}

/** Where the socket cannot be connected, it goes on receiving. */
async function tryConnect(socket: Socket, address: string): Promise<void> {
  try {
    socket.connect(DISCARD_PORT, address)
    await once(socket, 'connect')
  } catch {
    // Datagrams that arrive after the last check are lost.
  }
}

function tryDisconnect(socket: Socket): void {
  try {
    socket.disconnect()
  } catch {
    // It was not connected.
  }
}

/** Buffer sizes are best effort. */
function bestEffort(action: () => void): void {
  try {
    action()
  } catch {
    // The socket works with the size it has.
  }
}
