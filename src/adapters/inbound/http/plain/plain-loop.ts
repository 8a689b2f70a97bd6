// The loop of the plain driver (Linux): accepts connections, reads what arrives, answers plain requests, and hands
// every connection with anything else over to node:http. Blocks its thread, as the batched UDP driver does.

import { arch } from 'node:process'
import type { SteadyClock } from '../../../../domain/ports/outbound/steady-clock.ts'
import { PlainHead } from '../../../protocol/http/plain-head.ts'
import type { AdoptedConnection } from '../../web-server.ts'
import { PlainConnection, WHOLE_REQUEST } from './plain-connection.ts'
import { NOT_PLAIN, PlainListener, type PlainListenerParts } from './plain-listener.ts'
import { readRemoteEnd, SOCKET_ADDRESS_BYTES } from './remote-end.ts'
import { MAX_HEAD_BYTES } from './reply-heads.ts'
import {
  EAGAIN,
  EINTR,
  EPOLL_CTL_ADD,
  EPOLL_CTL_DEL,
  EPOLLIN,
  MSG_DONTWAIT,
  MSG_NOSIGNAL,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  type TcpCalls,
} from './tcp-calls.ts'

/** A connection that is passed on, with what has been read of it and what it is still owed. */
export interface HandOver extends AdoptedConnection {
  /** Index of its listener. */
  readonly listener: number
}

export interface LoopOptions {
  readonly calls: TcpCalls
  readonly clock: SteadyClock & { tick(): void }
  readonly maxHeaderBytes: number
  /** A connection without a request, or without another one, is closed after this time. */
  readonly silenceSeconds: number
  readonly idleSeconds: number
  readonly handOver: (connection: HandOver) => void
}

export interface LoopHooks {
  /** Whether to accept nothing more and let the connections end. */
  shouldDrain(): boolean
  /** Whether to end those that are left. */
  shouldStop(): boolean
  everySecond(): void
}

const EVENTS = 256
/** struct epoll_event is packed on x86-64 only. */
const EVENT_WORDS = arch === 'x64' ? 3 : 4
const DATA_WORD = arch === 'x64' ? 1 : 2
const WAIT_MS = 100
/** Connections accepted in a row, before those that exist get their turn. */
const MAX_ACCEPTED = 64
/** How long idle connections may still send a request when the tracker stops. */
const DRAIN_SECONDS = 1
/** Replies to pipelined requests that are sent at once. */
const REPLIES_AT_ONCE = 4
const NOTHING = new Uint8Array(0)

export class PlainLoop {
  #isDraining = false
  readonly #calls: TcpCalls
  readonly #options: LoopOptions
  readonly #epoll: number
  readonly #listeners: readonly PlainListener[]
  readonly #byFd: (PlainConnection | undefined)[] = []
  readonly #listenerByFd: (PlainListener | undefined)[] = []
  readonly #head = new PlainHead()
  readonly #in: Buffer
  readonly #inAt: number
  /** The longest reply. */
  readonly #replyBytes: number
  readonly #out: Buffer
  readonly #outAt: number
  readonly #events = new Int32Array(new ArrayBuffer(EVENTS * EVENT_WORDS * 4))
  readonly #eventsAt: number
  readonly #event = new Int32Array(new ArrayBuffer(EVENT_WORDS * 4))
  readonly #eventAt: number
  readonly #address = Buffer.from(new ArrayBuffer(SOCKET_ADDRESS_BYTES))
  readonly #addressAt: number
  readonly #addressLength = new Int32Array(new ArrayBuffer(4))
  readonly #addressLengthAt: number
  #now: number
  #oldest: PlainConnection | undefined
  #newest: PlainConnection | undefined
  #count = 0

