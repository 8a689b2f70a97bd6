// Keeps a reply from being filled by one network (protocol rule SEC-16): of the peers taken from a list, at most half
// (rounded up) are of one /24 or /48 when the list has others. Most replies are only read once, pair by pair; in one
// that is uneven, the surplus is exchanged for the peers that follow in its windows.

import { isPrivateAddress } from '../address.ts'
import { endpointHalfwords, Family, PeerRoom, Scope } from '../announce.ts'
import { FIRST_BYTE, isSameNetwork } from './address-rules.ts'
import { Header, List, Peer } from './layout.ts'
import { familyOf, placeOnPage, scopeOf } from './list-shape.ts'
import type { PeerBlock } from './peer-block.ts'
import { PeerWindow } from './peer-window.ts'
import type { SwarmMemory } from './swarm-memory.ts'

/** Peers looked at for an exchange, at most: about as much work as a second reply. */
const MAX_LOOKS = 512

export class ReplyBalance {
  /** Where the reply's windows ended: set by the caller before `spread`. */
  readonly uploaders = new PeerWindow()
  readonly downloaders = new PeerWindow()

  readonly #words: Int32Array
  readonly #halfwords: Uint16Array
  readonly #block: PeerBlock
  readonly #appliesToPrivate: boolean
  // The current call: the reply's room, the list's family, an endpoint of the network that has too many, and how many.
  #room: PeerRoom
  #withIds = false
  #family: Family = 0
  readonly #holder = new Uint16Array(endpointHalfwords(1))
  #surplus = 0
  /** In the room: the last peer that was exchanged. */
  #victim = 0

  constructor(memory: SwarmMemory, block: PeerBlock) {
    this.#words = memory.words
    this.#halfwords = memory.halfwords
    this.#block = block
    this.#appliesToPrivate = memory.words[Header.AppliesToPrivate] !== 0
    this.#room = new PeerRoom(new Uint16Array(0))
  }

  /**
   * True when the room's peers from number `first` on, all of `list`, may be uneven. For most replies this is the only
   * look: where more than half are of one network, both of some pair are, however the pairs are made.
   */
  hasPair(list: number, room: PeerRoom, first: number): boolean {
    const shape = this.#words[list + List.Shape]
    if (scopeOf(shape) === Scope.Private && !this.#appliesToPrivate) return false
    const family = familyOf(shape)
    const stride = endpointHalfwords(family)
    const begin = room.at + first * stride
    const last = room.at + (room.count - 1) * stride
    return family === Family.IPv4 ? hasIPv4Pair(room.halfwords, begin, last) : hasIPv6Pair(room.halfwords, begin, last)
  }

  /** Exchanges what one network has beyond its half. */
  spread(list: number, room: PeerRoom, first: number, withIds: boolean): void {
    this.#room = room
    this.#withIds = withIds
    this.#family = familyOf(this.#words[list + List.Shape])
    this.#measure(first)
    if (this.#surplus <= 0 || (!this.#appliesToPrivate && isPrivateAddress(this.#family, this.#holder))) return
    this.#victim = first - 1
    // Half of the looks for either run, and for the other one what a short run leaves.
    const { uploaders, downloaders } = this
    const half = MAX_LOOKS >> 1
    const uploadersLooks = MAX_LOOKS - Math.min(downloaders.left, half)
    const downloadersLooks = MAX_LOOKS - Math.min(uploaders.left, half)
    this.#exchange(list, uploaders, uploadersLooks)
    this.#exchange(list, downloaders, downloadersLooks)
  }

  /** Finds the only network that can have more than half (Boyer and Moore's vote), and how many it has too many. */
  #measure(first: number): void {
    const room = this.#room
    const halfwords = room.halfwords
    const family = this.#family
    const stride = endpointHalfwords(family)
    const begin = room.at + first * stride
    const end = room.at + room.count * stride
    let holder = begin
    let votes = 0
    for (let at = begin; at < end; at += stride) {
      if (votes === 0) holder = at
      votes += isSameNetwork(family, halfwords, holder, halfwords, at) ? 1 : -1
    }
    let peers = 0
    for (let at = begin; at < end; at += stride) {
      if (isSameNetwork(family, halfwords, holder, halfwords, at)) peers++
    }
    this.#surplus = peers - ((room.count - first + 1) >> 1)
    for (let i = 0; i < stride; i++) this.#holder[i] = halfwords[holder + i]
  }

  #exchange(list: number, window: PeerWindow, maxLooks: number): void {
    const stride = endpointHalfwords(this.#family)
    let at = 0
    let follower = -1
    for (let looks = 0; looks < maxLooks && window.left > 0 && this.#surplus > 0; looks++) {
      const position = window.next()
      const isNextOnPage = position === follower && placeOnPage(position) !== 0
      at = isNextOnPage ? at + stride : this.#block.endpointAt(list, position)
      follower = position + 1
      if (isSameNetwork(this.#family, this.#halfwords, at, this.#holder, 0)) continue
      this.#replaceNext(at, this.#block.recordAt(list, position))
      this.#surplus--
    }
  }

  /** Puts a peer in the place of the next one of the network that has too many. */
  #replaceNext(endpointAt: number, record: number): void {
    const { halfwords, ids, at } = this.#room
    const stride = endpointHalfwords(this.#family)
    let target: number
    do {
      this.#victim++
      target = at + this.#victim * stride
    } while (!isSameNetwork(this.#family, halfwords, target, this.#holder, 0))
    for (let i = 0; i < stride; i++) halfwords[target + i] = this.#halfwords[endpointAt + i]
    if (!this.#withIds) return
    for (let i = 0; i < 5; i++) ids[this.#victim * 5 + i] = this.#words[record + Peer.Id + i]
  }
}

// Every reply is read here, so these two are written out for their family.

function hasIPv4Pair(halfwords: Uint16Array, begin: number, last: number): boolean {
  for (let at = begin; at < last; at += 6) {
    const front = halfwords[at] ^ halfwords[at + 3]
    if ((front | ((halfwords[at + 1] ^ halfwords[at + 4]) & FIRST_BYTE)) === 0) return true
  }
  return false
}

function hasIPv6Pair(halfwords: Uint16Array, begin: number, last: number): boolean {
  for (let at = begin; at < last; at += 18) {
    const front = (halfwords[at] ^ halfwords[at + 9]) | (halfwords[at + 1] ^ halfwords[at + 10])
    if ((front | (halfwords[at + 2] ^ halfwords[at + 11])) === 0) return true
  }
  return false
}
