// The torrents that an eviction looks at: those of the newcomer's own slot, which the search for it has just read, then
// those of the slots that follow in the shard. What is not in the processor's caches is read side by side, because an
// eviction would otherwise be a long series of waits for memory, each under the shard's lock.

import { List, Torrent } from './layout.ts'
import { makerAt, type Plan, slabRowAt } from './plan.ts'
import type { SwarmMemory } from './swarm-memory.ts'

/** Torrents in a round. */
export const MAX_CANDIDATES = 8
/** Chains followed side by side, and how often others are taken in a round. */
const CHAINS = 4
const MAX_TURNS = 16
/** Of the smallest page. */
const LAST_WORD = 14

export class EvictionCandidates {
  /** The candidates of this round, their slots and makers (see holdings.ts). */
  readonly torrents = new Int32Array(MAX_CANDIDATES)
  readonly slots = new Int32Array(MAX_CANDIDATES)
  readonly makers = new Int32Array(MAX_CANDIDATES)
  /** Keeps what was read ahead from being optimised away. */
  sink = 0

  readonly #words: Int32Array
  readonly #plan: Plan
  readonly #directoryAt: number
  readonly #slotMask: number
  readonly #chains = new Int32Array(CHAINS)
  readonly #chainSlots = new Int32Array(CHAINS)
  /** The first slot of the shard, and the next one to look at, counted from there. */
  #firstSlot = 0
  #next = 0
  #count = 0

  constructor({ words, plan }: SwarmMemory) {
    this.#words = words
    this.#plan = plan
    this.#directoryAt = plan.directoryAt
    this.#slotMask = (1 << plan.shardShift) - 1
  }

  /** Lists the torrents of a slot and of those after it, as many as there is room for; returns how many. */
  listFrom(slot: number): number {
    const inShard = (slot - this.#directoryAt) & this.#slotMask
    this.#firstSlot = slot - inShard
    this.#next = inShard
    this.#count = 0
    this.#takeChain(0)
    while (this.#chains[0] !== 0 && this.#count < MAX_CANDIDATES) this.#takeTorrent(0)
    return this.#fill()
  }

  /** The same for the slots after those. */
  listNext(): number {
    this.#count = 0
    return this.#fill()
  }

  #fill(): number {
    for (let turn = 0; turn < MAX_TURNS && this.#count < MAX_CANDIDATES; turn++) {
      for (let i = 0; i < CHAINS; i++) this.#takeChain(i)
      for (let before = -1; before < this.#count; ) {
        before = this.#count
        for (let i = 0; i < CHAINS && this.#count < MAX_CANDIDATES; i++) {
          if (this.#chains[i] !== 0) this.#takeTorrent(i)
        }
      }
    }
    this.#readMakers()
    return this.#count
  }

  #takeChain(i: number): void {
    const slot = this.#firstSlot + this.#next
    this.#chainSlots[i] = slot
    this.#chains[i] = this.#words[slot]
    this.#next = (this.#next + 1) & this.#slotMask
  }

  #takeTorrent(i: number): void {
    const torrent = this.#chains[i]
    this.torrents[this.#count] = torrent
    this.slots[this.#count++] = this.#chainSlots[i]
    this.#chains[i] = this.#words[torrent + Torrent.Next]
  }

  #readMakers(): void {
    for (let i = 0; i < this.#count; i++) this.makers[i] = this.#words[makerAt(this.#plan, this.torrents[i])]
  }

  /** Reads the pages of short lists ahead: endpoints and first record. */
  readPages(): void {
    const words = this.#words
    let sink = 0
    for (let i = 0; i < this.#count; i++) {
      const page = words[this.torrents[i] + Torrent.List + List.Peers]
      sink ^= words[page] ^ words[page + LAST_WORD]
    }
    this.sink ^= sink
  }

  /** Reads ahead what the removal of a candidate needs. */
  readAhead(i: number): void {
    const words = this.#words
    const torrent = this.torrents[i]
    const page = words[torrent + Torrent.List + List.Peers]
    const rows = words[slabRowAt(this.#plan, torrent)] ^ words[slabRowAt(this.#plan, page)]
    this.sink ^= rows ^ words[page] ^ words[page + LAST_WORD]
  }
}
