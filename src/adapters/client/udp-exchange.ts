// Requests and answers over one UDP socket that is connected to one tracker. Answers are told apart by their
// transaction id; whatever answers no request is ignored, since anyone may forge the tracker's address.

import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'
import { errorMessage } from '../../domain/error-message.ts'
import { REPLY_HEADER_BYTES } from '../protocol/udp/layout.ts'
import { TrackerError, type TrackerStage } from './tracker-error.ts'

/** An IP address, IPv6 without brackets, and a port. */
export interface UdpEndpoint {
  readonly host: string
  readonly port: number
}

export interface UdpRequest {
  readonly transactionId: number
  readonly datagram: Uint8Array
  /** Of failures while the answer is awaited. */
  readonly stage: TrackerStage
  readonly signal?: AbortSignal | undefined
}

/** A datagram, a failure, or undefined for silence. */
type Outcome = DataView | TrackerError | undefined

interface Pending {
  readonly stage: TrackerStage
  readonly settle: (outcome: Outcome) => void
}

export class UdpExchange {
  readonly #socket: Socket
  readonly #pending = new Map<number, Pending>()
  #isClosed = false

  private constructor(socket: Socket) {
    this.#socket = socket
    // A client that nobody has closed does not keep the process alive; while an answer is awaited, its timer does.
    socket.unref()
    socket.on('message', (datagram) => this.#receive(datagram))
    // Such as the report of the tracker's host that nothing listens on the port.
    socket.on('error', (cause) => this.#failAll((stage) => unreachable(stage, cause)))
  }

  /** Sends nothing yet. Rejects with a `TrackerError`, like `exchange`. */
  static async open({ host, port }: UdpEndpoint): Promise<UdpExchange> {
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
    try {
      socket.connect(port, host)
      await once(socket, 'connect')
    } catch (cause) {
      socket.close()
      throw unreachable('connect', cause)
    }
    return new UdpExchange(socket)
  }

  get localPort(): number {
    return this.#socket.address().port
  }

  /** Whether a request with this transaction id is under way. */
  isWaitingFor(transactionId: number): boolean {
    return this.#pending.has(transactionId)
  }

  /** Sends the datagram once. Resolves with the answer, or with undefined after `waitMs` of silence. */
  async exchange(
    { transactionId, datagram, stage, signal }: UdpRequest,
    waitMs: number,
  ): Promise<DataView | undefined> {
    if (this.#isClosed) throw closed(stage)
    if (signal?.aborted) throw TrackerError.stopped(stage, signal.reason)
    const { promise, resolve: settle } = Promise.withResolvers<Outcome>()
    const abort = (): void => settle(TrackerError.stopped(stage, signal?.reason))
    const timer = setTimeout(settle, waitMs, undefined)
    signal?.addEventListener('abort', abort)
    this.#pending.set(transactionId, { stage, settle })
    try {
      this.#socket.send(datagram, (cause) => {
        if (cause) settle(unreachable('send', cause))
      })
      const outcome = await promise
      if (outcome instanceof TrackerError) throw outcome
      return outcome
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      this.#pending.delete(transactionId)
    }
  }

  /** Ends the requests under way. May be called again. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#failAll(closed)
    this.#socket.close()
  }

  #receive(datagram: Uint8Array): void {
    if (datagram.byteLength < REPLY_HEADER_BYTES) return
    const wire = new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength)
    this.#pending.get(wire.getInt32(4))?.settle(wire)
  }

  #failAll(failure: (stage: TrackerStage) => TrackerError): void {
    for (const { stage, settle } of this.#pending.values()) settle(failure(stage))
  }
}

function closed(stage: TrackerStage): TrackerError {
  return new TrackerError('aborted', 'the client was closed', { stage })
}

function unreachable(stage: TrackerStage, cause: unknown): TrackerError {
  return new TrackerError('unreachable', errorMessage(cause), { stage, cause })
}
