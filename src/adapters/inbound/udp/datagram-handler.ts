// One datagram in, one reply or none out: what both drivers of the UDP side call. Cheapest rejection first (SEC-04):
// length, source, action, magic, connection id; only then is the request looked at.

import type { AnnounceRequest } from '../../../domain/announce.ts'
import type { Tracker } from '../../../domain/ports/inbound/tracker.ts'
import type { Clock } from '../../../domain/ports/outbound/clock.ts'
import { Counter, type Counters } from '../../../domain/ports/outbound/counters.ts'
import type { Measurements } from '../../../domain/ports/outbound/measurements.ts'
import { hasMagic, writeConnectReply } from '../../protocol/udp/connect.ts'
import type { ConnectionIds } from '../../protocol/udp/connection-id.ts'
import { type ErrorText, errorReplyBytes, writeErrorReply } from '../../protocol/udp/error.ts'
import {
  ACTION_AT,
  Action,
  ANNOUNCE_REQUEST_BYTES,
  REQUEST_HEADER_BYTES,
  TRANSACTION_AT,
} from '../../protocol/udp/layout.ts'
import { readHashCount } from '../../protocol/udp/scrape.ts'
import { AnnounceAnswer, type AnnouncePolicy } from './announce-answer.ts'
import { BatchWatch } from './batch-watch.ts'
import { DatagramMemory, SLOT_BYTES, SLOTS } from './datagram-memory.ts'
import { DatagramSource } from './datagram-source.ts'
import { CONNECTION_ID_MISMATCH, MALFORMED_PACKET, NO_INFO_HASH, UNKNOWN_ACTION } from './error-texts.ts'
import { OwnEndpoints } from './own-endpoints.ts'
import { ScrapeAnswer } from './scrape-answer.ts'
import { UdpTally } from './udp-tally.ts'

const SILENCE = 0

/** What a datagram still needs once it has been judged. */
const Task = { None: 0, Announce: 1, Scrape: 2 } as const

/** What an operator may decide about connection ids. */
export interface ConnectionIdPolicy {
  /** False: ids are not looked at, and anybody can make the tracker send replies to anybody. */
  readonly validates: boolean
  /** False: a wrong id is met with silence and never with an error. */
  readonly answersMismatches: boolean
}

/** What a handler works with; all of it belongs to one thread. */
export interface HandlerParts {
  readonly tracker: Tracker
  readonly clock: Clock
  readonly counters: Counters
  readonly measurements: Measurements
  readonly connectionIds: ConnectionIds
  readonly policy: ConnectionIdPolicy
  readonly announces: AnnouncePolicy
}

export class DatagramHandler {
  /** The driver puts datagrams and their sources here, and finds replies. */
  readonly memory = new DatagramMemory()
  /** The driver counts here too, and flushes after each batch. */
  readonly tally: UdpTally
  /** The driver tells it when a batch begins and when its answers are ready. */
  readonly watch: BatchWatch
  /** The driver adds what it is bound to. */
  readonly ownEndpoints = new OwnEndpoints()
  readonly #clock: Clock
  readonly #connectionIds: ConnectionIds
  readonly #validates: boolean
  readonly #answersMismatches: boolean
  readonly #counts: Int32Array
  readonly #received: DataView
  readonly #replies: DataView
  readonly #source: DatagramSource
  readonly #announce: AnnounceAnswer
  readonly #scrape: ScrapeAnswer
  readonly #tracker: Tracker
  /** Per slot: what is left to do, and what `#judge` returned. */
  readonly #task = new Int8Array(SLOTS)
  readonly #replyBytes = new Int32Array(SLOTS)
  readonly #toPrefetch: AnnounceRequest[]

  constructor(parts: HandlerParts) {
    this.tally = new UdpTally(parts.counters)
    this.watch = new BatchWatch(this.tally, parts.measurements)
    this.#clock = parts.clock
    this.#connectionIds = parts.connectionIds
    this.#validates = parts.policy.validates
    this.#answersMismatches = parts.policy.answersMismatches
    this.#counts = this.tally.counts
    this.#received = this.memory.received.wire
    this.#replies = this.memory.replies.wire
    this.#source = new DatagramSource(this.memory)
    this.#tracker = parts.tracker
    this.#announce = new AnnounceAnswer(parts.tracker, this.#source, this.memory, parts.announces)
    this.#toPrefetch = [...this.#announce.requests]
    this.#scrape = new ScrapeAnswer(parts.tracker, this.memory)
  }

  /** To be called before the datagrams of a batch: they are all handled at one time, which is returned in seconds. */
  beginBatch(): number {
    const nowSeconds = this.#clock.nowSeconds()
    this.#connectionIds.setTime(nowSeconds)
    return nowSeconds
  }

  /**
   * Handles the datagram of `length` bytes in `slot` of the received ones (whose source is in the same slot of the
   * sources) and returns the length of the reply in the same slot of the replies; 0 is silence.
   */
  handle(slot: number, length: number): number {
    this.accept(slot, length)
    return this.answer(slot)
  }

  /**
   * First of the two steps of `handle`, for whoever has a batch: turns away what needs no swarm, and reads announces. All
   * datagrams are accepted, then `lookAhead` is called, then all are answered in their order.
   */
  accept(slot: number, length: number): void {
    this.#task[slot] = Task.None
    this.#replyBytes[slot] = this.#judge(slot, length)
  }

