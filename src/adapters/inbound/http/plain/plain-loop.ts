// The loop of the plain driver (Linux): accepts connections, reads what arrives, answers plain requests, and hands
// every connection with anything else over to node:http. Blocks its thread, as the batched UDP driver does.

import type { AttackMode } from '../../../../domain/attack-mode.ts'
import type { SteadyClock } from '../../../../domain/ports/outbound/steady-clock.ts'
import { PlainHead } from '../../../protocol/http/plain-head.ts'
import { EAGAIN, EINTR, MSG_DONTWAIT, SOCK_CLOEXEC } from '../../linux-constants.ts'
import type { AdoptedConnection } from '../../web-server.ts'
import { ActivityOrder } from './activity-order.ts'
import { PlainConnection, WHOLE_REQUEST } from './plain-connection.ts'
import { NOT_PLAIN, PlainListener, type PlainListenerParts } from './plain-listener.ts'
import { PollSet } from './poll-set.ts'
import { readRemoteEnd, SOCKET_ADDRESS_BYTES } from './remote-end.ts'
import { MAX_HEAD_BYTES } from './reply-heads.ts'
import { MSG_NOSIGNAL, SOCK_NONBLOCK, type TcpCalls } from './tcp-calls.ts'

/** A connection that is passed on, with what has been read of it and what it is still owed. */
export interface HandOver extends AdoptedConnection {
  /** Index of its listener. */
  readonly listener: number
}

interface LoopOptions {
  readonly calls: TcpCalls
  readonly clock: SteadyClock & { tick(): void }
  readonly maxHeaderBytes: number
  /** A connection without a request is closed after this time, during an attack after half of it. */
  readonly silenceSeconds: number
  /** One without another request. */
  readonly idleSeconds: number
  readonly attack: AttackMode
  readonly handOver: (connection: HandOver) => void
}

interface LoopHooks {
  /** Whether to accept nothing more and let the connections end. */
  shouldDrain(): boolean
  /** Whether to end those that are left. */
  shouldStop(): boolean
  everySecond(): void
}

const WAIT_MS = 100
/** Connections accepted in a row, before those that exist get their turn. */
const MAX_ACCEPTED = 64
/** How long idle connections may still send a request when the tracker stops. */
const DRAIN_SECONDS = 1
/** Replies to pipelined requests that are sent at once. */
const REPLIES_AT_ONCE = 4
const NOTHING = new Uint8Array(0)

