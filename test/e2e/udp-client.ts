// A UDP tracker client on plain sockets and BEP 15, for sending a running tracker any request.

import { randomBytes, randomInt } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'
import {
  type AnnounceAnswer,
  announceDatagram,
  connectDatagram,
  readAnnounceAnswer,
  readScrapeAnswer,
  type ScrapeRow,
  scrapeDatagram,
} from '../fixtures/udp-datagrams.ts'
import { noteDatagram } from './discreet-log.ts'

/** Loopback loses a datagram too, where a receive buffer is full: a missing end is asked for again. */
const REPEAT_AFTER_MS = 1000

export class UdpClient {
  readonly stride: 6 | 18
  readonly #socket: Socket
  readonly #inbox: Buffer[] = []
  /** Transactions of the connect requests behind each exchange: one that was repeated can be answered late. */
  readonly #ends = new Set<number>()
  #wake: () => void = () => undefined

  private constructor(socket: Socket, stride: 6 | 18) {
    this.#socket = socket
    this.stride = stride
    socket.on('message', (datagram) => {
      this.#inbox.push(datagram)
      this.#wake()
    })
  }

  /** `url` as the tracker logs it, `udp://127.0.0.1:6969`; `from` is the client's own address. */
  static async open(url: string, from?: string): Promise<UdpClient> {
    const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
    if (from !== undefined) {
      socket.bind(0, from)
      await once(socket, 'listening')
    }
    socket.connect(Number(new URL(url).port), host)
    await once(socket, 'connect')
    return new UdpClient(socket, isIPv6(host) ? 18 : 6)
  }

  /**
   * All answers to `datagram`. A connect request is sent right after it: one socket's datagrams reach one loop of the
   * tracker in order, so once the connect request is answered, no other answer will follow.
   */
  async exchange(datagram: Uint8Array): Promise<Buffer[]> {
    const transaction = randomInt(2 ** 32)
    const end = connectDatagram(transaction)
    this.#ends.add(transaction)
    this.#inbox.length = 0
    noteDatagram(datagram)
    this.#socket.send(datagram)
    this.#socket.send(end)
    const repeating = setInterval(() => this.#socket.send(end), REPEAT_AFTER_MS)
    while (!this.#inbox.some((answer) => endOf(answer) === transaction)) {
      await new Promise<void>((wake) => {
        this.#wake = wake
      })
    }
    clearInterval(repeating)
    return this.#inbox.filter((answer) => !this.#ends.has(endOf(answer) ?? -1))
  }

  /** Sends a single datagram and waits for no answer. */
  async send(datagram: Uint8Array): Promise<void> {
    noteDatagram(datagram)
    await new Promise<void>((sent) => this.#socket.send(datagram, () => sent()))
  }

  /** The single answer to `datagram`. */
  async ask(datagram: Uint8Array): Promise<Buffer> {
    const [answer, ...others] = await this.exchange(datagram)
    if (answer === undefined) throw new Error(`no answer to ${Buffer.from(datagram).toString('hex')}`)
    if (others.length > 0) throw new Error(`${others.length + 1} answers to ${Buffer.from(datagram).toString('hex')}`)
    return answer
  }

  async connectionId(): Promise<Buffer> {
    const answer = await this.ask(connectDatagram(randomInt(2 ** 32)))
    return answer.subarray(8, 16)
  }

  async announce(fields: Parameters<typeof announceDatagram>[1]): Promise<AnnounceAnswer> {
    const answer = await this.ask(announceDatagram(await this.connectionId(), fields))
    if (answer.readUInt32BE(0) !== 1) throw new Error(`announce refused: ${answer.toString('latin1')}`)
    return readAnnounceAnswer(answer, this.stride)
  }

  async scrape(...infoHashes: readonly Uint8Array[]): Promise<ScrapeRow[]> {
    return readScrapeAnswer(await this.ask(scrapeDatagram(await this.connectionId(), infoHashes)))
  }

  close(): void {
    this.#socket.close()
  }
}

/** The transaction of the connect request that this answers. */
function endOf(answer: Buffer): number | undefined {
  return answer.length === 16 && answer.readUInt32BE(0) === 0 ? answer.readUInt32BE(4) : undefined
}

/** A new torrent. */
export function anInfoHash(): Buffer {
  return randomBytes(20)
}