  /** Has the memory fetched that the announces among the first `count` slots will need. */
  prefetch(count: number): void {
    let announces = 0
    for (let slot = 0; slot < count; slot++) {
      if (this.#task[slot] === Task.Announce) this.#toPrefetch[announces++] = this.#announce.requests[slot]
    }
    if (announces > 1) this.#tracker.prefetch(this.#toPrefetch, announces)
  }

  /** The second step: the reply's length; 0 is silence. */
  answer(slot: number): number {
    const task = this.#task[slot]
    this.#task[slot] = Task.None
    if (task === Task.Announce) return this.#answerAnnounce(slot)
    if (task === Task.Scrape) {
      const transactionId = this.#received.getInt32(slot * SLOT_BYTES + TRANSACTION_AT)
      return this.#scrape.write(slot, transactionId, this.#replyBytes[slot])
    }
    return this.#replyBytes[slot]
  }

  /** The reply's length, unless a task is set. */
  #judge(slot: number, length: number): number {
    const counts = this.#counts
    const source = this.#source
    source.read(slot)
    counts[Counter.udp4_datagrams_received + source.family]++
    counts[Counter.udp_bytes_received] += length
    if (length < REQUEST_HEADER_BYTES) {
      counts[Counter.udp_datagrams_too_short]++
      return SILENCE
    }
    if (source.port === 0) {
      counts[Counter.udp_datagrams_from_port_zero]++
      return SILENCE
    }
    if (source.isUnusable() || this.ownEndpoints.has(source)) {
      counts[Counter.udp_datagrams_from_nowhere]++
      return SILENCE
    }
    const at = slot * SLOT_BYTES
    const action = this.#received.getInt32(at + ACTION_AT)
    if (action === Action.Connect) return this.#handleConnect(at)
    if (this.#validates && !this.#hasValidId(at)) return this.#handleMismatch(at, action, length)
    if (action === Action.Announce) return this.#acceptAnnounce(slot, length)
    if (action === Action.Scrape) return this.#acceptScrape(slot, length)
    counts[Counter.udp_unknown_actions]++
    // Two trackers must not play errors back and forth (UDP-16).
    return action === Action.Error ? SILENCE : this.#refuse(at, UNKNOWN_ACTION, Counter.udp4_other_errors)
  }

  #hasValidId(at: number): boolean {
    const source = this.#source
    const wire = this.#received
    return this.#connectionIds.isValid(
      source.isIPv6,
      source.first,
      source.second,
      wire.getInt32(at),
      wire.getInt32(at + 4),
    )
  }

  #handleConnect(at: number): number {
    const source = this.#source
    const ids = this.#connectionIds
    if (!hasMagic(this.#received, at)) {
      this.#counts[Counter.udp_datagrams_with_wrong_magic]++
      return SILENCE
    }
    this.#counts[Counter.udp4_connects + source.family]++
    ids.issue(source.isIPv6, source.first, source.second)
    return writeConnectReply(this.#replies, at, this.#received.getInt32(at + TRANSACTION_AT), ids.high, ids.low)
  }

  /** An error helps clients to connect anew at once, but nobody may be sent more than he has sent (SEC-01). */
  #handleMismatch(at: number, action: number, length: number): number {
    this.#counts[Counter.udp_connection_id_mismatches]++
    const isRequest = action === Action.Announce || action === Action.Scrape
    if (!isRequest || !this.#answersMismatches || length < errorReplyBytes(CONNECTION_ID_MISMATCH)) return SILENCE
    const errors = action === Action.Announce ? Counter.udp4_announce_errors : Counter.udp4_scrape_errors
    return this.#error(at, CONNECTION_ID_MISMATCH, errors)
  }

  #acceptAnnounce(slot: number, length: number): number {
    if (length < ANNOUNCE_REQUEST_BYTES) {
      this.#counts[Counter.udp_malformed_requests]++
      return this.#refuse(slot * SLOT_BYTES, MALFORMED_PACKET, Counter.udp4_announce_errors)
    }
    this.#counts[Counter.udp4_announces + this.#source.family]++
    this.#task[slot] = Task.Announce
    this.#announce.read(slot, length)
    return SILENCE
  }

  #answerAnnounce(slot: number): number {
    const at = slot * SLOT_BYTES
    const replyBytes = this.#announce.write(slot, this.#received.getInt32(at + TRANSACTION_AT))
    const isError = this.#replies.getInt32(at) === Action.Error
    const outcome = isError ? Counter.udp4_announce_errors : Counter.udp4_announces_answered
    this.#counts[outcome + this.#announce.requests[slot].family]++
    return replyBytes
  }

  /** Leaves the number of hashes where a reply's length would be. */
  #acceptScrape(slot: number, length: number): number {
    const hashCount = readHashCount(length)
    if (hashCount === 0) {
      this.#counts[Counter.udp_malformed_requests]++
      return this.#refuse(slot * SLOT_BYTES, NO_INFO_HASH, Counter.udp4_scrape_errors)
    }
    this.#counts[Counter.udp4_scrapes + this.#source.family]++
    this.#task[slot] = Task.Scrape
    return hashCount
  }

  /**
   * Tells a proven client what is wrong. When ids are not validated nobody is proven: errors would be answered with
   * errors for ever, and a short request would get a longer reply.
   */
  #refuse(at: number, text: ErrorText, counter: number): number {
    return this.#validates ? this.#error(at, text, counter) : SILENCE
  }

  /** `counter` is the one for IPv4 of its pair. */
  #error(at: number, text: ErrorText, counter: number): number {
    this.#counts[counter + this.#source.family]++
    return writeErrorReply(this.#replies, at, this.#received.getInt32(at + TRANSACTION_AT), text)
  }
}
