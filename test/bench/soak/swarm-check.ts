// What must hold in the swarms beside an attack: 30 seeders that announced before it are still there, and 100 newcomers
// of 100 networks get in, into a swarm of their own and into the one that is attacked.

import { randomBytes } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { announceDatagram, connectDatagram, readScrapeAnswer, scrapeDatagram } from '../../fixtures/udp-datagrams.ts'

const SEEDERS = 30
const NEWCOMERS = 100
const PATIENCE_MS = 500
const TRIES = 10

export interface SwarmResult {
  readonly seedersKept: number
  readonly newcomersStored: number
}

/** One address with a socket; asks again when there is no answer, as clients do. */
class Client {
  readonly #socket: Socket
  #id: Buffer | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
  }

  static async open(address: string, host: string, port: number): Promise<Client> {
    const socket = createSocket('udp4')
    socket.bind(0, address)
    await once(socket, 'listening')
    socket.connect(port, host)
    await once(socket, 'connect')
    return new Client(socket)
  }

  async announce(infoHash: Uint8Array, left: bigint): Promise<void> {
    const id = await this.#connectionId()
    await this.#ask(announceDatagram(id, { infoHash, left, peerId: `-SK0001-${randomBytes(6).toString('hex')}` }), 1)
  }

  async seedersOf(infoHash: Uint8Array): Promise<number> {
    const [row] = readScrapeAnswer(await this.#ask(scrapeDatagram(await this.#connectionId(), [infoHash]), 2))
    return row?.seeders ?? 0
  }

  close(): void {
    this.#socket.close()
  }

  async #connectionId(): Promise<Buffer> {
    this.#id ??= (await this.#ask(connectDatagram(), 0)).subarray(8, 16)
    return this.#id
  }

  async #ask(datagram: Buffer, action: number): Promise<Buffer> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      this.#socket.send(datagram)
      const answer = await Promise.race([once(this.#socket, 'message'), pause(PATIENCE_MS)])
      const bytes: unknown = answer?.[0]
      if (Buffer.isBuffer(bytes) && bytes.readUInt32BE(0) === action) return bytes
    }
    throw new Error('a client was not answered in any of its tries')
  }
}

export class SwarmCheck {
  readonly #infoHash = randomBytes(20)
  readonly #host: string
  readonly #port: number

  constructor(host: string, port: number) {
    this.#host = host
    this.#port = port
  }

  /** The seeders announce; to be called before the attack. */
  async begin(): Promise<void> {
    await this.#each(
      SEEDERS,
      (number) => `127.100.${number}.1`,
      (client) => client.announce(this.#infoHash, 0n),
    )
  }

  /** To be called while the attack goes on. */
  async end(): Promise<SwarmResult> {
    let before = 0
    await this.#each(
      1,
      () => '127.102.0.1',
      async (client) => {
        before = await client.seedersOf(this.#infoHash)
      },
    )
    await this.#each(
      NEWCOMERS,
      (number) => `127.101.${number}.1`,
      (client) => client.announce(this.#infoHash, 0n),
    )
    let after = 0
    await this.#each(
      1,
      () => '127.102.0.2',
      async (client) => {
        after = await client.seedersOf(this.#infoHash)
      },
    )
    return { seedersKept: before, newcomersStored: after - before }
  }

  async #each(count: number, addressOf: (number: number) => string, work: (client: Client) => Promise<void>) {
    for (let number = 0; number < count; number++) {
      const client = await Client.open(addressOf(number), this.#host, this.#port)
      try {
        await work(client)
      } finally {
        client.close()
      }
    }
  }
}
