// One batch of datagrams in, replies out; called by both UDP drivers. All datagrams of a batch are accepted, the memory
// that their announces need is prefetched, then all are answered in order.

import type { AnnounceRequest } from '../../../domain/announce.ts'
import type { AttackMode } from '../../../domain/attack-mode.ts'
import type { Bans } from '../../../domain/ports/inbound/bans.ts'
import type { Tracker } from '../../../domain/ports/inbound/tracker.ts'
import type { Measurements } from '../../../domain/ports/outbound/measurements.ts'
import type { RequestTap } from '../../../domain/ports/outbound/request-tap.ts'
import type { SteadyClock } from '../../../domain/ports/outbound/steady-clock.ts'
import { Counter } from '../../protocol/metrics/counters.ts'
import type { ConnectionIds } from '../../protocol/udp/connection-id.ts'
import { Action, TRANSACTION_AT } from '../../protocol/udp/layout.ts'
import { readHashCount } from '../../protocol/udp/scrape.ts'
import type { RequestRates } from '../request-rates.ts'
import { AnnounceAnswer, type AnnouncePolicy } from './announce-answer.ts'
import { BannedSources } from './banned-sources.ts'
import { BatchWatch } from './batch-watch.ts'
import { type ConnectionIdPolicy, DatagramGate, Ruling } from './datagram-gate.ts'
import { DatagramMemory, SLOT_BYTES, SLOTS } from './datagram-memory.ts'
import { DatagramSource } from './datagram-source.ts'
import { DatagramTrace } from './datagram-trace.ts'
import type { IdErrors } from './id-errors.ts'
import type { ListenerPolicy } from './listener.ts'
import type { LoudSources } from './loud-sources.ts'
import { type Endpoint, OwnEndpoints } from './own-endpoints.ts'
import { ScrapeAnswer } from './scrape-answer.ts'
import { UdpTally } from './udp-tally.ts'
import type { UnprovenShare } from './unproven-share.ts'

/**
 * What is left to do for an accepted datagram: nothing because its source is over its rate, send the reply already
 * written, if any, or answer it first.
 */
const Task = { Limited: -1, Send: 0, Announce: 1, Scrape: 2 } as const

/** The parts of a handler, all owned by one thread. */
export interface HandlerParts {
  readonly tracker: Tracker
  readonly clock: SteadyClock
  readonly measurements: Measurements
  readonly connectionIds: ConnectionIds
  readonly policy: ConnectionIdPolicy
  readonly rates: RequestRates
  readonly bans: Bans
  readonly idErrors: IdErrors
  readonly announces: AnnouncePolicy
  readonly tap: RequestTap
  readonly attack: AttackMode
}

export class DatagramHandler {
  /** The driver writes datagrams and their sources here and reads the replies. */
  readonly memory = new DatagramMemory()
  /** The driver counts here too, and flushes it after each batch to the counters of its listener. */
  readonly tally = new UdpTally()
  /** The driver reports when a batch begins and when its replies are ready. */
  readonly watch: BatchWatch
  /** The driver adds the addresses that it is bound to. */
  readonly ownEndpoints = new OwnEndpoints()
  /** A client is traced: the driver passes the datagrams of the batch to `trace` once they are answered. */
  isTracing = false
  /** As of the begin of the batch. */
  isUnderAttack = false
  readonly #clock: SteadyClock
  readonly #connectionIds: ConnectionIds
  readonly #counts: Int32Array
  readonly #received: DataView
  readonly #replies: DataView
  readonly #gate: DatagramGate
  readonly #source: DatagramSource
  readonly #rates: RequestRates
  readonly #idErrors: IdErrors
  readonly #attack: AttackMode
  readonly #announce: AnnounceAnswer
  readonly #scrape: ScrapeAnswer
  readonly #tracker: Tracker
  readonly #tap: RequestTap
  readonly #trace: DatagramTrace
  /**
   * Per slot: what is left to do; the length of the reply; the number of hashes that a scrape is answered
   * for.
   */
  readonly #task = new Int8Array(SLOTS)
  readonly #replyBytes = new Int32Array(SLOTS)
  readonly #hashCount = new Int32Array(SLOTS)
  readonly #toPrefetch: AnnounceRequest[]

  constructor(parts: HandlerParts) {
    const { memory, ownEndpoints, tally } = this
    const { connectionIds, policy, rates, idErrors } = parts
    const banned = new BannedSources(memory, parts.bans, idErrors)
    const source = new DatagramSource(memory)
    this.watch = new BatchWatch(tally, parts.measurements)
    this.#clock = parts.clock
    this.#connectionIds = connectionIds
    this.#counts = tally.counts
    this.#received = memory.received.wire
    this.#replies = memory.replies.wire
    this.#gate = new DatagramGate({ memory, source, ownEndpoints, connectionIds, policy, rates, banned, tally })
    this.#source = source
    this.#rates = rates
    this.#idErrors = idErrors
    this.#attack = parts.attack
    this.#tracker = parts.tracker
    this.#announce = new AnnounceAnswer(parts.tracker, source, memory, parts.announces)
    this.#toPrefetch = [...this.#announce.requests]
    this.#tap = parts.tap
    this.#trace = new DatagramTrace(memory, policy.validates, banned, parts.tap)
    this.#scrape = new ScrapeAnswer(parts.tracker, memory)
  }