  constructor(listeners: readonly PlainListenerParts[], options: LoopOptions) {
    const { calls } = options
    this.#calls = calls
    this.#options = options
    const bodies = listeners.map(({ endpoint }) => Math.max(endpoint.announceBytes.length, endpoint.scrapeBytes.length))
    this.#replyBytes = Math.max(...bodies) + MAX_HEAD_BYTES
    this.#in = Buffer.from(new ArrayBuffer(2 * options.maxHeaderBytes))
    this.#inAt = calls.addressOf(this.#in.buffer)
    this.#out = Buffer.from(new ArrayBuffer(REPLIES_AT_ONCE * this.#replyBytes))
    this.#outAt = calls.addressOf(this.#out.buffer)
    this.#eventsAt = calls.addressOf(this.#events.buffer)
    this.#eventAt = calls.addressOf(this.#event.buffer)
    this.#addressAt = calls.addressOf(this.#address.buffer)
    this.#addressLengthAt = calls.addressOf(this.#addressLength.buffer)
    this.#now = options.clock.steadySeconds()
    this.#epoll = calls.epoll_create1(SOCK_CLOEXEC)
    this.#listeners = listeners.map((parts) => new PlainListener(parts))
    for (const listener of this.#listeners) {
      this.#listenerByFd[listener.fd] = listener
      this.#poll(listener.fd)
    }
  }

  get connections(): number {
    return this.#count
  }

