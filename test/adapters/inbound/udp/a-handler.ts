// A datagram handler with fakes around it; datagrams are passed as bytes and addresses as text. Each is handled in a
// batch, as the drivers do it: a second announce is added so that there is something to prefetch, and is excluded from
// all counts.

import type { RequestRates } from '../../../../src/adapters/inbound/request-rates.ts'
import type { AnnouncePolicy } from '../../../../src/adapters/inbound/udp/announce-answer.ts'
import type { ConnectionIdPolicy } from '../../../../src/adapters/inbound/udp/datagram-gate.ts'
import { DatagramHandler } from '../../../../src/adapters/inbound/udp/datagram-handler.ts'
import { SLOT_BYTES, SLOTS } from '../../../../src/adapters/inbound/udp/datagram-memory.ts'
import type { IdErrors } from '../../../../src/adapters/inbound/udp/id-errors.ts'
import type { ListenerPolicy } from '../../../../src/adapters/inbound/udp/listener.ts'
import { AF_INET, AF_INET6, SOURCE_BYTES } from '../../../../src/adapters/linux/socket-address.ts'
import { readSocketAddress } from '../../../../src/adapters/protocol/address-text.ts'
import { Counter, type CounterName } from '../../../../src/adapters/protocol/metrics/counters.ts'
import { ConnectionIds } from '../../../../src/adapters/protocol/udp/connection-id.ts'
import type { Credentials } from '../../../../src/domain/access-key.ts'
import { type AnnounceReply, type AnnounceRequest, endpointHalfwords, Family } from '../../../../src/domain/announce.ts'
import { AttackMode, createAttackMemory } from '../../../../src/domain/attack-mode.ts'
import type { Bans } from '../../../../src/domain/ports/inbound/bans.ts'
import type { Tracker } from '../../../../src/domain/ports/inbound/tracker.ts'
import type { Counters } from '../../../../src/domain/ports/outbound/counters.ts'
import type { SwarmCounts } from '../../../../src/domain/scrape.ts'
import { Verdict } from '../../../../src/domain/verdict.ts'
import { NO_BANS } from '../../../fakes/no-bans.ts'
import { PlainMeasurements } from '../../../fakes/plain-measurements.ts'
import { PlainTap } from '../../../fakes/plain-tap.ts'
import { noIdErrors } from '../../../fixtures/id-errors.ts'
import { unlimitedRates } from '../../../fixtures/rates.ts'
import { anAnnounce, bytesOf, CLIENT_IPV4, hexOf, INFO_HASH, KEY, NOW_SECONDS } from '../../../fixtures/udp-vectors.ts'

/** An announce as the tracker received it, copied out of the reused record. */
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
  /** Undefined if the client sent none. */
  readonly shownKey: string | undefined
}

function wordsHex(words: Int32Array, from: number, count: number): string {
  return hexOf(new Uint8Array(words.buffer, words.byteOffset + 4 * from, 4 * count))
}

/** Records announces, answers with preset counts and peers, and knows one torrent to scrape. */
class FakeTracker implements Tracker {
  /** Without the companions. */
  readonly announces: SeenAnnounce[] = []
  /** The info hashes of each batch. */
  readonly prefetches: (readonly string[])[] = []
  verdict: Verdict = Verdict.Served
  intervalSeconds = 1800
  leechers = 0
  seeders = 0
  /** Compact peers as hex; with `repeats` they are repeated up to numwant. */
  peers: readonly string[] = []
  repeats = false

