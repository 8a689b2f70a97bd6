// One socket of the batched driver: receives a batch, passes each datagram to the handler, sends the replies, and reads
// the kernel's drop counter.

import { Family } from '../../../../domain/announce.ts'
import { Counter } from '../../../protocol/metrics/counters.ts'
import type { DatagramHandler } from '../datagram-handler.ts'
import { SLOTS } from '../datagram-memory.ts'
import type { ListenerPolicy } from '../listener.ts'
import type { Endpoint } from '../own-endpoints.ts'
import type { Libc } from './libc.ts'
import {
  EAGAIN,
  EBADF,
  EFAULT,
  EINTR,
  EINVAL,
  ENOTSOCK,
  SO_MEMINFO,
  SO_MEMINFO_BYTES,
  SO_MEMINFO_DROPS_AT,
  SOL_SOCKET,
} from './linux.ts'
import { MESSAGE_BYTES, MessageVectors } from './message-vectors.ts'
import { type OpenSocket, stopReceiving } from './open-socket.ts'

export class BatchedSocket {
  readonly bound: Endpoint
  readonly fd: number
  readonly #libc: Libc
  readonly #handler: DatagramHandler
  readonly #policy: ListenerPolicy
  readonly #counts: Int32Array
  readonly #messages: MessageVectors
  /** A socket serves one address family. */
  readonly #repliesSent: number
  readonly #memoryInfo = new Uint8Array(SO_MEMINFO_BYTES)
  #drops = 0

  constructor(libc: Libc, socket: OpenSocket, handler: DatagramHandler, policy: ListenerPolicy) {
    this.bound = socket.bound
    this.fd = socket.fd
    this.#libc = libc
    this.#handler = handler
    this.#policy = policy
    this.#counts = handler.tally.counts
    this.#repliesSent = Counter.udp4_replies_sent + (socket.isIPv6 ? Family.IPv6 : Family.IPv4)
    this.#messages = new MessageVectors(libc, handler.memory, socket)
  }

  /** Receives up to one batch of datagrams with the given `flags`; returns their number. */
  receive(flags: number): number {
    const count = this.#libc.recvmmsg(this.fd, this.#messages.receivedAt, SLOTS, flags, 0)
    if (count > 0) return count
    this.#judgeReceiveFailure(this.#libc.errno())
    return 0
  }

  /** Handles and answers the `count` datagrams received last. */
  answer(count: number): void {
    const handler = this.#handler
    const messages = this.#messages
    let replies = 0
    let bytes = 0
    handler.watch.begin()
    handler.applyPolicy(this.#policy)
    for (let slot = 0; slot < count; slot++) handler.accept(slot, messages.receivedBytes(slot))
    handler.prefetch(count)
    for (let slot = 0; slot < count; slot++) {
      const replyBytes = handler.answer(slot)
      if (replyBytes !== 0) messages.addReply(replies++, slot, replyBytes)
      bytes += replyBytes
    }
    handler.watch.end(count)
    this.#counts[Counter.udp_bytes_sent] += bytes
    this.#counts[Counter.udp_batches]++
    if (replies !== 0) this.#send(replies)
    if (handler.isTracing) this.#trace(count)
    messages.prepareToReceive(count)
  }

  #trace(count: number): void {
    for (let slot = 0; slot < count; slot++) this.#handler.trace(slot, this.#messages.receivedBytes(slot), this.bound)
  }

  /** Counts the datagrams that the kernel has dropped since the last call because the receive buffer was full. */
  countDrops(): void {
    const info = this.#memoryInfo
    if (this.#libc.getsockopt(this.fd, SOL_SOCKET, SO_MEMINFO, info, SO_MEMINFO_LENGTH) !== 0) return
    const drops = new DataView(info.buffer).getUint32(SO_MEMINFO_DROPS_AT, true)
    this.#counts[Counter.udp_kernel_drops] += (drops - this.#drops) | 0
    this.#drops = drops
  }

  /** Makes the kernel deliver nothing new to this socket; false if that fails. */
  stopReceiving(): boolean {
    return stopReceiving(this.#libc, this.fd, this.bound)
  }

  close(): void {
    this.#libc.close(this.fd)
  }

  /** A reply that cannot be sent is counted and skipped; the client will ask again. */
  #send(replies: number): void {
    const libc = this.#libc
    const counts = this.#counts
    let next = 0
    while (next < replies) {
      const sent = libc.sendmmsg(this.fd, this.#messages.repliesAt + next * MESSAGE_BYTES, replies - next, 0)
      if (sent > 0) {
        counts[this.#repliesSent] += sent
        next += sent
        continue
      }
      const errno = libc.errno()
      if (errno === EINTR) continue
      // The send timed out: the buffer is still full, and the rest would only wait as long again.
      const lost = errno === EAGAIN ? replies - next : 1
      counts[Counter.udp_send_failures] += lost
      next += lost
    }
  }

  /** Network failures are temporary. A call that can never succeed throws, or this thread would loop forever. */
  #judgeReceiveFailure(errno: number): void {
    if (errno === EAGAIN || errno === EINTR) return
    this.#counts[Counter.udp_receive_failures]++
    if (errno === EBADF || errno === EFAULT || errno === EINVAL || errno === ENOTSOCK) {
      throw new Error(`recvmmsg on port ${this.bound.port} failed with errno ${errno}`)
    }
  }
}

const SO_MEMINFO_LENGTH = new Uint8Array(new Int32Array([SO_MEMINFO_BYTES]).buffer)
