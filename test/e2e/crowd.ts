// Clients that announce continuously over UDP and HTTP, each time as a new peer. An announce without a successful
// answer within two seconds is a failure. Afterwards the tracker's peers can be compared with theirs.

import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { announceTarget, scrapeTarget } from '../fixtures/announce-targets.ts'
import { announceDatagram, connectDatagram } from '../fixtures/udp-datagrams.ts'
import { ask, get } from './http-client.ts'
import { anInfoHash } from './udp-client.ts'

const TIMEOUT_MS = 2000
/** Pause between an answer and the next announce: the tracker needs a core too. */
const PAUSE_MS = 4
const TORRENTS = 40
/** After this many failures it gives up. */
const MAX_FAILURES = 50
/** A client changes its port after this many announces, so that other sockets of the tracker answer it. */
const ANNOUNCES_A_PORT = 10

export interface CrowdSize {
  readonly udp: number
  readonly http: number
}

export class Crowd {
  /** By protocol. */
  readonly answered = { udp: 0, http: 0 }
  readonly failures: string[] = []
  readonly #udpUrl: URL
  readonly #httpUrl: string
  readonly #infoHashes = Array.from({ length: TORRENTS }, anInfoHash)
  readonly #clients: Promise<void>[]
  /** Announced, whether or not the answer came. */
  #peers = 0
  #isOver = false
  #wake: () => void = () => undefined

  constructor(udpUrl: string, httpUrl: string, size: CrowdSize) {
    this.#udpUrl = new URL(udpUrl)
    this.#httpUrl = httpUrl
    this.#clients = [
      ...Array.from({ length: size.udp }, () => this.#overUdp()),
      ...Array.from({ length: size.http }, () => this.#overHttp()),
    ]
  }

  /** Resolves once this many more announces have been answered over each protocol. */
  async goesOnFor(announces: number): Promise<void> {
    const udp = this.answered.udp + announces
    const http = this.answered.http + announces
    while (!this.#isOver && (this.answered.udp < udp || this.answered.http < http)) {
      await new Promise<void>((wake) => {
        this.#wake = wake
      })
    }
  }

  async end(): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#clients)
  }

  /** Peers that were announced and answered. */
  get peers(): number {
    return this.answered.udp + this.answered.http
  }

  /** The peers that a tracker counts in the crowd's torrents. */
  async peersKnownTo(httpUrl: string): Promise<number> {
    const reply = await ask(httpUrl, scrapeTarget(...this.#infoHashes))
    const files = reply.get('files')
    if (!(files instanceof Map)) throw new Error('no scrape')
    let peers = 0
    for (const counts of files.values()) {
      if (counts instanceof Map) peers += Number(counts.get('complete')) + Number(counts.get('incomplete'))
    }
    return peers
  }

  #fail(failure: string): void {
    if (this.failures.push(failure) === MAX_FAILURES) this.#isOver = true
    this.#wake()
  }

  /** No two peers have the same port in a torrent. */
  #nextPeer(): { infoHash: Buffer; port: number; peerId: string } {
    const number = this.#peers++
    return {
      infoHash: this.#infoHashes[number % TORRENTS] ?? Buffer.alloc(20),
      port: 1024 + Math.floor(number / TORRENTS),
      peerId: `-XX0000-${String(number).padStart(12, '0')}`,
    }
  }

  async #overUdp(): Promise<void> {
    while (!this.#isOver) {
      const socket = createSocket('udp4')
      try {
        const id = (await this.#exchange(socket, connectDatagram())).subarray(8, 16)
        for (let times = 0; times < ANNOUNCES_A_PORT && !this.#isOver; times++) {
          const answer = await this.#exchange(socket, announceDatagram(id, { ...this.#nextPeer(), numwant: 5, key: 0 }))
          if (answer.readUInt32BE(0) !== 1) throw new Error(answer.toString('latin1', 8))
          this.answered.udp++
          this.#wake()
          await setTimeout(PAUSE_MS)
        }
      } catch (error) {
        this.#fail(`udp: ${error}`)
      }
      socket.close()
    }
  }

  async #exchange(socket: Socket, datagram: Uint8Array): Promise<Buffer> {
    const answer = once(socket, 'message', { signal: AbortSignal.timeout(TIMEOUT_MS) })
    socket.send(datagram, Number(this.#udpUrl.port), this.#udpUrl.hostname)
    const [message] = await answer
    return message
  }

  async #overHttp(): Promise<void> {
    while (!this.#isOver) {
      const { infoHash, port, peerId } = this.#nextPeer()
      try {
        const answer = await get(
          this.#httpUrl,
          announceTarget(infoHash, { port: String(port), peer_id: peerId, numwant: '5' }),
        )
        if (answer.status !== 200 || answer.body.includes('failure')) throw new Error(answer.body.toString('latin1'))
        this.answered.http++
        this.#wake()
        await setTimeout(PAUSE_MS)
      } catch (error) {
        this.#fail(`http: ${error}`)
      }
    }
  }
}
