// The loop of the plain driver (Linux): accepts connections, reads what arrives, answers plain requests, and hands
// every connection with anything else over to node:http. Blocks its thread, as the batched UDP driver does.

import type { AttackMode } from '../../../../domain/attack-mode.ts'
import type { Measurements } from '../../../../domain/ports/outbound/measurements.ts'
import type { SteadyClock } from '../../../../domain/ports/outbound/steady-clock.ts'
import { PollSet } from '../../../linux/poll-set.ts'
import type { TcpCalls } from '../../../linux/tcp-calls.ts'
import type { AdoptedConnection } from '../../web-server.ts'
import { ActivityOrder } from './activity-order.ts'
import { PausedListeners } from './paused-listeners.ts'
import { PlainConnection } from './plain-connection.ts'
import { ExchangeOutcome, PlainExchange } from './plain-exchange.ts'
import { PlainListener, type PlainListenerParts } from './plain-listener.ts'
import { BATCH_SLOTS, type PlainSlot } from './plain-slot.ts'
import { MAX_HEAD_BYTES } from './reply-heads.ts'
import { SocketAcceptor } from './socket-acceptor.ts'

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
  readonly measurements: Measurements
  readonly handOver: (connection: HandOver) => void
  readonly everySecond: () => void
}

interface LoopHooks {
  /** Whether to accept nothing more and let the connections end. */
  shouldDrain(): boolean
  /** Whether to end those that are left. */
  shouldStop(): boolean
}

const WAIT_MS = 100
/** Connections accepted in a row, before those that exist get their turn. */
const MAX_ACCEPTED = 64
/** How long idle connections may still send a request when the tracker stops. */
const DRAIN_SECONDS = 1

export class PlainLoop {
  readonly #calls: TcpCalls
  readonly #options: LoopOptions
  readonly #polled: PollSet
  readonly #paused: PausedListeners
  readonly #listeners: readonly PlainListener[]
  /** By descriptor. */
  readonly #connections: (PlainConnection | undefined)[] = []
  readonly #sockets: (PlainListener | undefined)[] = []
  readonly #order = new ActivityOrder()
  readonly #exchange: PlainExchange
  readonly #acceptor: SocketAcceptor
  #now: number
  #count = 0
  #isDraining = false

  constructor(listeners: readonly PlainListenerParts[], options: LoopOptions) {
    const { calls } = options
    this.#calls = calls
    this.#options = options
    const bodies = listeners.map(({ endpoint }) => Math.max(endpoint.announceBytes.length, endpoint.scrapeBytes.length))
    const maxReplyBytes = Math.max(...bodies) + MAX_HEAD_BYTES
    this.#exchange = new PlainExchange(calls, options.measurements, options.maxHeaderBytes, maxReplyBytes)
    this.#acceptor = new SocketAcceptor(calls)
    this.#now = options.clock.steadySeconds()
    this.#polled = new PollSet(calls)
    this.#paused = new PausedListeners(this.#polled)
    this.#listeners = listeners.map((parts) => new PlainListener(parts))
    for (const listener of this.#listeners) {
      this.#sockets[listener.fd] = listener
      this.#polled.add(listener.fd)
    }
  }

