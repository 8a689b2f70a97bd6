// Which entry of a full list gives way to a newcomer (protocol rule SEC-20): one of the network that holds most of the
// list, judged by a sample. As long as any network is in the sample twice, no entry of a network that is there once is
// displaced; a flood cannot drive out peers of networks of their own, nor keep newcomers out.

import type { Family } from '../announce.ts'
import { isSameNetwork, isSameRegion } from './address-rules.ts'
import { List, Peer } from './layout.ts'
import { familyOf } from './list-shape.ts'
import type { PeerBlock } from './peer-block.ts'
import type { Random } from './random.ts'
import { secondsOf } from './stamp.ts'
import type { SwarmMemory } from './swarm-memory.ts'

const MAX_SAMPLED = 16

/** What two entries have in common: a /24 or /48, a /16 or /32, or nothing but the list. */
const Likeness = { Network: 0, Region: 1, List: 2 } as const
type Likeness = (typeof Likeness)[keyof typeof Likeness]

export class LargestHolder {
  readonly #words: Int32Array
  readonly #halfwords: Uint16Array
  readonly #block: PeerBlock
  readonly #random: Random
  /** The sample: positions, and where their endpoints are. */
  readonly #positions = new Int32Array(MAX_SAMPLED)
  readonly #endpoints = new Int32Array(MAX_SAMPLED)
  #sampled = 0

  constructor(memory: SwarmMemory, block: PeerBlock, random: Random) {
    this.#words = memory.words
    this.#halfwords = memory.halfwords
    this.#block = block
    this.#random = random
  }

  /** Position of the entry to displace: of the sample's most common network, the one not seen for longest. */
  givesWay(list: number): number {
    const family = familyOf(this.#words[list + List.Shape])
    this.#sample(list)
    let holder = this.#commonest(family, Likeness.Network)
    if (holder >= 0) return this.#oldestLike(list, family, holder, Likeness.Network)
    // No network twice: a flood from many networks of one region still stands out.
    holder = this.#commonest(family, Likeness.Region)
    if (holder >= 0) return this.#oldestLike(list, family, holder, Likeness.Region)
    return this.#oldestLike(list, family, 0, Likeness.List)
  }

  /** Entries at even distances, from a random one on: no position twice. */
  #sample(list: number): void {
    const count = this.#block.count(list)
    const sampled = Math.min(count, MAX_SAMPLED)
    const distance = (count / sampled) | 0
    let position = this.#random.below(count)
    for (let i = 0; i < sampled; i++) {
      this.#positions[i] = position
      this.#endpoints[i] = this.#block.endpointAt(list, position)
      position += distance
      if (position >= count) position -= count
    }
    this.#sampled = sampled
  }

  /** One of the entries that are most alike, as its place in the sample; -1 when no two are. */
  #commonest(family: Family, likeness: Likeness): number {
    let holder = -1
    let most = 0
    for (let i = 0; i < this.#sampled - most; i++) {
      let others = 0
      for (let j = i + 1; j < this.#sampled; j++) if (this.#areAlike(family, i, j, likeness)) others++
      if (others <= most) continue
      most = others
      holder = i
    }
    return holder
  }

  #oldestLike(list: number, family: Family, holder: number, likeness: Likeness): number {
    let oldest = -1
    let oldestSeconds = 0
    for (let i = 0; i < this.#sampled; i++) {
      if (!this.#areAlike(family, holder, i, likeness)) continue
      const position = this.#positions[i]
      const seconds = secondsOf(this.#words[this.#block.recordAt(list, position) + Peer.Stamp])
      if (oldest >= 0 && seconds >= oldestSeconds) continue
      oldest = position
      oldestSeconds = seconds
    }
    return oldest
  }

  #areAlike(family: Family, i: number, j: number, likeness: Likeness): boolean {
    if (likeness === Likeness.List) return true
    const a = this.#endpoints[i]
    const b = this.#endpoints[j]
    if (likeness === Likeness.Region) return isSameRegion(family, this.#halfwords, a, b)
    return isSameNetwork(family, this.#halfwords, a, this.#halfwords, b)
  }
}