export class PlainLoop {
  readonly #calls: TcpCalls
  readonly #options: LoopOptions
  readonly #polled: PollSet
  readonly #listeners: readonly PlainListener[]
  /** By descriptor. */
  readonly #connections: (PlainConnection | undefined)[] = []
  readonly #sockets: (PlainListener | undefined)[] = []
  readonly #order = new ActivityOrder()
  readonly #head = new PlainHead()
  readonly #in: Buffer
  readonly #inAt: number
  /** The longest reply. */
  readonly #replyBytes: number
  readonly #out: Buffer
  readonly #outAt: number
  readonly #address = Buffer.from(new ArrayBuffer(SOCKET_ADDRESS_BYTES))
  readonly #addressAt: number
  readonly #addressLength = new Int32Array(new ArrayBuffer(4))
  readonly #addressLengthAt: number
  #now: number
  #count = 0
  #isDraining = false

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
    this.#addressAt = calls.addressOf(this.#address.buffer)
    this.#addressLengthAt = calls.addressOf(this.#addressLength.buffer)
    this.#now = options.clock.steadySeconds()
    this.#polled = new PollSet(calls)
    this.#listeners = listeners.map((parts) => new PlainListener(parts))
    for (const listener of this.#listeners) {
      this.#sockets[listener.fd] = listener
      this.#polled.add(listener.fd)
    }
  }

  /** Serves until told to drain and all connections have ended, or to stop; noticed within a tenth of a second. */
  run(hooks: LoopHooks): void {
    while (!hooks.shouldDrain() && !hooks.shouldStop()) this.#serveTurn(hooks)
    this.#drain()
    while (this.#count > 0 && !hooks.shouldStop()) this.#serveTurn(hooks)
    for (let left = this.#order.oldest; left !== undefined; left = this.#order.oldest) this.close(left)
    this.#polled.close()
  }

  /** Closes a connection, unless it is closed already. */
  close(connection: PlainConnection): void {
    if (this.#connections[connection.fd] !== connection) return
    this.#forget(connection)
    this.#calls.close(connection.fd)
  }

  #serveTurn(hooks: LoopHooks): void {
    const { clock } = this.#options
    const count = this.#polled.wait(WAIT_MS)
    clock.tick()
    const now = clock.steadySeconds()
    for (const listener of this.#listeners) listener.setTime(now)
    if (now !== this.#now) {
      this.#now = now
      this.#closeSilent()
      hooks.everySecond()
    }
    for (let event = 0; event < count; event++) this.#serveEvent(this.#polled.descriptor(event))
  }

  #serveEvent(fd: number): void {
    const connection = this.#connections[fd]
    if (connection !== undefined) {
      this.#receive(connection)
      return
    }
    const listener = this.#sockets[fd]
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
      const bounded = listener.refuses(remote) ? undefined : listener.connections.admit(connection, remote)
      if (bounded === undefined) {
        calls.close(fd)
        continue
      }
      connection.bounded = bounded
      this.#connections[fd] = connection
      this.#count++
      this.#order.append(connection)
      // Its request has often arrived by now.
      this.#receive(connection)
    }
    return true
  }

  #receive(connection: PlainConnection): void {
    const count = this.#calls.recv(connection.fd, this.#inAt, this.#in.length, MSG_DONTWAIT)
    if (count > 0) this.#serve(connection, count)
    else if (count < 0 && this.#isPassing()) this.#poll(connection)
    else this.close(connection)
  }

  /** Answers the requests in the first `count` bytes of the buffer. */
  #serve(connection: PlainConnection, count: number): void {
    const { bounded } = connection
    const { maxHeaderBytes } = this.#options
    const listener = this.#listeners[connection.socket]
    const head = this.#head
    const roomAt = this.#out.length - this.#replyBytes
    let at = 0
    let outEnd = 0
    while (at < count) {
      const isPlain = outEnd <= roomAt && head.read(this.#in, at, count) && head.end - at <= maxHeaderBytes
      const end = isPlain ? listener.answer(connection, this.#in, head, this.#out, outEnd) : NOT_PLAIN
      if (end === NOT_PLAIN) {
        this.#passOn(connection, this.#send(connection, outEnd), outEnd, at, count)
        return
      }
      bounded?.begin(WHOLE_REQUEST)
      bounded?.end(WHOLE_REQUEST)
      outEnd = end
      at = head.end
      if (listener.isLast) break
    }
    this.#finish(connection, this.#send(connection, outEnd), outEnd, listener.isLast)
  }

  /** All requests are answered; `sent` is what `#send` has returned. */
  #finish(connection: PlainConnection, sent: number, outEnd: number, isLast: boolean): void {
    if (sent < 0) this.close(connection)
    else if (sent < outEnd) this.#handOver(connection, NOTHING, copyOf(this.#out, sent, outEnd), isLast)
    else if (isLast) this.close(connection)
    else {
      this.#order.touch(connection, this.#now)
      this.#poll(connection)
    }
  }

  /** What has been read from `from` on is not plain. */
  #passOn(connection: PlainConnection, sent: number, outEnd: number, from: number, to: number): void {
    if (sent < 0) this.close(connection)
    else this.#handOver(connection, copyOf(this.#in, from, to), copyOf(this.#out, sent, outEnd), false)
  }

  /** Returns how much was sent, or -1 when the connection is broken. */
  #send(connection: PlainConnection, outEnd: number): number {
    if (outEnd === 0) return 0
    const sent = this.#calls.send(connection.fd, this.#outAt, outEnd, MSG_DONTWAIT | MSG_NOSIGNAL)
    return sent < 0 && this.#isPassing() ? 0 : sent
  }

  /** Whether the last call failed only for now. */
  #isPassing(): boolean {
    const errno = this.#calls.errno()
    return errno === EAGAIN || errno === EINTR
  }

  #handOver(connection: PlainConnection, unread: Uint8Array, unsent: Uint8Array, isLast: boolean): void {
    const { fd, isPolled, socket } = connection
    if (isPolled) this.#polled.remove(fd)
    this.#forget(connection)
    this.#options.handOver({ fd, listener: this.#listeners[socket].index, unread, unsent, isLast })
  }

  #forget(connection: PlainConnection): void {
    this.#connections[connection.fd] = undefined
    this.#count--
    this.#order.remove(connection)
    connection.bounded?.leave()
  }

  #poll(connection: PlainConnection): void {
    if (connection.isPolled) return
    connection.isPolled = true
    if (!this.#polled.add(connection.fd)) this.close(connection)
  }

  #closeSilent(): void {
    const { attack } = this.#options
    const silenceSeconds = this.#options.silenceSeconds / (attack.isOn ? 2 : 1)
    const idleSeconds = this.#isDraining ? DRAIN_SECONDS : this.#options.idleSeconds
    for (let connection = this.#order.oldest; connection !== undefined; ) {
      const { newer } = connection
      const age = this.#now - connection.activeAtSeconds
      if (age <= Math.min(silenceSeconds, idleSeconds)) return
      if (age > (connection.requests === 0 ? silenceSeconds : idleSeconds)) this.close(connection)
      connection = newer
    }
  }

  /** Accepts what has arrived, and stops listening. A connection that is idle ends after its next request, or soon. */
  #drain(): void {
    for (const listener of this.#listeners) {
      while (this.#accept(listener));
      this.#sockets[listener.fd] = undefined
      this.#calls.close(listener.fd)
      listener.isDraining = true
    }
    this.#isDraining = true
  }
}

function copyOf(bytes: Buffer, from: number, to: number): Uint8Array {
  return from < to ? Uint8Array.from(bytes.subarray(from, to)) : NOTHING
}
