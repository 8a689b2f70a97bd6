// A client with an address of its own that announces now and then, and repeats what is not answered after 0.5, 1, 2 and
// 4 seconds: BEP 15 says 15 * 2^n, of which that is a thirtieth.

import { randomInt } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import {
  announceDatagram,
  connectDatagram,
  readScrapeAnswer,
  type ScrapeRow,
  scrapeDatagram,
} from '../../fixtures/udp-datagrams.ts'
import { PORTS, TRACKER } from './addresses.ts'

const FIRST_PATIENCE_MS = 500
const MAX_TRIES = 4

export class Bystander {
  readonly #socket: Socket
  readonly #address: string
  #id: Buffer | undefined
  #take: (reply: Buffer) => void = () => undefined

  private constructor(socket: Socket, address: string) {
    this.#socket = socket
    this.#address = address
    socket.on('message', (reply) => this.#take(reply))
    socket.on('error', () => undefined)
  }

  static async open(address: string): Promise<Bystander> {
    const socket = createSocket('udp4')
    socket.bind(0, address)
    await once(socket, 'listening')
    return new Bystander(socket, address)
  }

  /** As a seeder, a leecher, or one that leaves. False if it was not answered. */
  async announce(infoHash: Uint8Array, role: 'seeder' | 'leecher' | 'leaving'): Promise<boolean> {
    const fields = { infoHash, left: role === 'seeder' ? 0n : 1n, event: role === 'leaving' ? 3 : 2, numwant: 50 }
    const peerId = `-BY0100-${this.#address}`.padEnd(20, '-').slice(0, 20)
    const reply = await this.#ask((id, transaction) => announceDatagram(id, { ...fields, peerId, transaction }))
    return reply?.readUInt32BE(0) === 1
  }

  async scrape(infoHash: Uint8Array): Promise<ScrapeRow | undefined> {
    const reply = await this.#ask((id, transaction) => scrapeDatagram(id, [infoHash], transaction))
    return reply?.readUInt32BE(0) === 2 ? readScrapeAnswer(reply)[0] : undefined
  }

  close(): void {
    this.#socket.close()
  }

  async #ask(write: (id: Buffer, transaction: number) => Buffer): Promise<Buffer | undefined> {
    if (this.#id === undefined) {
      const reply = await this.#exchange(connectDatagram)
      this.#id = reply?.readUInt32BE(0) === 0 ? reply.subarray(8, 16) : undefined
    }
    const id = this.#id
    return id && this.#exchange((transaction) => write(id, transaction))
  }

  async #exchange(write: (transaction: number) => Buffer): Promise<Buffer | undefined> {
    const transaction = randomInt(2 ** 32)
    const datagram = write(transaction)
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const answer = this.#answerTo(transaction, FIRST_PATIENCE_MS * 2 ** tries)
      this.#socket.send(datagram, PORTS.udp, TRACKER.ipv4)
      const reply = await answer
      if (reply !== undefined) return reply
    }
    return undefined
  }

  #answerTo(transaction: number, milliseconds: number): Promise<Buffer | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), milliseconds)
      this.#take = (reply) => {
        if (reply.length < 8 || reply.readUInt32BE(4) !== transaction) return
        clearTimeout(timer)
        resolve(reply)
      }
    })
  }
}