  /** To be called before each batch. Returns the time in seconds at which all its datagrams are handled. */
  beginBatch(): number {
    const nowSeconds = this.#clock.steadySeconds()
    this.#connectionIds.setTime(nowSeconds)
    this.#rates.setTime(nowSeconds)
    this.#idErrors.setTime(nowSeconds)
    this.isUnderAttack = this.#attack.isOn
    this.#rates.setAttack(this.isUnderAttack)
    this.#gate.isUnderAttack = this.isUnderAttack
    this.isTracing = this.#tap.isOn()
    return nowSeconds
  }

  /** To be called before each batch with the policy of the listener that received it. */
  applyPolicy({ connectionIdMaxAgeSeconds, externalAddress }: ListenerPolicy): void {
    this.#connectionIds.setMaxAge(connectionIdMaxAgeSeconds)
    this.#announce.externalAddress = externalAddress
  }

  /** To be called before each batch by a driver that limits the replies to clients that have proven nothing. */
  limitUnproven(share: UnprovenShare): void {
    this.#gate.limitUnproven(share)
  }

  /**
   * Accepts the datagram of `length` bytes in `slot`, whose source is in the same slot of the sources: rejects or
   * answers what needs no swarm, and reads announces.
   */
  accept(slot: number, length: number): void {
    const ruling = this.#gate.judge(slot, length)
    if (ruling === Ruling.Announce) {
      this.#task[slot] = Task.Announce
      this.#announce.read(slot, length)
    } else if (ruling === Ruling.Scrape) {
      this.#task[slot] = Task.Scrape
      this.#hashCount[slot] = readHashCount(length)
    } else if (ruling === Ruling.Limited) this.#withhold(slot)
    else {
      this.#task[slot] = Task.Send
      this.#replyBytes[slot] = ruling
    }
  }

  /** Prefetches the memory that the announces among the first `count` slots will need. */
  prefetch(count: number): void {
    let announces = 0
    for (let slot = 0; slot < count; slot++) {
      if (this.#task[slot] === Task.Announce) this.#toPrefetch[announces++] = this.#announce.requests[slot]
    }
    if (announces > 1) this.#tracker.prefetch(this.#toPrefetch, announces)
  }

  /** The proven sources that were far above their rates in the last second, for a driver that can filter them. */
  get loud(): LoudSources {
    return this.#gate.loud.sources
  }

  /** Whether the accepted datagram in `slot` is an announce or a scrape of a client that has proven its address. */
  isProven(slot: number): boolean {
    return this.#task[slot] !== Task.Send
  }

  /** Answers an accepted datagram in its slot of the replies; returns the reply's length, 0 for no reply. */
  answer(slot: number): number {
    const task = this.#task[slot]
    if (task <= Task.Send) return this.#replyBytes[slot]
    this.#task[slot] = Task.Send
    this.#replyBytes[slot] = task === Task.Announce ? this.#answerAnnounce(slot) : this.#answerScrape(slot)
    return this.#replyBytes[slot]
  }

  /** Notes the datagram of `length` bytes in `slot`, answered for the listener at `bound`, if its client is traced. */
  trace(slot: number, length: number, bound: Endpoint): void {
    const isLimited = this.#task[slot] === Task.Limited
    this.#trace.note(slot, { received: length, reply: this.#replyBytes[slot], isLimited }, bound)
  }

  /** Returns the length of the reply: none. */
  #withhold(slot: number): number {
    this.#task[slot] = Task.Limited
    this.#replyBytes[slot] = 0
    return 0
  }

  #answerScrape(slot: number): number {
    const transactionId = this.#received.getInt32(slot * SLOT_BYTES + TRANSACTION_AT)
    return this.#scrape.write(slot, transactionId, this.#hashCount[slot])
  }

  #answerAnnounce(slot: number): number {
    const at = slot * SLOT_BYTES
    const replyBytes = this.#announce.write(slot, this.#received.getInt32(at + TRANSACTION_AT))
    const isError = this.#replies.getInt32(at) === Action.Error
    if (isError && !this.#mayError(slot)) return this.#withhold(slot)
    const outcome = isError ? Counter.udp4_announce_errors : Counter.udp4_announces_answered
    this.#counts[outcome + this.#announce.requests[slot].family]++
    return replyBytes
  }

  /** Errors are rare, so the source, which is another datagram's by now, is read again. */
  #mayError(slot: number): boolean {
    this.#source.read(slot)
    return this.#gate.allowsError()
  }
}
