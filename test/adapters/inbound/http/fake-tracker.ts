// A tracker that records requests and returns preset peers, and counters that can be read.

import { COUNTER_NAMES, type CounterName } from '../../../../src/adapters/protocol/metrics/counters.ts'
import type { Credentials } from '../../../../src/domain/access-key.ts'
import {
  AnnounceEvent,
  type AnnounceReply,
  type AnnounceRequest,
  Family,
  Warning,
} from '../../../../src/domain/announce.ts'
import type { Tracker } from '../../../../src/domain/ports/inbound/tracker.ts'
import type { Counters } from '../../../../src/domain/ports/outbound/counters.ts'
import type { SwarmCounts } from '../../../../src/domain/scrape.ts'
import { Verdict } from '../../../../src/domain/verdict.ts'

export interface SeenAnnounce {
  readonly infoHash: string
  readonly peerId: string
  readonly address: string
  readonly port: number
  readonly isSeeding: boolean
  readonly event: AnnounceEvent
  readonly numwant: number
}

export class FakeTracker implements Tracker {
  readonly announces: SeenAnnounce[] = []
  readonly scrapes: string[] = []
  /** The key of each announce and each scraped hash; undefined if there was none. */
  readonly shownKeys: (string | undefined)[] = []
  verdict: Verdict = Verdict.Served
  /** Compact IPv4 peers, in hex. */
  peers: readonly string[] = []

  announce(request: AnnounceRequest, reply: AnnounceReply): Verdict {
    this.#see(request.credentials)
    if (request.port === 0 && request.event !== AnnounceEvent.Stopped) return Verdict.InvalidPort
    if (this.verdict !== Verdict.Served && this.verdict !== Verdict.Full) return this.verdict
    const words = Buffer.from(request.words.buffer)
    const endpoint = Buffer.from(request.endpoint.buffer)
    this.announces.push({
      infoHash: words.toString('hex', 0, 20),
      peerId: words.toString('latin1', 20, 40),
      address: endpoint.toString('hex', 0, request.family === Family.IPv4 ? 4 : 16),
      port: endpoint.readUInt16BE(request.family === Family.IPv4 ? 4 : 16),
      isSeeding: words.readBigUInt64BE(48) === 0n,
      event: request.event,
      numwant: request.numwant,
    })
    const isServed = this.verdict === Verdict.Served
    reply.intervalSeconds = isServed ? 1900 : 3600
    reply.minIntervalSeconds = 900
    reply.seeders = 0
    reply.leechers = isServed ? 1 : 0
    reply.completed = 0
    reply.warning = request.port === 25 ? Warning.DeniedPort : Warning.None
    const peers = request.event === AnnounceEvent.Stopped || !isServed ? [] : this.peers.slice(0, request.numwant)
    Buffer.from(reply.ipv4.halfwords.buffer).write(peers.join(''), reply.ipv4.at * 2, 'hex')
    reply.ipv4.count = peers.length
    return this.verdict
  }

  prefetch(): void {}

  scrape(words: Int32Array, infoHashAt: number, credentials: Credentials, counts: SwarmCounts): void {
    this.#see(credentials)
    const infoHash = Buffer.from(words.buffer).toString('hex', infoHashAt * 4, infoHashAt * 4 + 20)
    this.scrapes.push(infoHash)
    counts.seeders = 1
    counts.completed = 2
    counts.leechers = 4
    counts.downloaders = 3
  }

  #see(credentials: Credentials): void {
    this.shownKeys.push(credentials.isPresent ? Buffer.from(credentials.bytes).toString('latin1') : undefined)
  }
}

export class FakeCounters implements Counters {
  readonly #totals = COUNTER_NAMES.map(() => 0)

  add(counter: number, amount: number): void {
    this.#totals[counter] = this.total(counter) + amount
  }

  total(counter: number): number {
    return this.#totals[counter] ?? 0
  }

  of(name: CounterName): number {
    return this.total(COUNTER_NAMES.indexOf(name))
  }
}
