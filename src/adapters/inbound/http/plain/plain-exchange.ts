// Reads what has arrived on a connection of the plain driver, answers the plain requests in it, and sends the replies.

import { PlainHead } from '../../../protocol/http/plain-head.ts'
import { EAGAIN, EINTR, MSG_DONTWAIT } from '../../linux-constants.ts'
import { type PlainConnection, WHOLE_REQUEST } from './plain-connection.ts'
import { NOT_PLAIN, type PlainListener } from './plain-listener.ts'
import { MSG_NOSIGNAL, type TcpCalls } from './tcp-calls.ts'

/** What is to become of the connection. */
export const ExchangeOutcome = {
  /** Nothing has arrived. */
  Nothing: 0,
  /** All that has arrived is answered, and more may come. */
  Answered: 1,
  /** It is broken, or had its last reply: to be closed. */
  Over: 2,
  /** It is for the full driver, with what is `unread` and `unsent`. */
  HandOver: 3,
} as const
export type ExchangeOutcome = (typeof ExchangeOutcome)[keyof typeof ExchangeOutcome]

/** Replies to pipelined requests that are sent at once. */
const REPLIES_AT_ONCE = 4
const NOTHING = new Uint8Array(0)

export class PlainExchange {
  readonly #calls: TcpCalls
  readonly #maxHeaderBytes: number
  readonly #head = new PlainHead()
  readonly #in: Buffer
  readonly #inAt: number
  readonly #out: Buffer
  readonly #outAt: number
  /** There is room for one more reply up to here. */
  readonly #roomAt: number
  /** Bounds of what has been read and not been answered, and of what has been written and not been sent. */
  #unreadAt = 0
  #unreadEnd = 0
  #unsentAt = 0
  #unsentEnd = 0
  /** Whether the reply written last is the last one of its connection. */
  isLast = false

  /** `maxReplyBytes`: of any reply, with its head. */
  constructor(calls: TcpCalls, maxHeaderBytes: number, maxReplyBytes: number) {
    this.#calls = calls
    this.#maxHeaderBytes = maxHeaderBytes
    this.#in = Buffer.from(new ArrayBuffer(2 * maxHeaderBytes))
    this.#inAt = calls.addressOf(this.#in.buffer)
    this.#out = Buffer.from(new ArrayBuffer(REPLIES_AT_ONCE * maxReplyBytes))
    this.#outAt = calls.addressOf(this.#out.buffer)
    this.#roomAt = this.#out.length - maxReplyBytes
  }

  serve(connection: PlainConnection, listener: PlainListener): ExchangeOutcome {
    const count = this.#calls.recv(connection.fd, this.#inAt, this.#in.length, MSG_DONTWAIT)
    if (count <= 0) return count < 0 && this.#isPassing() ? ExchangeOutcome.Nothing : ExchangeOutcome.Over
    this.#answer(connection, listener, count)
    if (!this.#send(connection)) return ExchangeOutcome.Over
    if (this.#unsentAt < this.#unsentEnd) return ExchangeOutcome.HandOver
    if (this.isLast) return ExchangeOutcome.Over
    return this.#unreadAt < this.#unreadEnd ? ExchangeOutcome.HandOver : ExchangeOutcome.Answered
  }

  /** Both are copies. */
  unread(): Uint8Array {
    return copyOf(this.#in, this.#unreadAt, this.#unreadEnd)
  }

  unsent(): Uint8Array {
    return copyOf(this.#out, this.#unsentAt, this.#unsentEnd)
  }

  /** Writes replies to the plain requests in the first `count` bytes. Nothing after the last request is read. */
  #answer(connection: PlainConnection, listener: PlainListener, count: number): void {
    const { bounded } = connection
    const head = this.#head
    let at = 0
    let outEnd = 0
    this.isLast = false
    while (at < count && outEnd <= this.#roomAt) {
      if (!head.read(this.#in, at, count) || head.end - at > this.#maxHeaderBytes) break
      const end = listener.answer(connection, this.#in, head, this.#out, outEnd)
      if (end === NOT_PLAIN) break
      bounded?.begin(WHOLE_REQUEST)
      bounded?.end(WHOLE_REQUEST)
      outEnd = end
      at = head.end
      this.isLast = listener.isLast
      if (this.isLast) break
    }
    this.#unreadAt = at
    this.#unreadEnd = this.isLast ? at : count
    this.#unsentAt = 0
    this.#unsentEnd = outEnd
  }

  /** False if the connection is broken. */
  #send(connection: PlainConnection): boolean {
    const length = this.#unsentEnd
    if (length === 0) return true
    const sent = this.#calls.send(connection.fd, this.#outAt, length, MSG_DONTWAIT | MSG_NOSIGNAL)
    if (sent < 0) return this.#isPassing()
    this.#unsentAt = sent
    return true
  }

  /** Whether the last call failed only for now. */
  #isPassing(): boolean {
    const errno = this.#calls.errno()
    return errno === EAGAIN || errno === EINTR
  }
}

function copyOf(bytes: Buffer, from: number, to: number): Uint8Array {
  return from < to ? Uint8Array.from(bytes.subarray(from, to)) : NOTHING
}
