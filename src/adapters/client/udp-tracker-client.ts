// A client of one UDP tracker (BEP 15, BEP 41): retransmits by a schedule, and uses a connection id for a minute.

import { isIPv6 } from 'node:net'
import { Deviations } from '../protocol/deviations.ts'
import { readConnectReply, writeConnectRequest } from '../protocol/udp/connect.ts'
import { readErrorReply } from '../protocol/udp/error.ts'
import { REQUEST_HEADER_BYTES } from '../protocol/udp/layout.ts'
import { type AnnounceCall, type InfoHashLike, PeerIdentity, randomInt32 } from './announce-call.ts'
import type { Decoding } from './decoding.ts'
import type { CallOptions, ScrapeResult, TrackerClient, TrackerEndpoint } from './tracker-client.ts'
import { TrackerError } from './tracker-error.ts'
import { announceRequest, scrapeRequest, type UdpAnnounceResult, type UdpCall } from './udp-calls.ts'
import { type UdpEndpoint, UdpExchange, type UdpRequest } from './udp-exchange.ts'

export interface UdpClientOptions {
  /** How long to wait for an answer to each transmission of a request; BEP 15's schedule by default. */
  readonly waitsMs?: readonly number[] | undefined
  /** Path and query of the announce URL, sent as BEP 41 says; may hold a key. */
  readonly target?: string | undefined
  readonly decoding?: Decoding | undefined
  /** 32 bits; random by default. */
  readonly newTransactionId?: (() => number) | undefined
}

const BEP15_FIRST_WAIT_MS = 15_000
const BEP15_TRANSMISSIONS = 9
/** BEP 15: a client uses a connection id for a minute. */
const CONNECTION_ID_AGE_MS = 60_000

interface Connection {
  readonly id: bigint
  readonly receivedAt: number
}

/** BEP 15: 15 seconds, and twice as long after each further transmission; more than two hours altogether. */
export function bep15Waits(firstMs = BEP15_FIRST_WAIT_MS, transmissions = BEP15_TRANSMISSIONS): readonly number[] {
  return Array.from({ length: transmissions }, (_, index) => firstMs * 2 ** index)
}

export class UdpTrackerClient implements TrackerClient {
  readonly endpoint: TrackerEndpoint
  readonly #exchange: UdpExchange
  readonly #identity = new PeerIdentity()
  readonly #waitsMs: readonly number[]
  readonly #target: string
  readonly #decoding: Decoding
  readonly #newTransactionId: () => number
  #connection: Connection | undefined

  private constructor(endpoint: UdpEndpoint, exchange: UdpExchange, options: UdpClientOptions) {
    const { host: address, port } = endpoint
    this.endpoint = { scheme: 'udp', address, family: isIPv6(address) ? 6 : 4, port }
    this.#exchange = exchange
    this.#waitsMs = options.waitsMs ?? bep15Waits()
    this.#target = options.target ?? ''
    this.#decoding = options.decoding ?? 'lenient'
    this.#newTransactionId = options.newTransactionId ?? randomInt32
  }

  /** Sends nothing yet. Rejects with a `TrackerError`, like all methods here. */
  static async open(endpoint: UdpEndpoint, options: UdpClientOptions = {}): Promise<UdpTrackerClient> {
    return new UdpTrackerClient(endpoint, await UdpExchange.open(endpoint), options)
  }

  /** Gets a connection id, for this and the calls of the next minute. They do it themselves when they have none. */
  async connect({ signal }: CallOptions = {}): Promise<bigint> {
    const transactionId = this.#unusedTransactionId()
    const datagram = new Uint8Array(REQUEST_HEADER_BYTES)
    writeConnectRequest(new DataView(datagram.buffer), 0, transactionId)
    const request = { transactionId, datagram, stage: 'connect', signal } as const
    for (const waitMs of this.#waitsMs) {
      const wire = await this.#exchange.exchange(request, waitMs)
      if (wire === undefined) continue
      const reply = readConnectReply(wire)
      if (reply === undefined) throw unexpected(wire, 'connect')
      this.#connection = { id: reply.connectionId, receivedAt: performance.now() }
      return reply.connectionId
    }
    throw this.#silence('connect')
  }

  /** From which the requests come. */
  get localPort(): number {
    return this.#exchange.localPort
  }

  async announce(call: AnnounceCall, options: CallOptions = {}): Promise<UdpAnnounceResult> {
    const { family } = this.endpoint
    return await this.#request(announceRequest(call, this.#identity, { family, target: this.#target }), options)
  }

  async scrape(infoHashes: readonly InfoHashLike[], options: CallOptions = {}): Promise<ScrapeResult> {
    return await this.#request(scrapeRequest(infoHashes), options)
  }

  close(): void {
    this.#exchange.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /** A tracker that has forgotten the connection id of an earlier call is asked for another, once. */
  async #request<Answer>(call: UdpCall<Answer>, options: CallOptions): Promise<Answer> {
    const isReused = this.#usableId() !== undefined
    try {
      return await this.#transmit(call, options)
    } catch (error) {
      if (!isReused || !(error instanceof TrackerError) || error.kind !== 'refused') throw error
      this.#connection = undefined
      return await this.#transmit(call, options)
    }
  }

  async #transmit<Answer>(call: UdpCall<Answer>, { signal }: CallOptions): Promise<Answer> {
    const transactionId = this.#unusedTransactionId()
    const reusedId = this.#usableId()
    for (const waitMs of this.#waitsMs) {
      const connectionId = this.#usableId() ?? (await this.connect({ signal }))
      const datagram = call.write(connectionId, transactionId)
      const request: UdpRequest = { transactionId, datagram, stage: 'receive', signal }
      const wire = await this.#exchange.exchange(request, waitMs)
      if (wire !== undefined) return this.#read(call, wire)
      // A tracker that was restarted may drop what has an id of before.
      if (connectionId === reusedId) this.#connection = undefined
    }
    throw this.#silence('receive')
  }

  #read<Answer>(call: UdpCall<Answer>, wire: DataView): Answer {
    const answer = call.read(wire, new Deviations(), this.#decoding)
    if (answer === undefined) throw unexpected(wire)
    return answer
  }

  #usableId(): bigint | undefined {
    const connection = this.#connection
    if (connection === undefined || performance.now() - connection.receivedAt >= CONNECTION_ID_AGE_MS) return undefined
    return connection.id
  }

  #unusedTransactionId(): number {
    let id = this.#newTransactionId()
    while (this.#exchange.isWaitingFor(id)) id = (id + 1) | 0
    return id
  }

  #silence(stage: 'connect' | 'receive'): TrackerError {
    const totalMs = this.#waitsMs.reduce((sum, waitMs) => sum + waitMs, 0)
    return new TrackerError('timed-out', `no answer within ${totalMs} ms`, { stage })
  }
}

/** The tracker's error, or that the answer is none. `stage` is that of a refusal. */
function unexpected(wire: DataView, stage?: 'connect'): TrackerError {
  const error = readErrorReply(wire)
  if (error !== undefined) return new TrackerError('refused', error.message, stage && { stage })
  // opentracker refuses a torrent with an announce reply that ends after its header.
  const what = `action ${wire.getInt32(0)}, ${wire.byteLength} bytes`
  return new TrackerError('not-a-reply', `the answer does not match the request (${what})`, { stage: 'parse' })
}
