// A client of one UDP tracker (BEP 15): one socket, one request at a time, each with a timeout.

import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'
import { Family } from '../../domain/announce.ts'
import { errorMessage } from '../../domain/error-message.ts'
import {
  type ClientAnnounce,
  type ClientAnnounceReply,
  readAnnounceReply,
  writeAnnounceRequest,
} from '../protocol/udp/announce.ts'
import { readConnectReply, writeConnectRequest } from '../protocol/udp/connect.ts'
import { readErrorReply } from '../protocol/udp/error.ts'
import { ANNOUNCE_REQUEST_BYTES, REQUEST_HEADER_BYTES } from '../protocol/udp/layout.ts'
import { TrackerError } from './tracker-error.ts'

/** An IP address, IPv6 without brackets, and a port. */
export interface UdpEndpoint {
  readonly host: string
  readonly port: number
}

export class UdpTrackerClient {
  readonly #socket: Socket
  readonly #family: Family
  readonly #timeoutMs: number

  private constructor(socket: Socket, family: Family, timeoutMs: number) {
    this.#socket = socket
    this.#family = family
    this.#timeoutMs = timeoutMs
    // Errors between requests have no one to report to.
    socket.on('error', () => undefined)
  }

  /** Sends nothing yet. Rejects with a `TrackerError`, like all methods here. */
  static async open({ host, port }: UdpEndpoint, timeoutMs: number): Promise<UdpTrackerClient> {
    const family = isIPv6(host) ? Family.IPv6 : Family.IPv4
    const socket = createSocket(family === Family.IPv6 ? 'udp6' : 'udp4')
    try {
      socket.connect(port, host)
      await once(socket, 'connect')
    } catch (cause) {
      socket.close()
      throw unreachable(cause)
    }
    return new UdpTrackerClient(socket, family, timeoutMs)
  }

  /** Resolves with the connection id. */
  async connect(transactionId: number): Promise<bigint> {
    const request = new DataView(new ArrayBuffer(REQUEST_HEADER_BYTES))
    writeConnectRequest(request, 0, transactionId)
    const wire = await this.#exchange(request)
    return this.#matching(wire, transactionId, readConnectReply(wire)).connectionId
  }

  async announce(announce: ClientAnnounce): Promise<ClientAnnounceReply> {
    const request = new DataView(new ArrayBuffer(ANNOUNCE_REQUEST_BYTES))
    writeAnnounceRequest(request, 0, announce)
    const wire = await this.#exchange(request)
    return this.#matching(wire, announce.transactionId, readAnnounceReply(wire, this.#family))
  }

  close(): void {
    this.#socket.close()
  }

  #matching<Reply extends { readonly transactionId: number }>(
    wire: DataView,
    transactionId: number,
    reply: Reply | undefined,
  ): Reply {
    if (reply?.transactionId === transactionId) return reply
    const error = readErrorReply(wire)
    if (error?.transactionId === transactionId) throw new TrackerError('refused', error.message)
    throw new TrackerError('not-a-reply', 'the answer does not match the request')
  }

  /** Sends `request` and resolves with the next datagram received. */
  async #exchange(request: DataView): Promise<DataView> {
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(), this.#timeoutMs)
    try {
      const answer = once(this.#socket, 'message', { signal: controller.signal })
      this.#socket.send(request)
      const [datagram]: Uint8Array[] = await answer
      return new DataView(datagram.buffer, datagram.byteOffset, datagram.byteLength)
    } catch (cause) {
      if (!controller.signal.aborted) throw unreachable(cause)
      throw new TrackerError('timed-out', `no answer within ${this.#timeoutMs} ms`)
    } finally {
      clearTimeout(timer)
    }
  }
}

function unreachable(cause: unknown): TrackerError {
  return new TrackerError('unreachable', errorMessage(cause), cause)
}
