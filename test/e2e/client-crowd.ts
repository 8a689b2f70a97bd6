// Many clients of one tracker: enough sockets and connections that every thread behind its ports gets some of them.

import { announceTarget, type Parameters, scrapeTarget } from '../fixtures/announce-targets.ts'
import type { BencodedMap } from '../fixtures/bencode.ts'
import { announceDatagram } from '../fixtures/udp-datagrams.ts'
import { ask } from './http-client.ts'
import type { TrackerProcess } from './tracker-process.ts'
import { UdpClient } from './udp-client.ts'

/** With two threads per protocol, one of them gets none of so many only once in 2^23 runs. */
const CLIENTS = 24

export interface Visit {
  /** What precedes `/announce`: `/KEY`, or nothing. */
  readonly before?: string
  /** What follows it. */
  readonly after?: string
  readonly query?: Parameters
}

/** `served`, or the tracker's error. */
export type Outcome = string

export class ClientCrowd {
  readonly #tracker: TrackerProcess
  readonly #udp: readonly UdpClient[]

  private constructor(tracker: TrackerProcess, udp: readonly UdpClient[]) {
    this.#tracker = tracker
    this.#udp = udp
  }

  static async open(tracker: TrackerProcess): Promise<ClientCrowd> {
    const udp = await Promise.all(Array.from({ length: CLIENTS }, () => UdpClient.open(tracker.udp[0] ?? '')))
    return new ClientCrowd(tracker, udp)
  }

  close(): void {
    for (const client of this.#udp) client.close()
  }

  /** All distinct outcomes; `path` is what clients send as URLData, if anything. */
  async overUdp(infoHash: Uint8Array, path?: string): Promise<Outcome[]> {
    const options = path === undefined ? '' : urlData(path)
    const outcomes = this.#udp.map(async (client) => {
      const answer = await client.ask(announceDatagram(await client.connectionId(), { infoHash, options }))
      return answer.readUInt32BE(0) === 1 ? 'served' : answer.toString('latin1', 8)
    })
    return distinct(await Promise.all(outcomes))
  }

  async overHttp(infoHash: Uint8Array, { before = '', after = '', query = {} }: Visit = {}): Promise<Outcome[]> {
    const target = announceTarget(infoHash, query).replace('/announce', `${before}/announce${after}`)
    const outcomes = Array.from({ length: CLIENTS }, async () => {
      const reply = await ask(this.#tracker.http[0] ?? '', target)
      return String(reply.get('failure reason') ?? 'served')
    })
    return distinct(await Promise.all(outcomes))
  }

  /** Seeders and leechers of a scrape over UDP. */
  async countsOverUdp(infoHash: Uint8Array): Promise<Outcome[]> {
    const rows = await Promise.all(this.#udp.map((client) => client.scrape(infoHash)))
    return distinct(rows.map(([row]) => `${row?.seeders}/${row?.leechers}`))
  }

  async countsOverHttp(infoHash: Uint8Array, before = ''): Promise<Outcome[]> {
    const counts = Array.from({ length: CLIENTS }, async () => {
      const reply = await ask(this.#tracker.http[0] ?? '', before + scrapeTarget(infoHash))
      const row = (reply.get('files') as BencodedMap).get(Buffer.from(infoHash).toString('latin1')) as BencodedMap
      return `${row.get('complete')}/${row.get('incomplete')}`
    })
    return distinct(await Promise.all(counts))
  }
}

function distinct(outcomes: readonly Outcome[]): Outcome[] {
  return [...new Set(outcomes)].sort()
}

/** BEP 41: one option of type 2. */
function urlData(path: string): string {
  return `02${path.length.toString(16).padStart(2, '0')}${Buffer.from(path, 'latin1').toString('hex')}`
}
