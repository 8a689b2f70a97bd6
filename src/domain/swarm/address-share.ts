// The share of one address in a list (protocol rule SEC-20): finds its entries when it adds one, and the oldest of them
// when it has as many as it may. In a long list they are neighbours in the table by endpoint (see peer-block.ts), so a
// search reads a few slots around one home.

import type { AnnounceRequest } from '../announce.ts'
import { holderHalfwords } from './address-rules.ts'
import { hashOfPair, homeSlot, valueOfPair } from './hash-slots.ts'
import { GROUP_BITS } from './keyed-hash.ts'
import { Directory, Header, List, Peer } from './layout.ts'
import type { PeerBlock } from './peer-block.ts'
import { secondsOf } from './stamp.ts'
import type { SwarmMemory } from './swarm-memory.ts'

/** The bits of a hash below those of its group. */
const WITHIN_GROUP = 0xffff ^ GROUP_BITS

export class AddressShare {
  readonly #words: Int32Array
  readonly #halfwords: Uint16Array
  readonly #block: PeerBlock
  readonly #max: number
  // What the current search has found.
  #found = 0
  #oldest = -1
  #oldestSeconds = 0

  constructor(memory: SwarmMemory, block: PeerBlock) {
    this.#words = memory.words
    this.#halfwords = memory.halfwords
    this.#block = block
    this.#max = memory.words[Header.MaxPeersPerAddress]
  }

  /** Position of the entry that gives way when the request's address adds one to the list; -1 when none has to. */
  givesWay(list: number, request: AnnounceRequest): number {
    const block = this.#block
    const count = block.count(list)
    if (count < this.#max || !block.isLimited(request.family, request.endpoint, 0)) return -1
    this.#found = 0
    this.#oldest = -1
    if (block.isPaged(list)) this.#searchTable(list, request)
    else for (let position = 0; position < count; position++) this.#look(list, position, request)
    return this.#found >= this.#max ? this.#oldest : -1
  }

  /** Reads from the first home of the address's entries to the first gap behind the last one. */
  #searchTable(list: number, request: AnnounceRequest): void {
    const words = this.#words
    const directory = words[list + List.Peers]
    const table = words[directory + Directory.ByEndpoint]
    const log2 = words[directory + Directory.SlotsLog2]
    const mask = (1 << log2) - 1
    const group = this.#block.endpointHash(request.family, request.endpoint, 0) & GROUP_BITS
    let slot = homeSlot(group, log2)
    let homesLeft = homeSlot(group | WITHIN_GROUP, log2) - slot
    for (let pair = words[table + slot]; pair !== 0 || homesLeft > 0; pair = words[table + slot]) {
      if (pair !== 0 && (hashOfPair(pair) & GROUP_BITS) === group) this.#look(list, valueOfPair(pair) - 1, request)
      slot = (slot + 1) & mask
      homesLeft--
    }
  }

  #look(list: number, position: number, request: AnnounceRequest): void {
    const at = this.#block.endpointAt(list, position)
    for (let i = holderHalfwords(request.family) - 1; i >= 0; i--) {
      if (this.#halfwords[at + i] !== request.endpoint[i]) return
    }
    const seconds = secondsOf(this.#words[this.#block.recordAt(list, position) + Peer.Stamp])
    if (this.#oldest < 0 || seconds < this.#oldestSeconds) {
      this.#oldest = position
      this.#oldestSeconds = seconds
    }
    this.#found++
  }
}
