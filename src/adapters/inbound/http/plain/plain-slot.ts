// One place in a batch of the plain driver: what was received on a connection, the request in it that is being
// answered, and its replies.

import type { TcpCalls } from '../../../linux/tcp-calls.ts'
import { IpAddress } from '../../../protocol/address-text.ts'
import { HttpOutcome } from '../../../protocol/http/http-outcome.ts'
import type { KnownHeads } from '../../../protocol/http/known-heads.ts'
import { PlainHead } from '../../../protocol/http/plain-head.ts'
import type { PlainConnection } from './plain-connection.ts'
import { After } from './reply-heads.ts'

/** Connections in a batch. */
export const BATCH_SLOTS = 32

/** What a request gets. */
export const Answer = { Banned: 0, SlowDown: 1, Announce: 2, Scrape: 3 } as const
export type Answer = (typeof Answer)[keyof typeof Answer]

const NOTHING = new Uint8Array(0)

export class PlainSlot {
  readonly index: number
  connection: PlainConnection | undefined
  readonly head: PlainHead
  readonly in: Buffer
  readonly inAt: number
  readonly out: Buffer
  readonly outAt: number
  /** The constant part of a head that `out` begins with already. */
  firstHead: After | undefined
  /** Bounds of what has been received and not been answered, and of what has been written and not been sent. */
  unreadAt = 0
  unreadEnd = 0
  unsentAt = 0
  unsentEnd = 0
  /** Whether the request read last is the last one of its connection. */
  isLast = false
  /** Whether a request has been read and not been answered. */
  isRead = false
  // The request read last: what it gets, what becomes of the connection, its client (undefined: unknown), and how an
  // announce could be read.
  answer: Answer = Answer.Announce
  after: After = After.Kept
  client: IpAddress | undefined
  outcome: HttpOutcome = HttpOutcome.Read
  /** The client that a proxy has named. */
  readonly forwarded = new IpAddress()

  constructor(index: number, calls: TcpCalls, known: KnownHeads, inBytes: number, outBytes: number) {
    this.index = index
    this.head = new PlainHead(known)
    this.in = Buffer.from(new ArrayBuffer(inBytes))
    this.inAt = calls.addressOf(this.in.buffer)
    this.out = Buffer.from(new ArrayBuffer(outBytes))
    this.outAt = calls.addressOf(this.out.buffer)
  }

  /** To be called with the number of bytes received. */
  begin(connection: PlainConnection, count: number): void {
    this.connection = connection
    this.unreadAt = 0
    this.unreadEnd = count
    this.unsentAt = 0
    this.unsentEnd = 0
    this.isLast = false
    this.isRead = false
  }

  /** Both are copies. */
  unread(): Uint8Array {
    return copyOf(this.in, this.unreadAt, this.unreadEnd)
  }

  unsent(): Uint8Array {
    return copyOf(this.out, this.unsentAt, this.unsentEnd)
  }
}

function copyOf(bytes: Buffer, from: number, to: number): Uint8Array {
  return from < to ? Uint8Array.from(bytes.subarray(from, to)) : NOTHING
}