  /** Serves until told to drain and all connections have ended, or to stop; noticed within a tenth of a second. */
  run(hooks: LoopHooks): void {
    while (!hooks.shouldDrain() && !hooks.shouldStop()) this.serve(WAIT_MS)
    this.drain()
    while (this.#count > 0 && !hooks.shouldStop()) this.serve(WAIT_MS)
    this.end()
  }

  /** Number of connections. */
  get count(): number {
    return this.#count
  }

  /** Closes a connection, unless it is closed already. */
  close(connection: PlainConnection): void {
    if (this.#connections[connection.fd] !== connection) return
    this.#forget(connection)
    this.#calls.close(connection.fd)
    this.#paused.resume()
  }

  /** One turn: waits up to `waitMs` for something to arrive, and serves it. */
  serve(waitMs: number): void {
    const { clock, everySecond } = this.#options
    const count = this.#polled.wait(waitMs)
    clock.tick()
    const now = clock.steadySeconds()
    for (const listener of this.#listeners) listener.setTime(now)
    if (now !== this.#now) {
      this.#now = now
      this.#closeSilent()
      this.#paused.resume()
      everySecond()
    }
    for (let event = 0; event < count; event++) this.#serveEvent(event)
    this.#finishBatch()
  }

  #serveEvent(event: number): void {
    const fd = this.#polled.descriptor(event)
    const connection = this.#connections[fd]
    const listener = this.#sockets[fd]
    if (listener !== undefined) this.#accept(listener)
    // The event may be that of a connection whose descriptor a newcomer of this batch has got.
    if (connection === undefined || connection.isInBatch) return
    if (this.#polled.isEnd(event)) connection.mayHaveMore = true
    this.#receive(connection)
  }

  /** Whether more may be waiting. */
  #accept(listener: PlainListener): boolean {
    const acceptor = this.#acceptor
    for (let accepted = 0; accepted < MAX_ACCEPTED; accepted++) {
      const fd = acceptor.accept(listener.fd)
      if (fd < 0) {
        if (acceptor.lacksResources()) this.#paused.pause(listener)
        return false
      }
      const remote = acceptor.remoteEnd(listener.clients)
      const connection = new PlainConnection(fd, this.#listeners.indexOf(listener), remote, this.#now, this)
      const bounded = listener.refuses(remote) ? undefined : listener.connections.admit(connection, remote)
      if (bounded === undefined) {
        this.#calls.close(fd)
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

  /** Takes a connection into the batch if something has arrived on it. */
  #receive(connection: PlainConnection): void {
    const outcome = this.#exchange.receive(connection, this.#listeners[connection.socket])
    if (outcome === ExchangeOutcome.Nothing) {
      connection.mayHaveMore = true
      this.#poll(connection)
    } else if (outcome === ExchangeOutcome.Over) this.close(connection)
    else if (this.#exchange.count === BATCH_SLOTS) this.#finishBatch()
  }

  #finishBatch(): void {
    const exchange = this.#exchange
    const { count } = exchange
    if (count === 0) return
    exchange.answer()
    for (let index = 0; index < count; index++) {
      const slot = exchange.slot(index)
      const { connection } = slot
      // One that has been closed meanwhile no longer owns its descriptor.
      if (connection === undefined || this.#connections[connection.fd] !== connection) continue
      const outcome = exchange.send(slot, connection)
      if (outcome === ExchangeOutcome.Answered) {
        this.#order.touch(connection, this.#now)
        this.#poll(connection)
      } else if (outcome === ExchangeOutcome.HandOver) this.#handOver(connection, slot)
      else this.close(connection)
    }
    exchange.clear()
  }

  #handOver(connection: PlainConnection, slot: PlainSlot): void {
    const { fd, isPolled, socket } = connection
    if (isPolled) this.#polled.remove(fd)
    this.#forget(connection)
    const { index } = this.#listeners[socket]
    this.#options.handOver({ fd, listener: index, unread: slot.unread(), unsent: slot.unsent(), isLast: slot.isLast })
  }

  #forget(connection: PlainConnection): void {
    this.#connections[connection.fd] = undefined
    this.#count--
    this.#order.remove(connection)
    connection.bounded?.leave()
  }

  /** Waits for what arrives next. */
  #poll(connection: PlainConnection): void {
    if (!connection.isPolled) {
      connection.isPolled = true
      if (!this.#polled.addConnection(connection.fd)) this.close(connection)
    } else if (connection.mayHaveMore) this.#polled.reportAgain(connection.fd)
    connection.mayHaveMore = false
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
  drain(): void {
    for (const listener of this.#listeners) {
      while (this.#accept(listener));
      this.#finishBatch()
      this.#sockets[listener.fd] = undefined
      this.#calls.close(listener.fd)
      listener.isDraining = true
    }
    this.#paused.forget()
    this.#isDraining = true
  }

  /** Closes all that is left. Nothing may be called after it. */
  end(): void {
    for (let left = this.#order.oldest; left !== undefined; left = this.#order.oldest) this.close(left)
    this.#polled.close()
  }
}
