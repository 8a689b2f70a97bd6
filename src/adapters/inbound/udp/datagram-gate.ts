// Decides about a datagram before any swarm is touched: drop it, answer it at once, or admit it. `judge` lists the
// stages, cheapest rejection first (SEC-04).

import { Counter } from '../../protocol/metrics/counters.ts'
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
import { isCompleteRequest } from '../../protocol/udp/request-length.ts'
import { readHashCount } from '../../protocol/udp/scrape.ts'
import { RateKind } from '../rate-memory.ts'
import type { RequestRates } from '../request-rates.ts'
import type { BannedSources } from './banned-sources.ts'
import { type DatagramMemory, SLOT_BYTES } from './datagram-memory.ts'
import type { DatagramSource } from './datagram-source.ts'
import { CONNECTION_ID_MISMATCH, MALFORMED_PACKET, NO_INFO_HASH, UNKNOWN_ACTION } from './error-texts.ts'
import { LoudWatch } from './loud-watch.ts'
import type { OwnEndpoints } from './own-endpoints.ts'
import type { UdpTally } from './udp-tally.ts'
import { UnprovenShare } from './unproven-share.ts'

/**
 * A ruling of 1 or more is the length of a reply that is already written; these are the other rulings. `Limited` is
 * silence because the source is over its rate.
 */
export const Ruling = { Silence: 0, Announce: -1, Scrape: -2, Limited: -3 } as const

/** The operator's settings for connection ids. */
export interface ConnectionIdPolicy {
  /** False: ids are not checked, so anyone can make the tracker send replies to any address. */
  readonly validates: boolean
  /** False: a request with a wrong id is dropped and never gets an error. */
  readonly answersMismatches: boolean
}

/** The parts of a gate, all owned by one thread. */
export interface GateParts {
  readonly memory: DatagramMemory
  readonly source: DatagramSource
  readonly ownEndpoints: OwnEndpoints
  readonly connectionIds: ConnectionIds
  readonly policy: ConnectionIdPolicy
  readonly rates: RequestRates
  readonly banned: BannedSources
  readonly tally: UdpTally
}

export class DatagramGate {
  isUnderAttack = false
  /** Proven sources that ask for too much. */
  readonly loud: LoudWatch
  /** That of the socket whose batch is judged; a driver that sets none answers all. */
  #unproven = new UnprovenShare()
  readonly #received: DataView
  readonly #replies: DataView
  readonly #source: DatagramSource
  readonly #sourceWords: Int32Array
  readonly #rates: RequestRates
  readonly #banned: BannedSources
  readonly #ownEndpoints: OwnEndpoints
  readonly #connectionIds: ConnectionIds
  readonly #validates: boolean
  readonly #answersMismatches: boolean
  readonly #tally: UdpTally
  readonly #counts: Int32Array

  constructor(parts: GateParts) {
    this.#received = parts.memory.received.wire
    this.#replies = parts.memory.replies.wire
    this.#source = parts.source
    this.#sourceWords = parts.memory.sources.words
    this.#rates = parts.rates
    this.#banned = parts.banned
    this.#ownEndpoints = parts.ownEndpoints
    this.#connectionIds = parts.connectionIds
    this.#validates = parts.policy.validates
    this.#answersMismatches = parts.policy.answersMismatches
    this.#tally = parts.tally
    this.#counts = parts.tally.counts
    this.loud = new LoudWatch(parts.source, this.#sourceWords, parts.rates, this.#validates)
  }

  /**
   * Reads the source of the datagram of `length` bytes in `slot` and rules on it: returns the length of the reply, now
   * in the same slot, or one of `Ruling`.
   */
  judge(slot: number, length: number): number {
    const counts = this.#counts
    const source = this.#source
    source.read(slot)
    counts[Counter.udp4_datagrams_received + source.family]++
    counts[Counter.udp_bytes_received] += length

    // 1. Length: without a full header it is not a request.
    if (length < REQUEST_HEADER_BYTES) return this.#dropJunk(Counter.udp_datagrams_too_short)
    // 2. Source port: nothing can be sent to port 0.
    if (source.port === 0) return this.#drop(Counter.udp_datagrams_from_port_zero)
    // 3. Source address: one that no client can have, or this tracker itself.
    if (source.isUnusable() || this.#ownEndpoints.has(source)) return this.#drop(Counter.udp_datagrams_from_nowhere)
    // 4. Bans: a stage that needs only the source belongs here, because it saves the hash of stage 6.
    if (this.#banned.has(source)) return this.#drop(Counter.udp_requests_banned)
    const at = slot * SLOT_BYTES
    const action = this.#received.getInt32(at + ACTION_AT)
    // 5. Connect: check the magic, the share of connects that is answered, and the rate, and reply.
    if (action === Action.Connect) return this.#answerConnect(at)
    // 6. Connection id: from here on the source is proven.
    if (this.#validates && !this.#hasValidId(at)) return this.#answerMismatch(at, action, length)
    // A stage that relies on a source that cannot be forged belongs here.
    // 7. Action, rate and full length.
    if (action === Action.Announce) return this.#admitAnnounce(at, length)
    if (action === Action.Scrape) return this.#admitScrape(at, length)
    return this.#answerUnknown(at, action)
  }

  /** Whether the source of the datagram read last may get another error reply; counts it if not. */
  allowsError(): boolean {
    if (this.#isWithinRate(RateKind.Error)) return true
    this.#counts[Counter.udp_errors_withheld]++
    return false
  }

  #drop(counter: number): number {
    this.#counts[counter]++
    return Ruling.Silence
  }

  #dropJunk(counter: number): number {
    this.#tally.junk++
    return this.#drop(counter)
  }

  /** Nothing else about a request over its rate is looked at or counted. */
  #limit(): number {
    this.#counts[Counter.udp_rate_limited]++
    return Ruling.Limited
  }

  /** Sets the share of unproven datagrams that is answered, for a batch. */
  limitUnproven(share: UnprovenShare): void {
    this.#unproven = share
    this.loud.beginBatch(share)
  }

  #limitProven(): number {
    this.loud.noteRefusal()
    return this.#limit()
  }

  #isWithinRate(kind: RateKind): boolean {
    const source = this.#source
    return this.#rates.allows(kind, source.family, this.#sourceWords, source.halfwordAt >> 1)
  }

