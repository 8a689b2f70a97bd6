// Describes the datagrams of a traced client, after their batch has been answered, from what was received and what was
// sent. Cold lane: it runs for a traced client only.

import { AnnounceRequest } from '../../../domain/announce.ts'
import { infoHashFromWords } from '../../../domain/info-hash.ts'
import type { RequestTap, TracedRequest } from '../../../domain/ports/outbound/request-tap.ts'
import { writeEndpoint, writeHostPort } from '../../protocol/endpoint-text.ts'
import { readAnnounceReply, readAnnounceRequest } from '../../protocol/udp/announce.ts'
import { hasMagic } from '../../protocol/udp/connect.ts'
import { readErrorReply } from '../../protocol/udp/error.ts'
import {
  ACTION_AT,
  Action,
  ANNOUNCE_REQUEST_BYTES,
  INFO_HASH_AT,
  PEER_BYTES,
  PEER_ID_AT,
  REQUEST_HEADER_BYTES,
} from '../../protocol/udp/layout.ts'
import { readHashCount } from '../../protocol/udp/scrape.ts'
import { tracedAnnounce } from '../traced-announce.ts'
import type { BannedSources } from './banned-sources.ts'
import { type DatagramMemory, SLOT_BYTES } from './datagram-memory.ts'
import { DatagramSource } from './datagram-source.ts'
import type { Endpoint } from './own-endpoints.ts'

/** What became of the datagram in a slot. */
export interface HandledDatagram {
  /** Bytes. */
  readonly received: number
  /** Bytes, 0 for none. */
  readonly reply: number
  /** There is no reply because the source is over its rate. */
  readonly isLimited: boolean
}

export class DatagramTrace {
  readonly #memory: DatagramMemory
  readonly #source: DatagramSource
  readonly #validates: boolean
  readonly #banned: BannedSources
  readonly #tap: RequestTap
  readonly #request = new AnnounceRequest()

  /** `validates`: connection ids are checked. */
  constructor(memory: DatagramMemory, validates: boolean, banned: BannedSources, tap: RequestTap) {
    this.#memory = memory
    this.#source = new DatagramSource(memory)
    this.#validates = validates
    this.#banned = banned
    this.#tap = tap
    this.#request.words = memory.received.words
  }

  /** Notes the datagram in `slot`, which came to the listener at `bound`, if it is the traced client's. */
  note(slot: number, handled: HandledDatagram, bound: Endpoint): void {
    const source = this.#source
    source.read(slot)
    if (!this.#tap.isTraced(source.family, this.#memory.sources.words, source.halfwordAt >> 1)) return
    this.#tap.note({
      listener: `udp://${writeHostPort(bound.address, bound.port)}`,
      client: this.#client(),
      ...this.#describe(slot * SLOT_BYTES, handled.received),
      ...this.#outcome(slot * SLOT_BYTES, handled),
    })
  }

  #client(): string {
    const { isIPv6, halfwordAt, port } = this.#source
    const addressBytes = isIPv6 ? 16 : 4
    const endpoint = new Uint8Array(addressBytes + 2)
    endpoint.set(this.#memory.sources.bytes.subarray(2 * halfwordAt, 2 * halfwordAt + addressBytes))
    new DataView(endpoint.buffer).setUint16(addressBytes, port)
    return writeEndpoint(endpoint)
  }

  #describe(at: number, length: number): Pick<TracedRequest, 'kind'> & Partial<TracedRequest> {
    const { wire, words } = this.#memory.received
    const action = length < REQUEST_HEADER_BYTES ? undefined : wire.getInt32(at + ACTION_AT)
    if (action === Action.Connect) return { kind: 'connect' }
    if (action === Action.Announce) {
      if (length < ANNOUNCE_REQUEST_BYTES) return { kind: 'announce' }
      const request = this.#request
      request.infoHashAt = (at + INFO_HASH_AT) >> 2
      request.peerAt = (at + PEER_ID_AT) >> 2
      readAnnounceRequest(wire, at, request)
      return { kind: 'announce', ...tracedAnnounce(request) }
    }
    if (action !== Action.Scrape) return { kind: 'other' }
    const hashes = readHashCount(length)
    if (hashes === 0) return { kind: 'scrape' }
    return { kind: 'scrape', infoHash: infoHashFromWords(words, (at + INFO_HASH_AT) >> 2), hashes }
  }

  #outcome(at: number, handled: HandledDatagram): Pick<TracedRequest, 'verdict'> & Partial<TracedRequest> {
    const { received, reply, isLimited } = handled
    if (isLimited) return { verdict: 'dropped', reason: 'rate limit' }
    if (reply === 0) return { verdict: 'dropped', reason: this.#dropReason(at, received) }
    const { buffer } = this.#memory.replies.bytes
    const wire = new DataView(buffer, at, reply)
    const error = readErrorReply(wire)
    if (error !== undefined) return { verdict: 'refused', reason: error.message }
    const { family } = this.#source
    const announce = readAnnounceReply(wire, family)
    if (announce === undefined) return { verdict: 'answered' }
    const { seeders, leechers, peers } = announce
    return { verdict: 'answered', seeders, leechers, peers: peers.length / PEER_BYTES[family] }
  }

  /** In the order of the gate's stages. */
  #dropReason(at: number, length: number): string {
    const { wire } = this.#memory.received
    if (length < REQUEST_HEADER_BYTES) return 'too short'
    if (this.#source.port === 0) return 'source port 0'
    if (this.#banned.has(this.#source)) return 'banned'
    const action = wire.getInt32(at + ACTION_AT)
    if (action === Action.Connect) return hasMagic(wire, at) ? 'too many connects' : 'wrong magic number'
    // Where ids are checked, requests with a valid one are answered, malformed ones with an error.
    return this.#validates && action !== Action.Error ? 'connection id mismatch' : 'malformed'
  }
}
