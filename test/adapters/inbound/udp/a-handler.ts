// A datagram handler on a desk: fakes around it, datagrams passed as bytes and addresses as text.

import type { AnnouncePolicy } from '../../../../src/adapters/inbound/udp/announce-answer.ts'
import { type ConnectionIdPolicy, DatagramHandler } from '../../../../src/adapters/inbound/udp/datagram-handler.ts'
import { AF_INET, AF_INET6, SLOT_BYTES, SOURCE_BYTES } from '../../../../src/adapters/inbound/udp/datagram-memory.ts'
import { readSocketAddress } from '../../../../src/adapters/protocol/address-text.ts'
import { ConnectionIds } from '../../../../src/adapters/protocol/udp/connection-id.ts'
import type { Credentials } from '../../../../src/domain/access-key.ts'
import {
  type AnnounceReply,
  type AnnounceRequest,
  ENDPOINT_HALFWORDS,
  Family,
} from '../../../../src/domain/announce.ts'
import type { Tracker } from '../../../../src/domain/ports/inbound/tracker.ts'
import { Counter, type CounterName, type Counters } from '../../../../src/domain/ports/outbound/counters.ts'
import type { SwarmCounts } from '../../../../src/domain/scrape.ts'
import { Verdict } from '../../../../src/domain/verdict.ts'
import { PlainMeasurements } from '../../../fakes/plain-measurements.ts'
import { CLIENT_IPV4, hexOf, INFO_HASH, KEY, NOW_SECONDS } from '../../../fixtures/udp-vectors.ts'

/** What a tracker was asked, copied out of the reused record. */
interface SeenAnnounce {
  readonly infoHash: string
  readonly peerId: string
  readonly figures: readonly string[]
  readonly event: number
  readonly key: number
  readonly numwant: number
  readonly family: Family
  readonly endpoint: string
  readonly port: number
  readonly wantsBothFamilies: boolean
  /** Undefined when none was shown. */
  readonly shownKey: string | undefined
}

const wordsHex = (words: Int32Array, from: number, count: number): string =>
  hexOf(new Uint8Array(words.buffer, words.byteOffset + 4 * from, 4 * count))

/** Remembers announces, answers with the counts and peers that it was told, and knows one torrent to scrape. */
class FakeTracker implements Tracker {
  readonly announces: SeenAnnounce[] = []
  verdict: Verdict = Verdict.Served
  intervalSeconds = 1800
  leechers = 0
  seeders = 0
  /** Compact peers as hex, handed out as often as wanted when `repeats`. */
  peers: readonly string[] = []
  repeats = false

  announce(request: AnnounceRequest, reply: AnnounceReply): Verdict {
    const { words, infoHashAt, peerAt, event, key, numwant, family, endpoint, port, wantsBothFamilies } = request
    const { credentials } = request
    this.announces.push({
      infoHash: wordsHex(words, infoHashAt, 5),
      peerId: wordsHex(words, peerAt, 5),
      figures: [5, 7, 9].map((word) => wordsHex(words, peerAt + word, 2)),
      event,
      key,
      numwant,
      family,
      endpoint: hexOf(new Uint8Array(endpoint.buffer, 0, 2 * ENDPOINT_HALFWORDS[family])),
      port,
      wantsBothFamilies,
      shownKey: credentials.isPresent ? Buffer.from(credentials.bytes).toString('latin1') : undefined,
    })
    if (this.verdict !== Verdict.Served && this.verdict !== Verdict.Full) return this.verdict
    const room = family === Family.IPv4 ? reply.ipv4 : reply.ipv6
    const count = this.repeats ? numwant : Math.min(numwant, this.peers.length)
    for (let index = 0; index < count; index++) {
      const peer = Buffer.from(this.peers[index % this.peers.length], 'hex')
      new Uint8Array(room.halfwords.buffer).set(peer, 2 * room.at + index * peer.length)
    }
    room.count = count
    reply.intervalSeconds = this.intervalSeconds
    reply.leechers = this.leechers
    reply.seeders = this.seeders
    return this.verdict
  }

  lookAhead(): void {}

  scrape(words: Int32Array, infoHashAt: number, _credentials: Credentials, counts: SwarmCounts): void {
    const isKnown = wordsHex(words, infoHashAt, 5) === INFO_HASH
    counts.seeders = isKnown ? 11 : 0
    counts.completed = isKnown ? 13772 : 0
    counts.leechers = isKnown ? 19 : 0
  }
}

class FakeCounters implements Counters {
  readonly #totals = new Map<number, number>()

  add(counter: number, amount: number): void {
    this.#totals.set(counter, this.total(counter) + amount)
  }

  total(counter: number): number {
    return this.#totals.get(counter) ?? 0
  }
}

interface Desk {
  readonly policy?: ConnectionIdPolicy
  readonly nowSeconds?: number
  readonly maxAgeSeconds?: number
  readonly slot?: number
  readonly announces?: Partial<AnnouncePolicy>
}

export class HandlerOnADesk {
  readonly tracker = new FakeTracker()
  readonly measurements = new PlainMeasurements()
  readonly handler: DatagramHandler
  nowSeconds: number
  readonly #slot: number
  readonly #counters = new FakeCounters()

  constructor(desk: Desk = {}) {
    this.nowSeconds = desk.nowSeconds ?? NOW_SECONDS
    this.#slot = desk.slot ?? 63
    this.handler = new DatagramHandler({
      tracker: this.tracker,
      clock: { nowSeconds: () => this.nowSeconds },
      counters: this.#counters,
      measurements: this.measurements,
      connectionIds: new ConnectionIds(KEY, desk.maxAgeSeconds),
      policy: desk.policy ?? { validates: true, answersMismatches: true },
      announces: { readsKeys: false, defaultPeers: 50, mostPeers: 200, ...desk.announces },
    })
  }

  /** The reply to a datagram, as bytes; empty for silence. */
  answer(datagram: Uint8Array, address: string = CLIENT_IPV4, port = 40000): Uint8Array {
    const { received, sources, replies } = this.handler.memory
    const isIPv6 = address.includes(':')
    const at = this.#slot * SOURCE_BYTES
    const length = Math.min(datagram.length, SLOT_BYTES)
    received.bytes.set(datagram.subarray(0, length), this.#slot * SLOT_BYTES)
    sources.wire.setUint16(at, isIPv6 ? AF_INET6 : AF_INET, true)
    sources.wire.setUint16(at + 2, port)
    readSocketAddress(address, sources.bytes, at + (isIPv6 ? 8 : 4))
    this.handler.beginBatch()
    const replyBytes = this.handler.handle(this.#slot, length)
    return replies.bytes.slice(this.#slot * SLOT_BYTES, this.#slot * SLOT_BYTES + replyBytes)
  }

  /** The same in hexadecimal digits. */
  answerHex(datagram: string, address?: string, port?: number): string {
    return hexOf(this.answer(new Uint8Array(Buffer.from(datagram, 'hex')), address, port))
  }

  counted(name: CounterName): number {
    this.handler.tally.flush()
    return this.#counters.total(Counter[name])
  }
}