  #answerConnect(at: number): number {
    const source = this.#source
    const ids = this.#connectionIds
    if (!hasMagic(this.#received, at)) return this.#dropJunk(Counter.udp_datagrams_with_wrong_magic)
    if (!this.#unproven.admits()) return this.#drop(Counter.udp_connects_shed)
    if (!this.#isWithinRate(RateKind.Connect)) return this.#limit()
    this.#counts[Counter.udp4_connects + source.family]++
    ids.issue(source.isIPv6, source.first, source.second)
    return writeConnectReply(this.#replies, at, this.#received.getInt32(at + TRANSACTION_AT), ids.high, ids.low)
  }

  #hasValidId(at: number): boolean {
    const { isIPv6, first, second } = this.#source
    const wire = this.#received
    return this.#connectionIds.isValid(isIPv6, first, second, wire.getInt32(at), wire.getInt32(at + 4))
  }

  #hadValidId(at: number): boolean {
    const { isIPv6, first, second } = this.#source
    const wire = this.#received
    return this.#connectionIds.wasValid(isIPv6, first, second, wire.getInt32(at), wire.getInt32(at + 4))
  }

  /** An error makes clients reconnect at once, but no address may be sent more bytes than came from it (SEC-01). */
  #answerMismatch(at: number, action: number, length: number): number {
    this.#counts[Counter.udp_connection_id_mismatches]++
    const isRequest = action === Action.Announce || action === Action.Scrape
    if (!isRequest) this.#tally.junk++
    else if (isCompleteRequest(action, length)) this.#banned.addIdError(this.#source)
    if (
      !isRequest ||
      !this.#answersMismatches ||
      !this.#unproven.admits() ||
      length < errorReplyBytes(CONNECTION_ID_MISMATCH)
    ) {
      return Ruling.Silence
    }
    if (this.isUnderAttack && !this.#hadValidId(at)) return this.#drop(Counter.udp_errors_withheld)
    const errors = action === Action.Announce ? Counter.udp4_announce_errors : Counter.udp4_scrape_errors
    return this.#error(at, CONNECTION_ID_MISMATCH, errors)
  }

  #admitAnnounce(at: number, length: number): number {
    if (!this.#isWithinRate(RateKind.Announce)) return this.#limitProven()
    this.loud.noteRequest()
    if (length < ANNOUNCE_REQUEST_BYTES) {
      this.#counts[Counter.udp_malformed_requests]++
      return this.#refuse(at, MALFORMED_PACKET, Counter.udp4_announce_errors)
    }
    this.#counts[Counter.udp4_announces + this.#source.family]++
    return Ruling.Announce
  }

  #admitScrape(at: number, length: number): number {
    if (!this.#isWithinRate(RateKind.Scrape)) return this.#limitProven()
    this.loud.noteRequest()
    if (readHashCount(length) === 0) {
      this.#counts[Counter.udp_malformed_requests]++
      return this.#refuse(at, NO_INFO_HASH, Counter.udp4_scrape_errors)
    }
    this.#counts[Counter.udp4_scrapes + this.#source.family]++
    return Ruling.Scrape
  }

  /** Two trackers must not send errors back and forth (UDP-16). */
  #answerUnknown(at: number, action: number): number {
    this.#counts[Counter.udp_unknown_actions]++
    this.#tally.junk++
    return action === Action.Error ? Ruling.Silence : this.#refuse(at, UNKNOWN_ACTION, Counter.udp4_other_errors)
  }

  /**
   * Sends an error to a client whose address is proven. Without validation no address is: errors could be answered with
   * errors forever, and a short request would get a longer reply.
   */
  #refuse(at: number, text: ErrorText, counter: number): number {
    return this.#validates ? this.#error(at, text, counter) : Ruling.Silence
  }

  /** `counter` is the IPv4 one of its pair. */
  #error(at: number, text: ErrorText, counter: number): number {
    if (!this.allowsError()) return Ruling.Limited
    this.#counts[counter + this.#source.family]++
    return writeErrorReply(this.#replies, at, this.#received.getInt32(at + TRANSACTION_AT), text)
  }
}
