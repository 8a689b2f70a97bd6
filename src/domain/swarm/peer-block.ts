// Where the peers of a list are stored. Up to 16 peers share one page; a longer list has a directory of pages. A page
// holds the endpoints first, in wire form, then the records (see layout.ts).

import { isPrivateAddress } from '../address.ts'
import { endpointHalfwords, type Family } from '../announce.ts'
import { holderHalfwords } from './address-rules.ts'
import { hashGrouped, hashHalfwords, hashWords } from './keyed-hash.ts'
import { Directory, endpointWords, Header, halfwordAt, List, PAGE_PEERS, PEER_WORDS, Peer } from './layout.ts'
import { capacityOf, familyOf, isPagedShape, pageOf, placeOnPage } from './list-shape.ts'
import type { SwarmMemory } from './swarm-memory.ts'

export class PeerBlock {
  readonly #words: Int32Array
  readonly #halfwords: Uint16Array
  readonly #key0: number
  readonly #key1: number
  readonly #limitsAddresses: boolean
  readonly #limitsPrivate: boolean

  constructor(memory: SwarmMemory) {
    this.#words = memory.words
    this.#halfwords = memory.halfwords
    this.#key0 = memory.words[Header.Key0]
    this.#key1 = memory.words[Header.Key1]
    this.#limitsAddresses = memory.words[Header.MaxPeersPerAddress] !== 0
    this.#limitsPrivate = memory.words[Header.AppliesToPrivate] !== 0
  }

  /** Halfword offset of the endpoint at a position. */
  endpointAt(list: number, position: number): number {
    const words = this.#words
    const shape = words[list + List.Shape]
    const stride = endpointHalfwords(familyOf(shape))
    if (!isPagedShape(shape)) return halfwordAt(words[list + List.Peers]) + position * stride
    const page = words[words[list + List.Peers] + Directory.First + pageOf(position)]
    return halfwordAt(page) + placeOnPage(position) * stride
  }

  /** Word offset of the record at a position. */
  recordAt(list: number, position: number): number {
    const words = this.#words
    const shape = words[list + List.Shape]
    const family = familyOf(shape)
    if (!isPagedShape(shape)) {
      return words[list + List.Peers] + endpointWords(family, capacityOf(shape)) + position * PEER_WORDS
    }
    const page = words[words[list + List.Peers] + Directory.First + pageOf(position)]
    return page + endpointWords(family, PAGE_PEERS) + placeOnPage(position) * PEER_WORDS
  }

  /** True when the list is long enough to have a directory and hash tables. */
  isPaged(list: number): boolean {
    return isPagedShape(this.#words[list + List.Shape])
  }

  /** Peers in the list, all three runs together. */
  count(list: number): number {
    const words = this.#words
    return words[list + List.Uploaders] + words[list + List.Downloaders] + words[list + List.Hidden]
  }

  /** True when the address that begins at halfword `at` may have a limited number of entries in a list. */
  isLimited(family: Family, halfwords: Uint16Array, at: number): boolean {
    return this.#limitsAddresses && (this.#limitsPrivate || !isPrivateAddress(family, halfwords, at))
  }

  /**
   * Hash of an endpoint of `family` in a request or in a page. Those of one limited address are neighbours in a table;
   * any number of others could be, so they are spread.
   */
  endpointHash(family: Family, halfwords: Uint16Array, at: number): number {
    const count = endpointHalfwords(family)
    if (!this.isLimited(family, halfwords, at)) return hashHalfwords(halfwords, at, count, this.#key0, this.#key1)
    return hashGrouped(halfwords, at, holderHalfwords(family), count, this.#key0, this.#key1)
  }

  endpointHashAt(list: number, position: number): number {
    return this.endpointHash(familyOf(this.#words[list + List.Shape]), this.#halfwords, this.endpointAt(list, position))
  }

  /** Hash of the peer id at word `at` of a request or of the swarm memory. */
  peerIdHash(words: Int32Array, at: number): number {
    return hashWords(words, at, 5, this.#key1, this.#key0)
  }

  /** The same for the record at word `record`. */
  peerIdHashAt(record: number): number {
    return this.peerIdHash(this.#words, record + Peer.Id)
  }
}
