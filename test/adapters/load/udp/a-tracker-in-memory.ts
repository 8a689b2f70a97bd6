// Sockets of a load with a tracker behind them that answers at once, late or never, by a clock that only the test
// moves.

import { type DatagramBatch, REPLY_BYTES, REQUEST_BYTES } from '../../../../src/adapters/load/udp/datagram-batch.ts'
import type { LoadSockets } from '../../../../src/adapters/load/udp/load-sockets.ts'
import { AnnounceEvent } from '../../../../src/domain/announce.ts'

interface Reply {
  readonly at: number
  readonly bytes: Uint8Array
}

/** When the reply to a request comes; undefined: never. */
export type Delay = (request: DataView, sentAt: number) => number | undefined

export class TrackerInMemory implements LoadSockets {
  readonly count: number
  readonly isSynchronous = true
  /** Every request so far. */
  readonly requests: DataView[] = []
  /** Info hash and endpoint of every peer that was announced, with how often. */
  readonly announced = new Map<string, number>()
  now = 0
  delay: Delay = () => 100
  /** Whether the reply to a request gets lost. */
  losesReply: (request: DataView) => boolean = () => false
  /** Answers announces with an error, with this text. */
  refusal: string | undefined
  /** Which requests it refuses, if any. */
  refuses: (request: DataView) => boolean = () => true
  /** How many datagrams of a batch the kernel takes. */
  room = Number.POSITIVE_INFINITY
  readonly #batch: DatagramBatch
  readonly #replies: Reply[][]
  readonly #swarms = new Map<string, Set<string>>()

  constructor(count: number, batch: DatagramBatch) {
    this.count = count
    this.#batch = batch
    this.#replies = Array.from({ length: count }, () => [])
  }

  send(socket: number, count: number): number {
    const { bytes, lengths } = this.#batch.requests
    const taken = Math.min(count, this.room)
    for (let slot = 0; slot < taken; slot++) {
      const at = slot * REQUEST_BYTES
      const request = new DataView(bytes.slice(at, at + lengths[slot]).buffer)
      this.requests.push(request)
      if (request.byteLength < 16) continue
      const delay = this.delay(request, this.now)
      if (delay === undefined) continue
      const reply = { at: this.now + delay, bytes: this.#answer(socket, request) }
      if (!this.losesReply(request)) this.#replies[socket].push(reply)
    }
    return taken
  }

  receive(socket: number): number {
    const due = this.#replies[socket].filter(({ at }) => at <= this.now).slice(0, 64)
    this.#replies[socket] = this.#replies[socket].filter((reply) => !due.includes(reply))
    for (const [slot, { bytes }] of due.entries()) {
      this.#batch.replies.bytes.set(bytes.subarray(0, REPLY_BYTES), slot * REPLY_BYTES)
      this.#batch.replies.lengths[slot] = bytes.length
    }
    return due.length
  }

  wait(): void {
    throw new Error('the test moves the clock')
  }

  takeUnreachable(): number {
    return 0
  }

  close(): void {}

  #answer(socket: number, request: DataView): Uint8Array {
    const action = request.getInt32(8)
    const transaction = request.getInt32(12)
    if (action === 0) return reply(16, [0, transaction, 0x1234, 0x5678])
    if (this.refusal !== undefined && this.refuses(request)) return errorReply(transaction, this.refusal)
    if (action === 2) return reply(8 + 12 * ((request.byteLength - 16) / 20), [2, transaction])
    const hash = hexOf(request, 16, 36)
    const peer = `${socket}:${request.getUint16(96)}`
    const swarm = this.#swarms.get(hash) ?? new Set()
    if (request.getInt32(80) === AnnounceEvent.Stopped) swarm.delete(peer)
    else swarm.add(peer)
    this.#swarms.set(hash, swarm)
    this.announced.set(`${hash} ${peer}`, (this.announced.get(`${hash} ${peer}`) ?? 0) + 1)
    return reply(20 + 6 * 2, [1, transaction, 1800, swarm.size, 0])
  }
}

function reply(length: number, words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(length)
  const wire = new DataView(bytes.buffer)
  for (const [index, word] of words.entries()) wire.setInt32(4 * index, word)
  return bytes
}

function errorReply(transaction: number, text: string): Uint8Array {
  const bytes = reply(8 + text.length, [3, transaction])
  bytes.set(new TextEncoder().encode(text), 8)
  return bytes
}

function hexOf(wire: DataView, from: number, to: number): string {
  return Buffer.from(wire.buffer, from, to - from).toString('hex')
}
