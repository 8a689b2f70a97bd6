// The swarm memory as a prefetch reads it, without a lock: any word may be stale or torn, so no address is used before
// it is checked.

import { homeSlot } from './hash-slots.ts'
import { Directory } from './layout.ts'
import type { SwarmMemory } from './swarm-memory.ts'

/** Words behind a checked address that may be read too: more than any page has, or a directory before its pages. */
const MARGIN_WORDS = 4096

export class UnlockedMemory {
  readonly words: Int32Array
  readonly #arenaAt: number
  readonly #end: number

  constructor({ words, plan }: SwarmMemory) {
    this.words = words
    this.#arenaAt = plan.arenaAt
    this.#end = words.length - MARGIN_WORDS
  }

  /** The address if it is inside the arena, well before its end; else the arena's beginning, which is always valid. */
  checked(address: number): number {
    return address > this.#arenaAt && address < this.#end ? address : this.#arenaAt
  }

  /** Where the search for an endpoint's hash begins in the table of a list's directory, which has been checked. */
  tableSlot(directory: number, hash: number): number {
    const log2 = this.words[directory + Directory.SlotsLog2] & 31
    return this.checked(this.words[directory + Directory.ByEndpoint] + homeSlot(hash, log2))
  }
}
