// One socket of the batched driver: receives a batch, passes each datagram to the handler, sends the replies, those of
// proven clients first, and reads the kernel's figures of the socket.

import { randomInt } from 'node:crypto'
import { Family } from '../../../../domain/announce.ts'
import {
  EAGAIN,
  EBADF,
  EFAULT,
  EINTR,
  EINVAL,
  ENOTSOCK,
  SO_MEMINFO,
  SO_MEMINFO_BUFFER_WORD,
  SO_MEMINFO_BYTES,
  SO_MEMINFO_DROPS_WORD,
  SO_MEMINFO_WAITING_WORD,
  SOL_SOCKET,
} from '../../../linux/constants.ts'
import type { Libc } from '../../../linux/libc.ts'
import { Counter } from '../../../protocol/metrics/counters.ts'
import type { DatagramHandler } from '../datagram-handler.ts'
import { SLOTS } from '../datagram-memory.ts'
import type { ListenerPolicy } from '../listener.ts'
import { MAX_LOUD } from '../loud-sources.ts'
import type { Endpoint } from '../own-endpoints.ts'
import { UnprovenShare } from '../unproven-share.ts'
import { JunkFilter } from './junk-filter.ts'
import { loudRules } from './loud-rules.ts'
import { MESSAGE_BYTES, MessageVectors } from './message-vectors.ts'
import { type OpenSocket, stopReceiving } from './open-socket.ts'
import { OverflowCount } from './overflow-count.ts'
import { SocketFilter } from './socket-filter.ts'

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
  readonly #memoryBytes = new Uint8Array(SO_MEMINFO_BYTES)
  readonly #memory = new Int32Array(this.#memoryBytes.buffer)
  readonly #unproven = new UnprovenShare(randomInt(2 ** 31))
  readonly #filter: SocketFilter
  readonly #junk: JunkFilter
  readonly #isIPv6: boolean
  #loudVersion = 0
  readonly #overflows: OverflowCount
  readonly #proven = new Int32Array(SLOTS)
  readonly #others = new Int32Array(SLOTS)
  #drops = 0
  /** Queued for the next send. */
  #replies = 0

  constructor(libc: Libc, socket: OpenSocket, handler: DatagramHandler, policy: ListenerPolicy) {
    this.bound = socket.bound
    this.fd = socket.fd
    this.#libc = libc
    this.#handler = handler
    this.#policy = policy
    this.#counts = handler.tally.counts
    this.#repliesSent = Counter.udp4_replies_sent + (socket.isIPv6 ? Family.IPv6 : Family.IPv4)
    this.#messages = new MessageVectors(libc, handler.memory, socket)
    this.#isIPv6 = socket.isIPv6
    this.#filter = new SocketFilter(libc, socket.fd)
    this.#junk = new JunkFilter(this.#filter)
    this.#overflows = new OverflowCount(socket.isIPv6)
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
    handler.watch.begin()
    handler.applyPolicy(this.#policy)
    this.#limitUnproven(count)
    for (let slot = 0; slot < count; slot++) handler.accept(slot, messages.receivedBytes(slot))
    handler.prefetch(count)
    const proven = this.#order(count)
    this.#replies = 0
    this.#write(this.#proven, proven)
    this.#write(this.#others, count - proven)
    handler.watch.end(count)
    this.#counts[Counter.udp_batches]++
    if (this.#replies !== 0) this.#send(this.#replies)
    if (handler.isTracing) this.#trace(count)
    messages.prepareToReceive(count)
    if (handler.tally.junk !== 0 || handler.loud.version !== this.#loudVersion) this.#adjustFilter(handler.tally.junk)
  }

  /** A full batch is the sign that more may be waiting: only then is the kernel asked how much. */
  #limitUnproven(count: number): void {
    const unproven = this.#unproven
    const { isUnderAttack } = this.#handler
    if (count < SLOTS) unproven.adjust(0, 0, isUnderAttack)
    else if (this.#readMemory()) {
      const waitingBytes = this.#memory[SO_MEMINFO_WAITING_WORD]
      unproven.adjust(waitingBytes, this.#memory[SO_MEMINFO_BUFFER_WORD], isUnderAttack)
    }
    this.#handler.limitUnproven(unproven)
  }

  /** Sets apart the slots of proven clients; returns their number. */
  #order(count: number): number {
    let proven = 0
    for (let slot = 0; slot < count; slot++) {
      if (this.#handler.isProven(slot)) this.#proven[proven++] = slot
      else this.#others[slot - proven] = slot
    }
    return proven
  }

  /** Queues the replies of `count` slots; those queued last are lost if the send buffer is full. */
  #write(slots: Int32Array, count: number): void {
    let bytes = 0
    for (let place = 0; place < count; place++) {
      const slot = slots[place]
      const replyBytes = this.#handler.answer(slot)
      if (replyBytes !== 0) this.#messages.addReply(this.#replies++, slot, replyBytes)
      bytes += replyBytes
    }
    this.#counts[Counter.udp_bytes_sent] += bytes
  }

  #trace(count: number): void {
    for (let slot = 0; slot < count; slot++) this.#handler.trace(slot, this.#messages.receivedBytes(slot), this.bound)
  }

  /** Counts the datagrams that the kernel has dropped since the last call; to be called about once a second. */
  countDrops(): void {
    if (!this.#readMemory()) return
    const drops = (this.#memory[SO_MEMINFO_DROPS_WORD] - this.#drops) | 0
    const overflows = this.#filter.isAttached ? this.#overflows.among(drops) : drops
    this.#drops = this.#memory[SO_MEMINFO_DROPS_WORD]
    this.#counts[Counter.udp_kernel_drops] += overflows
    this.#countFiltered(drops - overflows)
    this.#adjustFilter(0)
  }

  /** While both kinds of rules are in force the kernel does not tell them apart, and all counts as junk. */
  #countFiltered(filtered: number): void {
    const isJunk = this.#junk.isAttached
    this.#counts[isJunk ? Counter.udp_kernel_filtered : Counter.udp_kernel_filtered_loud] += filtered
    this.#junk.everySecond(isJunk ? filtered : 0)
  }

  /**
   * Adds or removes rules by the junk of a batch, and by what is loud, which the thread decides for all its sockets.
   */
  #adjustFilter(junk: number): void {
    const { loud } = this.#handler
    const wasAttached = this.#filter.isAttached
    if (junk !== 0) this.#junk.note(junk)
    if (loud.version !== this.#loudVersion) {
      this.#loudVersion = loud.version
      // As many as the kernel takes.
      let maxSources = MAX_LOUD
      while (!this.#filter.setLoud(loudRules(loud, this.#isIPv6, maxSources)) && maxSources > 1) maxSources >>= 1
    }
    if (this.#filter.isAttached && !wasAttached) this.#beginFiltering()
  }

  /** Until now all drops were overflows; the filter has been dropping for a moment, which is not told apart. */
  #beginFiltering(): void {
    this.#overflows.begin()
    if (!this.#readMemory()) return
    this.#counts[Counter.udp_kernel_drops] += (this.#memory[SO_MEMINFO_DROPS_WORD] - this.#drops) | 0
    this.#drops = this.#memory[SO_MEMINFO_DROPS_WORD]
  }

  #readMemory(): boolean {
    return this.#libc.getsockopt(this.fd, SOL_SOCKET, SO_MEMINFO, this.#memoryBytes, SO_MEMINFO_LENGTH) === 0
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
