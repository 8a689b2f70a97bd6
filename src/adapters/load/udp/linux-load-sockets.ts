// The sockets of one thread on Linux: batches of datagrams by sendmmsg and recvmmsg, see linux/libc.ts.
//
// struct mmsghdr (64 bytes) has the address of an iovec at 16, the number of iovecs at 24 and the length of the
// received datagram at 56; struct iovec (16 bytes) an address and a length. Sockets are connected, so messages have no
// address.

import { getSystemErrorName } from 'node:util'
import {
  ECONNREFUSED,
  MSG_DONTWAIT,
  MSG_TRUNC,
  POLLIN,
  SO_RCVBUF,
  SO_RCVBUFFORCE,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOL_SOCKET,
} from '../../linux/constants.ts'
import { type Libc, loadLibc } from '../../linux/libc.ts'
import { AF_INET, AF_INET6, socketAddress } from '../../linux/socket-address.ts'
import { isIPv6Text } from '../../protocol/address-text.ts'
import type { SocketRoute } from '../socket-route.ts'
import { BATCH, type DatagramBatch } from './datagram-batch.ts'
import type { LoadSockets } from './load-sockets.ts'

const MESSAGE_WORDS = 16
const IOVEC_AT = 16
const IOVEC_COUNT_AT = 24
const LENGTH_WORD = 14
const IOVEC_WORDS = 4
const IOVEC_LENGTH_WORD = 2
const RECEIVE_BUFFER_BYTES = 8 * 2 ** 20
/** By this much the kernel wakes a thread too late (its timer slack). */
const SLACK_MICROSECONDS = 60

export async function openLinuxLoadSockets(
  routes: readonly SocketRoute[],
  batch: DatagramBatch,
): Promise<LinuxLoadSockets> {
  const libc = await loadLibc()
  const fds: number[] = []
  try {
    for (const route of routes) fds.push(openOne(libc, route))
    return new LinuxLoadSockets(libc, fds, batch)
  } catch (error) {
    for (const fd of fds) libc.close(fd)
    throw error
  }
}

function openOne(libc: Libc, { from, target }: SocketRoute): number {
  const fd = libc.socket(isIPv6Text(target.address) ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)
  const size = new Uint8Array(Int32Array.of(RECEIVE_BUFFER_BYTES).buffer)
  if (libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, size, size.length) !== 0) {
    libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, size, size.length)
  }
  const own = from === undefined ? undefined : socketAddress(from, 0)
  const remote = socketAddress(target.address, target.port)
  if (own !== undefined && libc.bind(fd, own, own.length) !== 0) throw failure(libc, fd, `a socket cannot use ${from}`)
  if (libc.connect(fd, remote, remote.length) !== 0) throw failure(libc, fd, `${target.address} cannot be reached`)
  return fd
}

function failure(libc: Libc, fd: number, sentence: string): Error {
  const name = getSystemErrorName(-libc.errno())
  libc.close(fd)
  return new Error(`${sentence} (${name})`)
}

/** The message headers of one direction, over the slots of a batch. */
class Messages {
  readonly at: number
  readonly #words: Int32Array
  readonly #buffer: ArrayBuffer

  constructor(libc: Libc, memory: { readonly bytes: Uint8Array<ArrayBuffer>; readonly slotBytes: number }) {
    const buffer = new ArrayBuffer(BATCH * 4 * (MESSAGE_WORDS + IOVEC_WORDS))
    const wire = new DataView(buffer)
    const base = libc.addressOf(buffer)
    const slotsAt = libc.addressOf(memory.bytes.buffer)
    const iovecsAt = BATCH * 4 * MESSAGE_WORDS
    for (let slot = 0; slot < BATCH; slot++) {
      const iovecAt = iovecsAt + slot * 4 * IOVEC_WORDS
      wire.setBigUint64(slot * 4 * MESSAGE_WORDS + IOVEC_AT, BigInt(base + iovecAt), true)
      wire.setBigUint64(slot * 4 * MESSAGE_WORDS + IOVEC_COUNT_AT, 1n, true)
      wire.setBigUint64(iovecAt, BigInt(slotsAt + slot * memory.slotBytes), true)
      wire.setBigUint64(iovecAt + 8, BigInt(memory.slotBytes), true)
    }
    this.at = base
    this.#words = new Int32Array(buffer)
    // Only raw addresses refer to it.
    this.#buffer = buffer
  }

  get bytes(): number {
    return this.#buffer.byteLength
  }

  readLengths(lengths: Int32Array, count: number): void {
    for (let slot = 0; slot < count; slot++) lengths[slot] = this.#words[slot * MESSAGE_WORDS + LENGTH_WORD]
  }

  writeLengths(lengths: Int32Array, count: number): void {
    const first = BATCH * MESSAGE_WORDS + IOVEC_LENGTH_WORD
    for (let slot = 0; slot < count; slot++) this.#words[first + slot * IOVEC_WORDS] = lengths[slot]
  }
}

export class LinuxLoadSockets implements LoadSockets {
  readonly count: number
  readonly isSynchronous = true
  readonly #libc: Libc
  readonly #fds: Int32Array
  readonly #batch: DatagramBatch
  readonly #requests: Messages
  readonly #replies: Messages
  /** struct pollfd: descriptor, requested and returned events; then a timespec. */
  readonly #polled: Int32Array<ArrayBuffer>
  readonly #polledAt: number
  #unreachable = 0

  constructor(libc: Libc, fds: readonly number[], batch: DatagramBatch) {
    this.count = fds.length
    this.#libc = libc
    this.#fds = Int32Array.from(fds)
    this.#batch = batch
    this.#requests = new Messages(libc, batch.requests)
    this.#replies = new Messages(libc, batch.replies)
    this.#polled = new Int32Array(new ArrayBuffer(8 * fds.length + 16))
    this.#polledAt = libc.addressOf(this.#polled.buffer)
    for (let index = 0; index < fds.length; index++) {
      this.#polled[2 * index] = fds[index]
      this.#polled[2 * index + 1] = POLLIN
    }
  }

  receive(socket: number): number {
    const count = this.#libc.recvmmsg(this.#fds[socket], this.#replies.at, BATCH, MSG_DONTWAIT | MSG_TRUNC, 0)
    if (count > 0) {
      this.#replies.readLengths(this.#batch.replies.lengths, count)
      return count
    }
    if (this.#libc.errno() === ECONNREFUSED) this.#unreachable++
    return 0
  }

  send(socket: number, count: number): number {
    this.#requests.writeLengths(this.#batch.requests.lengths, count)
    let sent = 0
    while (sent < count) {
      const messagesAt = this.#requests.at + sent * 4 * MESSAGE_WORDS
      const step = this.#libc.sendmmsg(this.#fds[socket], messagesAt, count - sent, 0)
      if (step > 0) sent += step
      // The error belongs to an earlier datagram, and reporting it has cleared it.
      else if (this.#libc.errno() === ECONNREFUSED) this.#unreachable++
      else break
    }
    return sent
  }

  wait(microseconds: number): void {
    const rest = microseconds - SLACK_MICROSECONDS
    if (rest <= 0) return
    const at = 2 * this.count
    this.#polled[at] = Math.floor(rest / 1_000_000)
    this.#polled[at + 1] = 0
    this.#polled[at + 2] = Math.floor(rest % 1_000_000) * 1000
    this.#libc.ppoll(this.#polledAt, this.count, this.#polledAt + 4 * at, 0)
  }

  takeUnreachable(): number {
    const count = this.#unreachable
    this.#unreachable = 0
    return count
  }

  close(): void {
    for (const fd of this.#fds) this.#libc.close(fd)
  }
}