  /** Serves until told to drain and all connections have ended, or to stop; noticed within a tenth of a second. */
  run(hooks: LoopHooks): void {
    while (!hooks.shouldDrain() && !hooks.shouldStop()) this.#serveTurn(hooks)
    this.#drain()
    while (this.#count > 0 && !hooks.shouldStop()) this.#serveTurn(hooks)
    for (let connection = this.#oldest; connection !== undefined; connection = this.#oldest) this.close(connection)
    this.#calls.close(this.#epoll)
  }

  /** Closes a connection, unless it is closed already. */
  close(connection: PlainConnection): void {
    if (this.#byFd[connection.fd] !== connection) return
    this.#forget(connection)
    this.#calls.close(connection.fd)
  }

  #serveTurn(hooks: LoopHooks): void {
    const { clock } = this.#options
    const count = this.#calls.epoll_wait(this.#epoll, this.#eventsAt, EVENTS, WAIT_MS)
    clock.tick()
    const now = clock.steadySeconds()
    for (const listener of this.#listeners) listener.setTime(now)
    if (now !== this.#now) {
      this.#now = now
      this.#closeSilent()
      hooks.everySecond()
    }
    for (let i = 0; i < count; i++) this.#serveEvent(this.#events[i * EVENT_WORDS + DATA_WORD])
  }

  /** Accepts what has arrived, and stops listening. A connection that is idle ends after its next request, or soon. */
  #drain(): void {
    for (const listener of this.#listeners) {
      while (this.#accept(listener));
      this.#listenerByFd[listener.fd] = undefined
      this.#calls.close(listener.fd)
      listener.isDraining = true
    }
    this.#isDraining = true
  }

  #serveEvent(fd: number): void {
    const connection = this.#byFd[fd]
    if (connection !== undefined) {
      this.#receive(connection)
      return
    }
    const listener = this.#listenerByFd[fd]
    if (listener !== undefined) this.#accept(listener)
  }

  /** Whether more may be waiting. */
  #accept(listener: PlainListener): boolean {
    const calls = this.#calls
    for (let accepted = 0; accepted < MAX_ACCEPTED; accepted++) {
      this.#addressLength[0] = SOCKET_ADDRESS_BYTES
      const fd = calls.accept4(listener.fd, this.#addressAt, this.#addressLengthAt, SOCK_NONBLOCK | SOCK_CLOEXEC)
      if (fd < 0) return false
      const remote = readRemoteEnd(this.#address, listener.clients)
      const connection = new PlainConnection(fd, this.#listeners.indexOf(listener), remote, this.#now, this)
      const bounded = listener.connections.admit(connection, remote)
      if (bounded === undefined) {
        calls.close(fd)
        continue
      }
      connection.bounded = bounded
      this.#byFd[fd] = connection
      this.#count++
      this.#append(connection)
      // Its request has often arrived by now.
      this.#receive(connection)
    }
    return true
  }

  #receive(connection: PlainConnection): void {
    const size = this.#in.length
    const count = this.#calls.recv(connection.fd, this.#inAt, size, MSG_DONTWAIT)
    if (count > 0) {
      // A full buffer may be the beginning of more, which is for the other driver.
      this.#serve(connection, count)
      return
    }
    if (count < 0) {
      const errno = this.#calls.errno()
      if (errno === EAGAIN || errno === EINTR) {
        this.#pollConnection(connection)
        return
      }
    }
    this.close(connection)
  }

  /** Answers the requests in the first `count` bytes of the buffer. */
  #serve(connection: PlainConnection, count: number): void {
    const { bounded } = connection
    const listener = this.#listeners[connection.socket]
    const head = this.#head
    const roomAt = this.#out.length - this.#replyBytes
    let at = 0
    let outEnd = 0
    while (at < count) {
      let end = NOT_PLAIN
      if (outEnd <= roomAt && head.read(this.#in, at, count) && head.end - at <= this.#options.maxHeaderBytes) {
        end = listener.answer(connection, this.#in, head, this.#out, outEnd)
      }
      if (end === NOT_PLAIN) {
        this.#flush(connection, outEnd, at, count, false)
        return
      }
      bounded?.begin(WHOLE_REQUEST)
      bounded?.end(WHOLE_REQUEST)
      outEnd = end
      at = head.end
      if (listener.isLast) {
        this.#flush(connection, outEnd, count, count, true)
        return
      }
    }
    this.#flush(connection, outEnd, count, count, false)
  }

  /** Sends what is written; hands the connection over if bytes are left on either side, closes it after its last reply. */
  #flush(connection: PlainConnection, outEnd: number, unreadAt: number, unreadEnd: number, isLast: boolean): void {
    const sent = outEnd === 0 ? 0 : this.#calls.send(connection.fd, this.#outAt, outEnd, MSG_DONTWAIT | MSG_NOSIGNAL)
    if (sent < 0 && this.#calls.errno() !== EAGAIN) this.close(connection)
    else if (sent < outEnd || unreadAt < unreadEnd) {
      this.#handOver(connection, Math.max(sent, 0), outEnd, unreadAt, unreadEnd, isLast)
    } else if (isLast) this.close(connection)
    else {
      this.#pollConnection(connection)
      this.#touch(connection)
    }
  }

  #handOver(
    connection: PlainConnection,
    sent: number,
    outEnd: number,
    unreadAt: number,
    unreadEnd: number,
    isLast: boolean,
  ): void {
    const { fd } = connection
    if (connection.isPolled) this.#calls.epoll_ctl(this.#epoll, EPOLL_CTL_DEL, fd, this.#eventAt)
    this.#forget(connection)
    this.#options.handOver({
      fd,
      listener: this.#listeners[connection.socket].index,
      unread: unreadAt < unreadEnd ? Uint8Array.prototype.slice.call(this.#in, unreadAt, unreadEnd) : NOTHING,
      unsent: sent < outEnd ? Uint8Array.prototype.slice.call(this.#out, sent, outEnd) : NOTHING,
      isLast,
    })
  }

  /** Connections in the order of their last activity: those at the front are closed when they have been silent. */
  #closeSilent(): void {
    const { silenceSeconds } = this.#options
    const idleSeconds = this.#isDraining ? DRAIN_SECONDS : this.#options.idleSeconds
    const now = this.#now
    for (let connection = this.#oldest; connection !== undefined; ) {
      const { newer } = connection
      const age = now - connection.activeAtSeconds
      if (age <= Math.min(silenceSeconds, idleSeconds)) return
      if (age > (connection.requests === 0 ? silenceSeconds : idleSeconds)) this.close(connection)
      connection = newer
    }
  }

  #forget(connection: PlainConnection): void {
    this.#byFd[connection.fd] = undefined
    this.#count--
    this.#unlink(connection)
    connection.bounded?.leave()
  }

  #touch(connection: PlainConnection): void {
    if (connection.activeAtSeconds === this.#now) return
    connection.activeAtSeconds = this.#now
    this.#unlink(connection)
    this.#append(connection)
  }

  #append(connection: PlainConnection): void {
    connection.older = this.#newest
    if (this.#newest === undefined) this.#oldest = connection
    else this.#newest.newer = connection
    this.#newest = connection
  }

  #unlink(connection: PlainConnection): void {
    const { older, newer } = connection
    if (older === undefined) this.#oldest = newer
    else older.newer = newer
    if (newer === undefined) this.#newest = older
    else newer.older = older
    connection.older = undefined
    connection.newer = undefined
  }

  #pollConnection(connection: PlainConnection): void {
    if (connection.isPolled) return
    connection.isPolled = true
    this.#poll(connection.fd)
  }

  #poll(fd: number): void {
    this.#event[0] = EPOLLIN
    this.#event[DATA_WORD] = fd
    this.#calls.epoll_ctl(this.#epoll, EPOLL_CTL_ADD, fd, this.#eventAt)
  }
}
