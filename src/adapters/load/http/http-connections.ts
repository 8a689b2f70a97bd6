// The connections of one thread to an HTTP tracker, on Linux: sockets, epoll, and what is on its way in either
// direction.

import {
  EAGAIN,
  ECONNREFUSED,
  EINPROGRESS,
  EINTR,
  IP_BIND_ADDRESS_NO_PORT,
  IPPROTO_IP,
  SOCK_CLOEXEC,
  SOCK_STREAM,
} from '../../linux/constants.ts'
import { type Libc, loadLibc } from '../../linux/libc.ts'
import { PollSet } from '../../linux/poll-set.ts'
import { AF_INET, AF_INET6, socketAddress } from '../../linux/socket-address.ts'
import { loadTcpCalls, MSG_NOSIGNAL, SOCK_NONBLOCK, type TcpCalls } from '../../linux/tcp-calls.ts'
import type { SocketRoute } from '../socket-route.ts'
import { HTTP_REQUEST_BYTES } from './http-request-writer.ts'

/** A longer reply is none. */
const MAX_REPLY_BYTES = 256 * 1024
const MAX_DESCRIPTORS = 65_536
const CLOSED = -1
const ONE = new Uint8Array(Int32Array.of(1).buffer)

export async function openHttpConnections(routes: readonly SocketRoute[]): Promise<HttpConnections> {
  return new HttpConnections(await loadLibc(), await loadTcpCalls(), routes)
}

export class HttpConnections {
  readonly count: number
  /** `HTTP_REQUEST_BYTES` for each connection. */
  readonly requests: Uint8Array<ArrayBuffer>
  /** Where the last reply that was received lies, from its beginning. */
  readonly received = new Uint8Array(new ArrayBuffer(MAX_REPLY_BYTES))
  readonly #libc: Libc
  readonly #calls: TcpCalls
  readonly #poll: PollSet
  readonly #targets: readonly Uint8Array[]
  readonly #sources: readonly (Uint8Array | undefined)[]
  readonly #fds: Int32Array
  readonly #connectionOf = new Int32Array(MAX_DESCRIPTORS)
  readonly #toSend: Int32Array
  readonly #sent: Int32Array
  /** By connection: what has come of a reply that was not complete. */
  readonly #partial: (Uint8Array | undefined)[]
  readonly #requestsAt: number
  readonly #receivedAt: number
  #refused = 0
  #hasEnded = false

  constructor(libc: Libc, calls: TcpCalls, routes: readonly SocketRoute[]) {
    this.count = routes.length
    this.#libc = libc
    this.#calls = calls
    this.#poll = new PollSet(calls)
    this.#targets = routes.map(({ target }) => socketAddress(target.address, target.port))
    this.#sources = routes.map(({ from }) => (from === undefined ? undefined : socketAddress(from, 0)))
    this.requests = new Uint8Array(new ArrayBuffer(this.count * HTTP_REQUEST_BYTES))
    this.#fds = new Int32Array(this.count).fill(CLOSED)
    this.#toSend = new Int32Array(this.count)
    this.#sent = new Int32Array(this.count)
    this.#partial = Array.from({ length: this.count })
    this.#requestsAt = calls.addressOf(this.requests.buffer)
    this.#receivedAt = calls.addressOf(this.received.buffer)
  }

  isOpen(connection: number): boolean {
    return this.#fds[connection] !== CLOSED
  }

  /** Begins to connect. False if that is not possible now, as without descriptors or ports. */
  open(connection: number): boolean {
    const target = this.#targets[connection]
    const source = this.#sources[connection]
    const family = target.length === 16 ? AF_INET : AF_INET6
    const fd = this.#libc.socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)
    if (fd < 0) return false
    this.#calls.setNoDelay(fd)
    // Otherwise each fresh connection would need a port that no connection of its address has had for a while.
    if (source !== undefined) this.#libc.setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, ONE, ONE.length)
    const isBound = source === undefined || this.#libc.bind(fd, source, source.length) === 0
    const isConnecting = isBound && (this.#libc.connect(fd, target, target.length) === 0 || this.#isInProgress())
    if (!isConnecting || fd >= MAX_DESCRIPTORS || !this.#poll.add(fd)) {
      this.#calls.close(fd)
      return false
    }
    this.#fds[connection] = fd
    this.#connectionOf[fd] = connection
    return true
  }

  #isInProgress(): boolean {
    const errno = this.#libc.errno()
    if (errno === ECONNREFUSED) this.#refused++
    return errno === EINPROGRESS
  }

  /** Begins to send a request of this length. */
  request(connection: number, length: number): void {
    this.#toSend[connection] = length
    this.#sent[connection] = 0
  }

  /** Sends what can be sent: 1 if all is sent, 0 if some is not, -1 if the connection is broken. */
  flush(connection: number): -1 | 0 | 1 {
    while (this.#sent[connection] < this.#toSend[connection]) {
      const at = this.#requestsAt + connection * HTTP_REQUEST_BYTES + this.#sent[connection]
      const rest = this.#toSend[connection] - this.#sent[connection]
      const count = this.#calls.send(this.#fds[connection], at, rest, MSG_NOSIGNAL)
      if (count >= 0) this.#sent[connection] += count
      else {
        const errno = this.#calls.errno()
        if (errno === ECONNREFUSED) this.#refused++
        return errno === EAGAIN || errno === EINTR ? 0 : -1
      }
    }
    return 1
  }

  /** Waits for events, no longer than this; returns their number. */
  wait(milliseconds: number): number {
    return this.#poll.wait(milliseconds)
  }

  /** The connection of an event; -1 if it has been closed since. */
  connectionOf(event: number): number {
    const fd = this.#poll.descriptor(event)
    const connection = this.#connectionOf[fd]
    return this.#fds[connection] === fd ? connection : -1
  }

  /** Receives; returns how much of the reply there is now, from the beginning of `received`. */
  receive(connection: number): number {
    const before = this.#partial[connection]
    let length = 0
    if (before !== undefined) {
      this.received.set(before)
      length = before.length
      this.#partial[connection] = undefined
    }
    const room = MAX_REPLY_BYTES - length
    const count = this.#calls.recv(this.#fds[connection], this.#receivedAt + length, room, 0)
    if (count > 0) {
      this.#hasEnded = false
      return length + count
    }
    const errno = count < 0 ? this.#calls.errno() : 0
    this.#hasEnded = count === 0 || (errno !== EAGAIN && errno !== EINTR) || room === 0
    if (errno === ECONNREFUSED) this.#refused++
    return length
  }

  /** Whether nothing more will come on the connection that was received from last. */
  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Keeps the first `length` bytes of `received` until more of the reply has come. */
  keepPartial(connection: number, length: number): void {
    this.#partial[connection] = this.received.slice(0, length)
  }

  close(connection: number): void {
    if (this.#fds[connection] === CLOSED) return
    this.#calls.close(this.#fds[connection])
    this.#fds[connection] = CLOSED
    this.#partial[connection] = undefined
  }

  closeAll(): void {
    for (let connection = 0; connection < this.count; connection++) this.close(connection)
    this.#poll.close()
  }

  /** How often nothing listened there, since the last call. */
  takeRefused(): number {
    const refused = this.#refused
    this.#refused = 0
    return refused
  }
}
