// A client of a driver under test, and its requests.

import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { Endpoint } from '../../../../src/adapters/inbound/udp/own-endpoints.ts'
import { writeAnnounceRequest } from '../../../../src/adapters/protocol/udp/announce.ts'
import { writeConnectRequest } from '../../../../src/adapters/protocol/udp/connect.ts'
import { AnnounceEvent } from '../../../../src/domain/announce.ts'

/** Sequential exchanges with a server, from a socket of one family. */
export class Client {
  readonly #socket: Socket
  readonly #server: Endpoint

  constructor(server: Endpoint) {
    this.#socket = createSocket(server.address.includes(':') ? 'udp6' : 'udp4')
    this.#server = server
  }

  send(bytes: Uint8Array): void {
    this.#socket.send(bytes, this.#server.port, this.#server.address)
  }

  async ask(bytes: Uint8Array): Promise<{ reply: DataView; from: RemoteInfo }> {
    const answered = once(this.#socket, 'message')
    this.send(bytes)
    const [message, from] = await answered
    return { reply: new DataView(message.buffer, message.byteOffset, message.length), from }
  }

  /** Sends the same `times` times at once; resolves when as many replies have arrived. */
  async askTimes(bytes: Uint8Array, times: number): Promise<void> {
    let replies = 0
    const done = new Promise<void>((resolve) => {
      this.#socket.on('message', () => {
        if (++replies === times) resolve()
      })
    })
    for (let n = 0; n < times; n++) this.send(bytes)
    await done
  }

  /** Resolves when all have been sent, in this order. */
  async sendAll(datagrams: readonly Uint8Array[]): Promise<void> {
    for (const datagram of datagrams) {
      await new Promise((sent) => this.#socket.send(datagram, this.#server.port, this.#server.address, sent))
    }
  }

  /** Calls `listener` with every reply. */
  onReply(listener: (reply: Uint8Array) => void): void {
    this.#socket.on('message', listener)
  }

  close(): void {
    this.#socket.close()
  }
}

export function aConnect(): Uint8Array {
  const bytes = new Uint8Array(16)
  writeConnectRequest(new DataView(bytes.buffer), 0, 7)
  return bytes
}

export function anAnnounceWith(connectionId: bigint): Uint8Array {
  const bytes = new Uint8Array(98)
  writeAnnounceRequest(new DataView(bytes.buffer), 0, {
    connectionId,
    transactionId: 8,
    infoHash: new Uint8Array(20).fill(1),
    peerId: new Uint8Array(20).fill(2),
    downloaded: 0n,
    left: 1n,
    uploaded: 0n,
    event: AnnounceEvent.Started,
    key: 0,
    numwant: -1,
    port: 6881,
  })
  return bytes
}
