// Answers announces whose connection id is proven: protocol, tracker, protocol again. The info hash, the peer id and the
// figures are handed over where they were received, and the peers are written into the reply where they are to be sent.

import { AnnounceReply, AnnounceRequest, ENDPOINT_HALFWORDS, Family, PeerRoom } from '../../../domain/announce.ts'
import type { Tracker } from '../../../domain/ports/inbound/tracker.ts'
import { Verdict } from '../../../domain/verdict.ts'
import { readAnnounceRequest, writeAnnounceReply } from '../../protocol/udp/announce.ts'
import { writeErrorReply } from '../../protocol/udp/error.ts'
import {
  ANNOUNCE_REPLY_BYTES,
  DEFAULT_PEERS,
  INFO_HASH_AT,
  MAX_PEERS,
  PEER_BYTES,
  PEER_ID_AT,
  PORT_AT,
} from '../../protocol/udp/layout.ts'
import { type DatagramMemory, SLOT_BYTES } from './datagram-memory.ts'
import type { DatagramSource } from './datagram-source.ts'
import { VERDICT_TEXTS } from './error-texts.ts'

export class AnnounceAnswer {
  readonly #tracker: Tracker
  readonly #source: DatagramSource
  readonly #received: DataView
  readonly #receivedHalfwords: Uint16Array
  readonly #sourceHalfwords: Uint16Array
  readonly #replies: DataView
  readonly #request = new AnnounceRequest()
  readonly #reply: AnnounceReply

  constructor(tracker: Tracker, source: DatagramSource, memory: DatagramMemory) {
    const { received, sources, replies } = memory
    this.#tracker = tracker
    this.#source = source
    this.#received = received.wire
    this.#receivedHalfwords = received.halfwords
    this.#sourceHalfwords = sources.halfwords
    this.#replies = replies.wire
    this.#request.words = received.words
    this.#reply = new AnnounceReply(new PeerRoom(replies.halfwords), new PeerRoom(replies.halfwords))
  }

  /** Answers the announce in `slot`, which is whole; returns the reply's length. */
  write(slot: number, transactionId: number): number {
    const at = slot * SLOT_BYTES
    const request = this.#request
    const reply = this.#reply
    const family = this.#source.isIPv6 ? Family.IPv6 : Family.IPv4
    const room = family === Family.IPv6 ? reply.ipv6 : reply.ipv4
    readAnnounceRequest(this.#received, at, request)
    request.infoHashAt = (at + INFO_HASH_AT) >> 2
    request.peerAt = (at + PEER_ID_AT) >> 2
    request.family = family
    request.numwant = peersWanted(request.numwant, MAX_PEERS[family])
    this.#copyEndpoint(at, ENDPOINT_HALFWORDS[family] - 1)
    room.at = (at + ANNOUNCE_REPLY_BYTES) >> 1
    reply.ipv4.count = 0
    reply.ipv6.count = 0
    const verdict = this.#tracker.announce(request, reply)
    if (verdict === Verdict.Served) {
      return writeAnnounceReply(this.#replies, at, transactionId, reply) + room.count * PEER_BYTES[family]
    }
    if (verdict === Verdict.Full) return writeAnnounceReply(this.#replies, at, transactionId, reply)
    return writeErrorReply(this.#replies, at, transactionId, VERDICT_TEXTS[verdict])
  }

  /** The peer's endpoint is where the datagram came from, with the port that it names (SEC-11, UDP-15). */
  #copyEndpoint(at: number, addressHalfwords: number): void {
    const endpoint = this.#request.endpoint
    const from = this.#sourceHalfwords
    const fromAt = this.#source.halfwordAt
    for (let index = 0; index < addressHalfwords; index++) endpoint[index] = from[fromAt + index]
    endpoint[addressHalfwords] = this.#receivedHalfwords[(at + PORT_AT) >> 1]
  }
}

/** A negative number leaves it to the tracker (UDP-14). */
const peersWanted = (wanted: number, cap: number): number => {
  if (wanted < 0) return DEFAULT_PEERS
  return Math.min(wanted, cap)
}
