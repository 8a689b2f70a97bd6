// Maps info hashes to torrents: a directory of slots, sized for the budget so that it never grows, with a chain of
// torrents in each. Adjacent slots form a shard with one lock; every method here but `slotOf` requires it held.

import { halfSipHash } from '../half-siphash.ts'
import { INFO_HASH_WORDS } from '../info-hash.ts'
import { affinityOf, type Heap } from './heap.ts'
import { powerClass, TORRENT_CLASS } from './heap-classes.ts'
import type { Holdings } from './holdings.ts'
import { Header, LIST_WORDS, List, SHARD_WORDS, Shard, TORRENT_WORDS, Torrent } from './layout.ts'
import { kindOfShape, shapeOf } from './list-shape.ts'
import { makerAt, type Plan } from './plan.ts'
import type { SwarmMemory } from './swarm-memory.ts'

const LIST_CLASS = powerClass(3)

export class TorrentIndex {
  readonly #words: Int32Array
  readonly #plan: Plan
  readonly #heap: Heap
  readonly #holdings: Holdings
  readonly #directoryAt: number
  readonly #shardsAt: number
  readonly #slotShift: number
  readonly #shardShift: number
  readonly #key0: number
  readonly #key1: number

  constructor(memory: SwarmMemory, heap: Heap, holdings: Holdings) {
    this.#words = memory.words
    this.#plan = memory.plan
    this.#heap = heap
    this.#holdings = holdings
    this.#directoryAt = memory.plan.directoryAt
    this.#shardsAt = memory.plan.shardsAt
    this.#slotShift = 32 - memory.plan.slotsLog2
    this.#shardShift = memory.plan.shardShift
    this.#key0 = memory.words[Header.Key0]
    this.#key1 = memory.words[Header.Key1]
  }

  /** Word offset of the slot for the info hash at `at` of `words`. */
  slotOf(words: Int32Array, at: number): number {
    return this.#directoryAt + (halfSipHash(words, at, INFO_HASH_WORDS, this.#key0, this.#key1) >>> this.#slotShift)
  }

  /** Word offset of the shard that a slot belongs to. */
  shardOf(slot: number): number {
    return this.#shardsAt + ((slot - this.#directoryAt) >> this.#shardShift) * SHARD_WORDS
  }

  /** The torrent with the info hash at `at` of `words`; 0 if none. */
  find(slot: number, words: Int32Array, at: number): number {
    const memory = this.#words
    for (let torrent = memory[slot]; torrent !== 0; torrent = memory[torrent + Torrent.Next]) {
      if (
        memory[torrent] === words[at] &&
        memory[torrent + 1] === words[at + 1] &&
        memory[torrent + 2] === words[at + 2] &&
        memory[torrent + 3] === words[at + 3] &&
        memory[torrent + 4] === words[at + 4]
      ) {
        return torrent
      }
    }
    return 0
  }

  /**
   * Creates a torrent without peers, which counts for `maker` (0: for none); 0 when memory is full. Only one that was
   * known before may use the reserve.
   */
  create(slot: number, words: Int32Array, at: number, maker: number, isNewSwarm = true): number {
    const memory = this.#words
    const torrent = this.#heap.allocate(TORRENT_CLASS, slot, isNewSwarm)
    if (torrent === 0) return 0
    for (let i = 0; i < 5; i++) memory[torrent + Torrent.InfoHash + i] = words[at + i]
    for (let i = 5; i < TORRENT_WORDS; i++) memory[torrent + i] = 0
    memory[torrent + Torrent.Next] = memory[slot]
    memory[slot] = torrent
    memory[makerAt(this.#plan, torrent)] = maker
    this.#holdings.addTorrents(maker, 1)
    const shard = this.shardOf(slot)
    memory[shard + Shard.Torrents]++
    memory[shard + Shard.TorrentsAdded]++
    return torrent
  }

  /** Unlinks an empty torrent, whose lists have no pages left, and frees its memory. */
  remove(slot: number, torrent: number): void {
    const memory = this.#words
    let link = slot
    while (memory[link] !== torrent) link = memory[link] + Torrent.Next
    memory[link] = memory[torrent + Torrent.Next]
    let list = memory[torrent + Torrent.List + List.Next]
    while (list !== 0) {
      const next = memory[list + List.Next]
      this.#heap.free(list)
      list = next
    }
    this.#holdings.addTorrents(memory[makerAt(this.#plan, torrent)], -1)
    this.#heap.free(torrent)
    memory[this.shardOf(slot) + Shard.Torrents]--
  }

  /** The torrent's list of a kind (family and scope); 0 if none. */
  findList(torrent: number, kind: number): number {
    const memory = this.#words
    for (let list = torrent + Torrent.List; list !== 0; list = memory[list + List.Next]) {
      if (kindOfShape(memory[list + List.Shape]) === kind) return list
    }
    return 0
  }

  /** The same, created if needed: an empty list is given the kind before a new one is made; 0 when memory is full. */
  findOrCreateList(torrent: number, kind: number): number {
    const memory = this.#words
    let empty = 0
    let last = 0
    for (let list = torrent + Torrent.List; list !== 0; list = memory[list + List.Next]) {
      if (kindOfShape(memory[list + List.Shape]) === kind) return list
      if (memory[list + List.Peers] === 0) empty = list
      last = list
    }
    if (empty !== 0) {
      memory[empty + List.Shape] = shapeOf(kind, 0)
      return empty
    }
    const list = this.#heap.allocate(LIST_CLASS, affinityOf(torrent), false)
    if (list === 0) return 0
    for (let i = 0; i < LIST_WORDS; i++) memory[list + i] = 0
    memory[list + List.Shape] = shapeOf(kind, 0)
    memory[last + List.Next] = list
    return list
  }
}
