// Finding a peer in a list: by endpoint, which is its identity (BEP 15 has no other), or by peer id. Short lists are
// searched from end to end; longer ones through their hash tables.

import { type AnnounceRequest, addressHalfwords, endpointHalfwords, Family } from '../announce.ts'
import { hashOfPair, homeSlot, SHORT_REACH, valueOfPair } from './hash-slots.ts'
import { Directory, List, Peer } from './layout.ts'
import { familyOf } from './list-shape.ts'
import type { PeerBlock } from './peer-block.ts'
import type { SwarmMemory } from './swarm-memory.ts'

/** What proves, besides the peer id, that a peer is the same client. */
const SAME_KEY = 1
const SAME_ADDRESS = 2

export class PeerFinder {
  readonly #words: Int32Array
  readonly #halfwords: Uint16Array
  readonly #block: PeerBlock

  constructor(memory: SwarmMemory, block: PeerBlock) {
    this.#words = memory.words
    this.#halfwords = memory.halfwords
    this.#block = block
  }

  /** Position of the peer with the request's endpoint; -1 if none. */
  byEndpoint(list: number, request: AnnounceRequest): number {
    const block = this.#block
    if (block.isPaged(list)) return this.#byEndpointHash(list, request)
    const count = block.count(list)
    if (count === 0) return -1
    const halfwords = this.#halfwords
    const endpoint = request.endpoint
    let at = block.endpointAt(list, 0)
    if (request.family === Family.IPv4) {
      const low = endpoint[0]
      const high = endpoint[1]
      const port = endpoint[2]
      for (let position = 0; position < count; position++, at += 3) {
        if (halfwords[at + 2] === port && halfwords[at + 1] === high && halfwords[at] === low) return position
      }
      return -1
    }
    for (let position = 0; position < count; position++, at += 9) {
      if (this.#isEndpoint(at, request)) return position
    }
    return -1
  }

  /**
   * Position of a peer of the same client as the request: same peer id and either the same key (BEP 7) or, unless both
   * have a key and the keys differ, the same address (any port); -1 if none. A peer id of 20 zero bytes identifies no
   * client.
   */
  bySameClient(list: number, request: AnnounceRequest): number {
    return this.#byClient(list, request, SAME_KEY | SAME_ADDRESS)
  }

  /** The same, only among peers at the request's own address: an equal key elsewhere is not enough. */
  bySameClientHere(list: number, request: AnnounceRequest): number {
    return this.#byClient(list, request, SAME_ADDRESS)
  }

  #byClient(list: number, request: AnnounceRequest, proofs: number): number {
    if (isZero(request.words, request.peerAt)) return -1
    const block = this.#block
    if (block.isPaged(list)) return this.#byPeerIdHash(list, request, proofs)
    const count = block.count(list)
    for (let position = 0; position < count; position++) {
      if (this.#isSameClient(list, position, request, proofs)) return position
    }
    return -1
  }

  #byEndpointHash(list: number, request: AnnounceRequest): number {
    const words = this.#words
    const directory = words[list + List.Peers]
    const table = words[directory + Directory.ByEndpoint]
    const log2 = words[directory + Directory.SlotsLog2]
    const mask = (1 << log2) - 1
    const hash = this.#block.endpointHash(request.family, request.endpoint, 0)
    let slot = homeSlot(hash, log2)
    for (let pair = words[table + slot]; pair !== 0; pair = words[table + slot]) {
      if (hashOfPair(pair) === hash) {
        const position = valueOfPair(pair) - 1
        if (this.#isEndpoint(this.#block.endpointAt(list, position), request)) return position
      }
      slot = (slot + 1) & mask
    }
    return -1
  }

  #byPeerIdHash(list: number, request: AnnounceRequest, proofs: number): number {
    const words = this.#words
    const directory = words[list + List.Peers]
    const table = words[directory + Directory.ByPeerId]
    const log2 = words[directory + Directory.SlotsLog2]
    const mask = (1 << log2) - 1
    const hash = this.#block.peerIdHash(request.words, request.peerAt)
    let slot = homeSlot(hash, log2)
    for (let looks = 0; looks < SHORT_REACH; looks++) {
      const pair = words[table + slot]
      if (pair === 0) return -1
      if (hashOfPair(pair) === hash) {
        const position = this.#sameClientByEndpointHash(list, valueOfPair(pair), request, proofs)
        if (position >= 0) return position
      }
      slot = (slot + 1) & mask
    }
    return -1
  }

  #sameClientByEndpointHash(list: number, hash: number, request: AnnounceRequest, proofs: number): number {
    const words = this.#words
    const directory = words[list + List.Peers]
    const log2 = words[directory + Directory.SlotsLog2]
    const table = words[directory + Directory.ByEndpoint]
    const mask = (1 << log2) - 1
    let slot = homeSlot(hash, log2)
    for (let pair = words[table + slot]; pair !== 0; pair = words[table + slot]) {
      if (hashOfPair(pair) === hash) {
        const position = valueOfPair(pair) - 1
        if (this.#isSameClient(list, position, request, proofs)) return position
      }
      slot = (slot + 1) & mask
    }
    return -1
  }

  #isEndpoint(at: number, request: AnnounceRequest): boolean {
    const halfwords = this.#halfwords
    const endpoint = request.endpoint
    for (let i = endpointHalfwords(request.family) - 1; i >= 0; i--) {
      if (halfwords[at + i] !== endpoint[i]) return false
    }
    return true
  }

  #isSameClient(list: number, position: number, request: AnnounceRequest, proofs: number): boolean {
    const words = this.#words
    const record = this.#block.recordAt(list, position)
    for (let i = 0; i < 5; i++) {
      if (words[record + Peer.Id + i] !== request.words[request.peerAt + i]) return false
    }
    const key = words[record + Peer.Key]
    if (request.key !== 0 && key !== 0) {
      if (key !== request.key) return false
      if ((proofs & SAME_KEY) !== 0) return true
    }
    if (familyOf(words[list + List.Shape]) !== request.family) return false
    const halfwords = this.#halfwords
    const at = this.#block.endpointAt(list, position)
    for (let i = addressHalfwords(request.family) - 1; i >= 0; i--) {
      if (halfwords[at + i] !== request.endpoint[i]) return false
    }
    return true
  }
}

function isZero(words: Int32Array, at: number): boolean {
  return (words[at] | words[at + 1] | words[at + 2] | words[at + 3] | words[at + 4]) === 0
}
