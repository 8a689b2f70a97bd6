// Answers announces whose connection id is valid: decode, ask the tracker, encode. The tracker reads the info hash, the
// peer id and the byte counts in the receive buffer and writes the peers into the send buffer, without copying them.

import { AnnounceReply, AnnounceRequest, addressHalfwords, Family, PeerRoom } from '../../../domain/announce.ts'
import type { ExternalAddress } from '../../../domain/external-address.ts'
import type { Tracker } from '../../../domain/ports/inbound/tracker.ts'
import { Verdict } from '../../../domain/verdict.ts'
import { leavesNumwantToTracker } from '../../../domain/wanted-peers.ts'
import { readAnnounceRequest, writeAnnounceReply } from '../../protocol/udp/announce.ts'
import { writeErrorReply } from '../../protocol/udp/error.ts'
import {
  ANNOUNCE_REPLY_BYTES,
  INFO_HASH_AT,
  MAX_PEERS,
  PEER_BYTES,
  PEER_ID_AT,
  PORT_AT,
} from '../../protocol/udp/layout.ts'
import { UrlKey } from '../../protocol/udp/url-key.ts'
import { type DatagramMemory, SLOT_BYTES, SLOTS } from './datagram-memory.ts'
import type { DatagramSource } from './datagram-source.ts'
import { VERDICT_TEXTS } from './error-texts.ts'

/** The operator's settings for announces. */
export interface AnnouncePolicy {
  /** True for a private tracker: clients' keys are read. */
  readonly readsKeys: boolean
  /** Used when the client does not ask for a number. */
  readonly defaultPeersPerAnnounce: number
  /** Upper limit; the size of a datagram may lower it (UDP-20). */
  readonly maxPeersPerAnnounce: number
}

export class AnnounceAnswer {
  /** One per slot: a whole batch is read before any of it is answered. */
  readonly requests: readonly AnnounceRequest[]
  /** That of the listener whose announces are read next. */
  externalAddress: ExternalAddress | undefined
  readonly #tracker: Tracker
  readonly #source: DatagramSource
  readonly #received: DataView
  readonly #receivedBytes: Uint8Array
  readonly #receivedHalfwords: Uint16Array
  readonly #sourceHalfwords: Uint16Array
  readonly #replies: DataView
  readonly #reply: AnnounceReply
  readonly #defaultPeersPerAnnounce: number
  /** By family. */
  readonly #maxPeersPerAnnounce: readonly number[]
  readonly #key: UrlKey | undefined

  constructor(tracker: Tracker, source: DatagramSource, memory: DatagramMemory, policy: AnnouncePolicy) {
    this.#defaultPeersPerAnnounce = policy.defaultPeersPerAnnounce
    this.#maxPeersPerAnnounce = MAX_PEERS.map((fits) => Math.min(fits, policy.maxPeersPerAnnounce))
    this.#key = policy.readsKeys ? new UrlKey() : undefined
    const { received, sources, replies } = memory
    this.#tracker = tracker
    this.#source = source
    this.#received = received.wire
    this.#receivedBytes = received.bytes
    this.#receivedHalfwords = received.halfwords
    this.#sourceHalfwords = sources.halfwords
    this.#replies = replies.wire
    this.#reply = new AnnounceReply(new PeerRoom(replies.halfwords), new PeerRoom(replies.halfwords))
    this.requests = Array.from({ length: SLOTS }, (_, slot) => {
      const request = new AnnounceRequest()
      request.words = received.words
      request.infoHashAt = (slot * SLOT_BYTES + INFO_HASH_AT) >> 2
      request.peerAt = (slot * SLOT_BYTES + PEER_ID_AT) >> 2
      return request
    })
  }

  /**
   * Reads the announce of `length` bytes in `slot` into that slot's request. The announce must be complete, and the
   * source must have been read last from the same slot.
   */
  read(slot: number, length: number): void {
    const at = slot * SLOT_BYTES
    const request = this.requests[slot]
    const family = this.#source.isIPv6 ? Family.IPv6 : Family.IPv4
    readAnnounceRequest(this.#received, at, request)
    request.family = family
    const wanted = leavesNumwantToTracker(request) ? this.#defaultPeersPerAnnounce : request.numwant
    request.numwant = Math.min(wanted, this.#maxPeersPerAnnounce[family])
    this.#copyEndpoint(request, at, addressHalfwords(family))
    if (this.externalAddress !== undefined) this.externalAddress.replaceLoopback(request)
    if (this.#key !== undefined) this.#key.read(this.#receivedBytes, at, length, request.credentials)
  }

  /** Answers the announce that was read from `slot`; returns the reply's length. */
  write(slot: number, transactionId: number): number {
    const at = slot * SLOT_BYTES
    const request = this.requests[slot]
    const reply = this.#reply
    const room = request.family === Family.IPv6 ? reply.ipv6 : reply.ipv4
    room.at = (at + ANNOUNCE_REPLY_BYTES) >> 1
    reply.ipv4.count = 0
    reply.ipv6.count = 0
    const verdict = this.#tracker.announce(request, reply)
    if (verdict === Verdict.Served) {
      return writeAnnounceReply(this.#replies, at, transactionId, reply) + room.count * PEER_BYTES[request.family]
    }
    if (verdict === Verdict.Full) return writeAnnounceReply(this.#replies, at, transactionId, reply)
    return writeErrorReply(this.#replies, at, transactionId, VERDICT_TEXTS[verdict])
  }

  /** The peer's endpoint: the datagram's source address and the port named in the announce (SEC-11, UDP-15). */
  #copyEndpoint(request: AnnounceRequest, at: number, addressHalfwords: number): void {
    const endpoint = request.endpoint
    const from = this.#sourceHalfwords
    const fromAt = this.#source.halfwordAt
    for (let index = 0; index < addressHalfwords; index++) endpoint[index] = from[fromAt + index]
    endpoint[addressHalfwords] = this.#receivedHalfwords[(at + PORT_AT) >> 1]
  }
}
