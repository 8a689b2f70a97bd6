// A batch of the plain driver: receives on several connections, reads the first request of each, prefetches the memory
// that their announces need, answers them all, and sends the replies. Each step is done for all before the next, so
// that the code and the data of a step stay in the caches.

import type { AnnounceRequest } from '../../../../domain/announce.ts'
import type { Measurements } from '../../../../domain/ports/outbound/measurements.ts'
import { EAGAIN, EINTR, MSG_DONTWAIT } from '../../../linux/constants.ts'
import { MSG_NOSIGNAL, type TcpCalls } from '../../../linux/tcp-calls.ts'
import { KnownHeads } from '../../../protocol/http/known-heads.ts'
import { Histogram } from '../../../protocol/metrics/measurements.ts'
import { type PlainConnection, WHOLE_REQUEST } from './plain-connection.ts'
import type { PlainListener } from './plain-listener.ts'
import { Answer, BATCH_SLOTS, PlainSlot } from './plain-slot.ts'

/** What is to become of a connection. */
export const ExchangeOutcome = {
  /** Nothing has arrived. */
  Nothing: 0,
  /** All that has arrived is answered, and more may come. */
  Answered: 1,
  /** It is broken, or had its last reply: to be closed. */
  Over: 2,
  /** It is for the full driver, with what is unread and unsent in its slot. */
  HandOver: 3,
  /** It has a slot of the batch. */
  Begun: 4,
} as const
export type ExchangeOutcome = (typeof ExchangeOutcome)[keyof typeof ExchangeOutcome]

/** Replies to pipelined requests that are sent at once. */
const REPLIES_AT_ONCE = 4

export class PlainExchange {
  readonly #calls: TcpCalls
  readonly #measurements: Measurements
  readonly #maxHeaderBytes: number
  readonly #slots: readonly PlainSlot[]
  /** By slot. */
  readonly #listeners: PlainListener[] = []
  /** There is room for one more reply up to here. */
  readonly #roomAt: number
  readonly #toPrefetch: AnnounceRequest[] = []
  #count = 0
  #announces = 0
  /** Requests of the batch that were read. */
  #requests = 0

  /** `maxReplyBytes`: of any reply, with its head. */
  constructor(calls: TcpCalls, measurements: Measurements, maxHeaderBytes: number, maxReplyBytes: number) {
    this.#calls = calls
    this.#measurements = measurements
    this.#maxHeaderBytes = maxHeaderBytes
    const outBytes = REPLIES_AT_ONCE * maxReplyBytes
    const known = new KnownHeads()
    this.#slots = Array.from(
      { length: BATCH_SLOTS },
      (_, index) => new PlainSlot(index, calls, known, 2 * maxHeaderBytes, outBytes),
    )
    this.#roomAt = outBytes - maxReplyBytes
  }

  /** Connections in the batch. */
  get count(): number {
    return this.#count
  }

  slot(index: number): PlainSlot {
    return this.#slots[index]
  }

  /** Receives on a connection; only while the batch has room. */
  receive(connection: PlainConnection, listener: PlainListener): ExchangeOutcome {
    const slot = this.#slots[this.#count]
    const count = this.#calls.recv(connection.fd, slot.inAt, slot.in.length, MSG_DONTWAIT)
    if (count <= 0) return count < 0 && this.#isPassing() ? ExchangeOutcome.Nothing : ExchangeOutcome.Over
    slot.begin(connection, count)
    if (count === slot.in.length) connection.mayHaveMore = true
    connection.isInBatch = true
    // It is owed a reply, so it gives way to no newcomer of the same batch.
    connection.bounded?.begin(WHOLE_REQUEST)
    this.#listeners[this.#count] = listener
    this.#count++
    return ExchangeOutcome.Begun
  }

  /** Writes the replies of the batch. */
  answer(): void {
    const count = this.#count
    const slots = this.#slots
    const measurements = this.#measurements
    const beganAt = measurements.isOn ? performance.now() : 0
    this.#announces = 0
    this.#requests = 0
    for (let i = 0; i < count; i++) this.#readFirst(slots[i])
    if (this.#announces > 1) this.#listeners[0].prefetch(this.#toPrefetch, this.#announces)
    for (let i = 0; i < count; i++) this.#answer(slots[i])
    if (beganAt === 0 || this.#announces === 0) return
    const seconds = (performance.now() - beganAt) / 1000 / this.#requests
    measurements.observe(Histogram.http_announce, seconds, this.#announces)
  }

  /** Sends the replies of a slot. */
  send(slot: PlainSlot, connection: PlainConnection): ExchangeOutcome {
    const length = slot.unsentEnd
    connection.bounded?.end(WHOLE_REQUEST)
    if (length > 0) {
      const sent = this.#calls.send(connection.fd, slot.outAt, length, MSG_DONTWAIT | MSG_NOSIGNAL)
      if (sent < 0 && !this.#isPassing()) return ExchangeOutcome.Over
      slot.unsentAt = Math.max(sent, 0)
    }
    if (slot.unsentAt < slot.unsentEnd) return ExchangeOutcome.HandOver
    if (slot.isLast) return ExchangeOutcome.Over
    return slot.unreadAt < slot.unreadEnd ? ExchangeOutcome.HandOver : ExchangeOutcome.Answered
  }

  /** Begins another batch. */
  clear(): void {
    for (let i = 0; i < this.#count; i++) {
      const slot = this.#slots[i]
      if (slot.connection !== undefined) slot.connection.isInBatch = false
      slot.connection = undefined
    }
    this.#count = 0
  }

  /** Reads the next request of a slot; false if there is none, or none that is plain. */
  #read(slot: PlainSlot): boolean {
    const { head } = slot
    const from = slot.unreadAt
    if (from >= slot.unreadEnd) return false
    if (!head.read(slot.in, from, slot.unreadEnd) || head.end - from > this.#maxHeaderBytes) return false
    if (!this.#listeners[slot.index].read(slot)) return false
    slot.isRead = true
    this.#requests++
    return true
  }

  #readFirst(slot: PlainSlot): void {
    if (!this.#read(slot) || slot.answer !== Answer.Announce) return
    this.#toPrefetch[this.#announces++] = this.#listeners[slot.index].queryOf(slot).request
  }

  /** Answers the request that has been read, and those that have arrived behind it. Reads nothing after the last. */
  #answer(slot: PlainSlot): void {
    const listener = this.#listeners[slot.index]
    while (slot.isRead) {
      slot.unsentEnd = listener.answer(slot, slot.unsentEnd)
      slot.isRead = false
      slot.unreadAt = slot.head.end
      if (slot.isLast) slot.unreadEnd = slot.unreadAt
      if (slot.isLast || slot.unsentEnd > this.#roomAt || !this.#read(slot)) return
      if (slot.answer === Answer.Announce) this.#announces++
    }
  }

  /** Whether the last call failed only for now. */
  #isPassing(): boolean {
    const errno = this.#calls.errno()
    return errno === EAGAIN || errno === EINTR
  }
}
