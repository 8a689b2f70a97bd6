// Chooses what to evict when memory is full and a new swarm needs room in the same shard: a torrent without peers, of
// which only a count is kept; else a swarm with one peer, the least recently announced among a few whose memory would
// suit the new one. Larger swarms are never evicted (protocol rule SEC-20).

import { List, Peer, SHARD_WORDS, Shard, Torrent } from './layout.ts'
import { capacityOf, familyOf } from './list-shape.ts'
import type { PeerBlock } from './peer-block.ts'
import { secondsOf } from './stamp.ts'
import type { Swarm } from './swarm.ts'
import type { SwarmMemory } from './swarm-memory.ts'
import type { TorrentIndex } from './torrent-index.ts'
import type { TorrentWatch } from './torrent-watch.ts'

/** The search ends after this many candidates, slots or torrents. */
const MAX_CANDIDATES = 8
const MAX_SLOTS = 256
const MAX_TORRENTS = 512
/** Instead of a list: the torrent has no peers at all. */
const NO_PEERS = -1

export interface EvictionParts {
  readonly index: TorrentIndex
  readonly block: PeerBlock
  readonly swarm: Swarm
  readonly watch: TorrentWatch
}

export class Eviction {
  readonly #words: Int32Array
  readonly #index: TorrentIndex
  readonly #block: PeerBlock
  readonly #swarm: Swarm
  readonly #watch: TorrentWatch
  readonly #shardsAt: number
  readonly #directoryAt: number
  readonly #shardShift: number

  constructor(memory: SwarmMemory, parts: EvictionParts) {
    this.#words = memory.words
    this.#index = parts.index
    this.#block = parts.block
    this.#swarm = parts.swarm
    this.#watch = parts.watch
    this.#shardsAt = memory.plan.shardsAt
    this.#directoryAt = memory.plan.directoryAt
    this.#shardShift = memory.plan.shardShift
  }

  /**
   * Evicts one torrent of the shard, whose lock is held, to make room for one whose first peer is of `family`; false
   * when no torrent near the hand has suitable memory. One without peers does not help when a page is what is lacking.
   */
  makeRoom(shard: number, family: number, lacksPage: boolean): boolean {
    const words = this.#words
    const slots = 1 << this.#shardShift
    const firstSlot = this.#directoryAt + (((shard - this.#shardsAt) / SHARD_WORDS) << this.#shardShift)
    let victim = 0
    let victimList = 0
    let victimSlot = 0
    let candidates = 0
    let torrents = 0
    const looks = Math.min(slots, MAX_SLOTS)
    for (let look = 0; look < looks && candidates < MAX_CANDIDATES && torrents < MAX_TORRENTS; look++) {
      const hand = words[shard + Shard.EvictionHand]
      words[shard + Shard.EvictionHand] = (hand + 1) & (slots - 1)
      const slot = firstSlot + hand
      for (let torrent = words[slot]; torrent !== 0; torrent = words[torrent + Torrent.Next]) {
        torrents++
        const list = this.#onlyPeerOf(torrent, family)
        if (list === 0) continue
        if (list === NO_PEERS) {
          if (lacksPage) continue
          this.#evict(slot, torrent)
          return true
        }
        candidates++
        if (victim === 0 || this.#lastSeen(list) < this.#lastSeen(victimList)) {
          victim = torrent
          victimList = list
          victimSlot = slot
        }
      }
    }
    if (victim === 0) return false
    this.#swarm.remove(victim, shard, victimList, 0)
    this.#evict(victimSlot, victim)
    return true
  }

  #evict(slot: number, torrent: number): void {
    this.#watch.removed(this.#words, torrent + Torrent.InfoHash)
    this.#index.remove(slot, torrent)
  }

  /**
   * List of the only peer of a torrent, if its page is exactly what the new one needs (capacity 1 of the family);
   * `NO_PEERS` when it has no peer, 0 when it has more, or the page does not fit.
   */
  #onlyPeerOf(torrent: number, family: number): number {
    const words = this.#words
    let peers = 0
    let fitting = 0
    for (let list = torrent + Torrent.List; list !== 0; list = words[list + List.Next]) {
      peers += this.#block.count(list)
      const shape = words[list + List.Shape]
      if (capacityOf(shape) === 1 && familyOf(shape) === family) fitting = list
    }
    if (peers === 0) return NO_PEERS
    return peers === 1 ? fitting : 0
  }

  /** Seconds since the epoch. */
  #lastSeen(list: number): number {
    return secondsOf(this.#words[this.#block.recordAt(list, 0) + Peer.Stamp])
  }
}
