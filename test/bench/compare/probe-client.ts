// Asks a tracker single questions, over UDP or HTTP, for the correctness probe of the comparison.

import { randomInt } from 'node:crypto'
import { createSocket, type Socket } from 'node:dgram'
import { on, once } from 'node:events'
import { type Bencoded, decodeMap } from '../../fixtures/bencode.ts'
import { announceDatagram, connectDatagram, scrapeDatagram } from '../../fixtures/udp-datagrams.ts'
import type { Contender } from './contender.ts'

const PATIENCE_MS = 1000
const TRANSACTION_AT = 12
const REPLY_HEADER_BYTES = 8
/** Of compact peers. */
const PEER_BYTES = 6
const PEER6_BYTES = 18
const UNKNOWN_ID = Buffer.from('0123456789abcdef', 'hex')

interface ProbeAnnounce {
  readonly infoHash: Uint8Array
  readonly peerId: string
  readonly port: number
  readonly isSeeding: boolean
  readonly numwant: number
}

export interface ProbeClient {
  /** The ports of the peers in the reply. */
  announce(announce: ProbeAnnounce): Promise<readonly number[]>
  /** For how many of these the reply has a row; undefined: no reply. */
  scrape(infoHashes: readonly Uint8Array[]): Promise<number | undefined>
  /** What an announce with a connection id that the tracker has not given gets. */
  forgedId(infoHash: Uint8Array): Promise<string>
  close(): void
}

export async function openProbeClient(contender: Contender): Promise<ProbeClient> {
  return contender.transport === 'udp' ? await UdpProbe.open(contender) : new HttpProbe(contender)
}

class UdpProbe implements ProbeClient {
  readonly #socket: Socket
  readonly #peerBytes: number
  #connectionId: Uint8Array = UNKNOWN_ID

  private constructor(socket: Socket, peerBytes: number) {
    this.#socket = socket
    this.#peerBytes = peerBytes
  }

  static async open({ host, port }: Contender): Promise<UdpProbe> {
    const isIPv6 = host.includes(':')
    const socket = createSocket(isIPv6 ? 'udp6' : 'udp4')
    socket.connect(port, host)
    await once(socket, 'connect')
    const probe = new UdpProbe(socket, isIPv6 ? PEER6_BYTES : PEER_BYTES)
    const reply = await probe.#ask(connectDatagram())
    if (reply === undefined || reply.length < 16) throw new Error('the tracker does not answer a connect')
    probe.#connectionId = reply.subarray(8, 16)
    return probe
  }

  async announce({ infoHash, peerId, port, isSeeding, numwant }: ProbeAnnounce): Promise<readonly number[]> {
    const left = isSeeding ? 0n : 1000n
    const reply = await this.#ask(announceDatagram(this.#connectionId, { infoHash, peerId, port, left, numwant }))
    if (reply === undefined || reply.readInt32BE(0) !== 1) throw new Error('an announce is refused or not answered')
    return portsOf(reply.subarray(20), this.#peerBytes)
  }

  async scrape(infoHashes: readonly Uint8Array[]): Promise<number | undefined> {
    const reply = await this.#ask(scrapeDatagram(this.#connectionId, infoHashes))
    return reply === undefined || reply.readInt32BE(0) !== 2 ? undefined : (reply.length - 8) / 12
  }

  async forgedId(infoHash: Uint8Array): Promise<string> {
    const reply = await this.#ask(announceDatagram(UNKNOWN_ID, { infoHash, port: 4242 }))
    if (reply === undefined) return 'no reply'
    return reply.readInt32BE(0) === 3 ? 'error' : 'ACCEPTED'
  }

  close(): void {
    this.#socket.close()
  }

  /** Each question has a transaction id of its own: the reply to an earlier one is passed over. */
  async #ask(datagram: Uint8Array): Promise<Buffer | undefined> {
    const transaction = randomInt(2 ** 32)
    const signal = AbortSignal.timeout(PATIENCE_MS)
    const replies = on(this.#socket, 'message', { signal })
    const question = Buffer.from(datagram)
    question.writeUInt32BE(transaction, TRANSACTION_AT)
    this.#socket.send(question)
    try {
      for await (const [reply] of replies as AsyncIterable<[Buffer]>) {
        if (reply.length >= REPLY_HEADER_BYTES && reply.readUInt32BE(4) === transaction) return reply
      }
    } catch (error) {
      if (!signal.aborted) throw error
    }
    return undefined
  }
}

class HttpProbe implements ProbeClient {
  readonly #url: string

  constructor({ url }: Contender) {
    const { origin, pathname } = new URL(url)
    this.#url = `${origin}${pathname === '/' ? '/announce' : pathname}`
  }

  async announce({ infoHash, peerId, port, isSeeding, numwant }: ProbeAnnounce): Promise<readonly number[]> {
    const left = isSeeding ? 0 : 1000
    const rest = `&port=${port}&uploaded=0&downloaded=0&left=${left}&compact=1&numwant=${numwant}&event=started`
    const reply = await this.#ask(`${this.#url}?info_hash=${escaped(infoHash)}&peer_id=${peerId}${rest}`)
    const [peers, peers6] = [reply?.get('peers'), reply?.get('peers6')]
    if (typeof (peers ?? peers6) !== 'string') throw new Error('an announce is refused or has no compact peers')
    const ports = (text: unknown, bytes: number) =>
      portsOf(Buffer.from(typeof text === 'string' ? text : '', 'latin1'), bytes)
    return [...ports(peers, PEER_BYTES), ...ports(peers6, PEER6_BYTES)]
  }

  async scrape(infoHashes: readonly Uint8Array[]): Promise<number | undefined> {
    const query = infoHashes.map((hash) => `info_hash=${escaped(hash)}`).join('&')
    const files = (await this.#ask(`${this.#url.replace(/announce(?!.*announce)/, 'scrape')}?${query}`))?.get('files')
    return files instanceof Map ? files.size : undefined
  }

  async forgedId(): Promise<string> {
    return '-'
  }

  close(): void {}

  async #ask(url: string): Promise<Map<string, Bencoded> | undefined> {
    try {
      // A redirect may lead to a machine that is not ours.
      const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS) })
      return decodeMap(new Uint8Array(await response.arrayBuffer()))
    } catch {
      return undefined
    }
  }
}

function escaped(hash: Uint8Array): string {
  return Buffer.from(hash).toString('hex').replaceAll(/../g, '%$&')
}

/** Of compact peers, the port of each in its last two bytes. */
function portsOf(compact: Buffer, peerBytes: number): readonly number[] {
  const peers = Math.floor(compact.length / peerBytes)
  return Array.from({ length: peers }, (_, peer) => compact.readUInt16BE(peerBytes * (peer + 1) - 2))
}
