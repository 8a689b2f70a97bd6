// Clean-up: removes peers that have not announced for a while, then torrents without peers. The work is done in slices,
// each under the lock of one shard and small enough that a waiting announce waits less than 200 µs.

import { List, Peer, SHARD_WORDS, Shard, Torrent } from './layout.ts'
import { acquire, release } from './lock.ts'
import { secondsOf } from './stamp.ts'
import type { SwarmRegistry } from './swarm-registry.ts'

/** Cost units of a slice; an examined peer costs 1. Measured by `npm run bench registry`. */
const SLICE_COST = 320
const SLOT_COST = 1
const TORRENT_COST = 2
const REMOVAL_COST = 12

const FROM_THE_END = 65_535

/** Beyond this share of the memory, counts of torrents without peers are dropped: live swarms need the room. */
const MAX_KEPT_SHARE = 0.75

export class Sweeper {
  /** Peers and torrents removed since the sweeper was created. */
  peersRemoved = 0
  torrentsRemoved = 0

  readonly #registry: SwarmRegistry
  readonly #words: Int32Array
  readonly #slots: number
  /** Where the next slice begins: a slot, a torrent of its chain, a list of that torrent, a position in that list. */
  #slot = 0
  #link = 0
  #list = 0
  #position = FROM_THE_END
  #cost = 0

  constructor(registry: SwarmRegistry) {
    this.#registry = registry
    this.#words = registry.memory.words
    this.#slots = 1 << registry.memory.plan.slotsLog2
  }

  /**
   * Does one slice: removes peers last seen at or before `cutoffSeconds` (steady time), and torrents without peers;
   * unless `dropsEmpty`, those with completed downloads stay as long as memory is not short. Returns true when the
   * slice was the last of a round.
   */
  slice(cutoffSeconds: number, dropsEmpty: boolean): boolean {
    const dropsCounted = dropsEmpty || this.#registry.heap.usedShare() > MAX_KEPT_SHARE
    const plan = this.#registry.memory.plan
    const words = this.#words
    const cutoff = cutoffSeconds - this.#registry.memory.epochSeconds
    const shardNumber = this.#slot >> plan.shardShift
    const shard = plan.shardsAt + shardNumber * SHARD_WORDS
    const end = (shardNumber + 1) << plan.shardShift
    this.#cost = 0
    acquire(words, shard + Shard.Lock)
    while (this.#slot < end && this.#cost < SLICE_COST) {
      this.#cost += SLOT_COST
      if (!this.#sweepSlot(plan.directoryAt + this.#slot, shard, cutoff, dropsCounted)) break
      this.#slot++
      // The torrent that the last slice stopped in may be gone: then start the next one from its beginning.
      this.#link = 0
      this.#list = 0
      this.#position = FROM_THE_END
    }
    release(words, shard + Shard.Lock)
    if (this.#slot < this.#slots) return false
    this.#slot = 0
    return true
  }

  /** False when the slice ended inside the slot; torrents before `#link` in the chain are done. */
  #sweepSlot(slot: number, shard: number, cutoff: number, dropsCounted: boolean): boolean {
    const words = this.#words
    let link = 0
    for (let torrent = words[slot]; torrent !== 0; ) {
      const next = words[torrent + Torrent.Next]
      if (link >= this.#link) {
        this.#cost += TORRENT_COST
        if (!this.#sweepTorrent(torrent, shard, cutoff)) {
          this.#link = link
          return false
        }
        if (this.#registry.isEmpty(torrent) && (dropsCounted || words[torrent + Torrent.Completed] === 0)) {
          this.#registry.watch.removed(words, torrent + Torrent.InfoHash)
          this.#registry.index.remove(slot, torrent)
          this.torrentsRemoved++
          link--
        }
      }
      link++
      torrent = next
    }
    return true
  }

  /** Sweeps each list from its end, because a removal fills its gap from the end; false when the slice ended. */
  #sweepTorrent(torrent: number, shard: number, cutoff: number): boolean {
    const words = this.#words
    let ordinal = 0
    for (let list = torrent + Torrent.List; list !== 0; list = words[list + List.Next]) {
      if (ordinal >= this.#list) {
        if (!this.#sweepList(torrent, shard, list, cutoff)) {
          this.#list = ordinal
          return false
        }
        this.#position = FROM_THE_END
      }
      ordinal++
    }
    this.#list = 0
    this.#position = FROM_THE_END
    return true
  }

  #sweepList(torrent: number, shard: number, list: number, cutoff: number): boolean {
    const last = this.#registry.block.count(list) - 1
    for (let position = Math.min(this.#position, last); position >= 0; position--) {
      if (this.#cost >= SLICE_COST) {
        this.#position = position
        return false
      }
      this.#cost++
      const record = this.#registry.block.recordAt(list, position)
      if (secondsOf(this.#words[record + Peer.Stamp]) > cutoff) continue
      this.#registry.swarm.remove(torrent, shard, list, position)
      this.peersRemoved++
      this.#cost += REMOVAL_COST
    }
    return true
  }
}