  announce(request: AnnounceRequest, reply: AnnounceReply): Verdict {
    const { words, infoHashAt, peerAt, event, key, numwant, family, endpoint, port, wantsBothFamilies } = request
    const { credentials } = request
    const infoHash = wordsHex(words, infoHashAt, 5)
    if (infoHash === COMPANION_HASH) return Verdict.InvalidPort
    this.announces.push({
      infoHash,
      peerId: wordsHex(words, peerAt, 5),
      figures: [5, 7, 9].map((word) => wordsHex(words, peerAt + word, 2)),
      event,
      key,
      numwant,
      family,
      endpoint: hexOf(new Uint8Array(endpoint.buffer, 0, 2 * endpointHalfwords(family))),
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

  /** Records the torrents, and writes to `prefetched` as a real tracker does. */
  prefetch(requests: readonly AnnounceRequest[], count: number): void {
    const batch = requests.slice(0, count)
    for (const request of batch) request.prefetchedTorrentSlot = 1
    this.prefetches.push(batch.map(({ words, infoHashAt }) => wordsHex(words, infoHashAt, 5)))
  }

  scrape(words: Int32Array, infoHashAt: number, _credentials: Credentials, counts: SwarmCounts): void {
    const isKnown = wordsHex(words, infoHashAt, 5) === INFO_HASH
    counts.seeders = isKnown ? 11 : 0
    counts.completed = isKnown ? 13772 : 0
    counts.leechers = isKnown ? 19 : 0
  }
}

/** The announce added to every batch: for a torrent that no test uses. */
const COMPANION_HASH = 'c0'.repeat(20)
/** Of no other client, so that it uses up nothing of theirs. */
const COMPANION_ADDRESS = '198.51.100.77'

class FakeCounters implements Counters {
  readonly #totals = new Map<number, number>()

  add(counter: number, amount: number): void {
    this.#totals.set(counter, this.total(counter) + amount)
  }

  total(counter: number): number {
    return this.#totals.get(counter) ?? 0
  }
}

export const LENIENT: ListenerPolicy = { connectionIdMaxAgeSeconds: 3600, externalAddress: undefined }

interface Desk {
  /** Used instead of the fake. */
  readonly realTracker?: Tracker
  readonly policy?: ConnectionIdPolicy
  readonly nowSeconds?: number
  /** One listener by default. */
  readonly listeners?: readonly Partial<ListenerPolicy>[]
  readonly slot?: number
  readonly announces?: Partial<AnnouncePolicy>
  /** Unlimited by default. */
  readonly rates?: RequestRates
  /** None by default. */
  readonly bans?: Bans
  /** Not counted by default. */
  readonly idErrors?: IdErrors
}

export class HandlerOnADesk {
  readonly tracker = new FakeTracker()
  readonly measurements = new PlainMeasurements()
  readonly tap = new PlainTap()
  readonly attack = new AttackMode(createAttackMemory())
  readonly handler: DatagramHandler
  nowSeconds: number
  /** Index of the listener that receives the datagrams. */
  listener = 0
  readonly #slot: number
  readonly #listeners: readonly ListenerPolicy[]
  readonly #counters = new FakeCounters()
  readonly #companionIds = new ConnectionIds(KEY)

  constructor(desk: Desk = {}) {
    this.nowSeconds = desk.nowSeconds ?? NOW_SECONDS
    this.#slot = desk.slot ?? 63
    this.#listeners = (desk.listeners ?? [{}]).map((policy) => ({ ...LENIENT, ...policy }))
    this.handler = new DatagramHandler({
      tracker: desk.realTracker ?? this.tracker,
      clock: { steadySeconds: () => this.nowSeconds },
      measurements: this.measurements,
      connectionIds: new ConnectionIds(KEY),
      policy: desk.policy ?? { validates: true, answersMismatches: true },
      rates: desk.rates ?? unlimitedRates(),
      bans: desk.bans ?? NO_BANS,
      idErrors: desk.idErrors ?? noIdErrors(),
      tap: this.tap,
      attack: this.attack,
      announces: { readsKeys: false, defaultPeersPerAnnounce: 50, maxPeersPerAnnounce: 200, ...desk.announces },
    })
  }

  /** The reply to a datagram, as bytes; empty if there is none. */
  answer(datagram: Uint8Array, address: string = CLIENT_IPV4, port = 40000): Uint8Array {
    const { handler } = this
    const slot = this.#slot
    const companion = (slot + 1) % SLOTS
    this.prefetch(datagram, address, port)
    const replyBytes = handler.answer(slot)
    this.#uncounted(() => handler.answer(companion))
    return handler.memory.replies.bytes.slice(slot * SLOT_BYTES, slot * SLOT_BYTES + replyBytes)
  }

  /** The first half of `answer`: accepts a datagram and prefetches what it and its companion need. */
  prefetch(datagram: Uint8Array, address: string = CLIENT_IPV4, port = 40000): void {
    this.handler.beginBatch()
    this.#uncounted(() => this.#accept((this.#slot + 1) % SLOTS, this.#companion(), COMPANION_ADDRESS, 40001))
    this.#accept(this.#slot, datagram, address, port)
    this.handler.prefetch(SLOTS)
  }

  /** Handles a datagram in a batch of its own, without prefetching; returns the length of the reply. */
  answerAlone(datagram: Uint8Array): number {
    this.handler.beginBatch()
    this.#accept(this.#slot, datagram, CLIENT_IPV4, 40000)
    return this.handler.answer(this.#slot)
  }

  #accept(slot: number, datagram: Uint8Array, address: string, port: number): void {
    const { received, sources } = this.handler.memory
    const isIPv6 = address.includes(':')
    const at = slot * SOURCE_BYTES
    const length = Math.min(datagram.length, SLOT_BYTES)
    this.handler.applyPolicy(this.#listeners[this.listener])
    received.bytes.set(datagram.subarray(0, length), slot * SLOT_BYTES)
    sources.wire.setUint16(at, isIPv6 ? AF_INET6 : AF_INET, true)
    sources.wire.setUint16(at + 2, port)
    readSocketAddress(address, sources.bytes, at + (isIPv6 ? 8 : 4))
    this.handler.accept(slot, length)
  }

  /** With an id that is valid now. */
  #companion(): Uint8Array {
    const ids = this.#companionIds
    ids.setTime(this.nowSeconds)
    ids.issue(false, Buffer.from(COMPANION_ADDRESS.split('.').map(Number)).readInt32LE(0), 0)
    const datagram = bytesOf(anAnnounce({ infoHash: COMPANION_HASH }))
    new DataView(datagram.buffer, datagram.byteOffset).setInt32(0, ids.high)
    new DataView(datagram.buffer, datagram.byteOffset).setInt32(4, ids.low)
    return datagram
  }

  #uncounted(step: () => void): void {
    const { tally } = this.handler
    tally.flush(this.#counters)
    step()
    tally.counts.fill(0)
  }

  /** The same in hexadecimal digits. */
  answerHex(datagram: string, address?: string, port?: number): string {
    return hexOf(this.answer(new Uint8Array(Buffer.from(datagram, 'hex')), address, port))
  }

  counted(name: CounterName): number {
    this.handler.tally.flush(this.#counters)
    return this.#counters.total(Counter[name])
  }
}
