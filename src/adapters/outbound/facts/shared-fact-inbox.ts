// The reading end of all rings of facts (see fact-memory.ts).

import type { FactInbox, FactKind } from '../../../domain/ports/outbound/facts.ts'
import { PLACE_WORDS, RING_PLACES, RING_WORDS, Ring } from './fact-memory.ts'

type Visit = (kind: FactKind, words: Int32Array, infoHashAt: number) => void

export class SharedFactInbox implements FactInbox {
  readonly #words: Int32Array

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory)
  }

  want(kinds: readonly FactKind[]): void {
    const bits = kinds.reduce((sum, kind) => sum | (1 << kind), 0)
    for (let ring = 0; ring < this.#words.length; ring += RING_WORDS) {
      Atomics.store(this.#words, ring + Ring.Wanted, bits)
    }
  }

  drain(max: number, visit: Visit): number {
    let fetched = 0
    for (let ring = 0; ring < this.#words.length && fetched < max; ring += RING_WORDS) {
      fetched += this.#drainRing(ring, max - fetched, visit)
    }
    return fetched
  }

  /** Facts written meanwhile wait for the next call, so that this one ends. */
  #drainRing(ring: number, max: number, visit: Visit): number {
    const words = this.#words
    const before = words[ring + Ring.Fetched]
    const waiting = (Atomics.load(words, ring + Ring.Written) - before) | 0
    const count = Math.min(waiting, max)
    for (let i = 0; i < count; i++) {
      const place = ring + Ring.Places + ((before + i) & (RING_PLACES - 1)) * PLACE_WORDS
      visit(words[place] as FactKind, words, place + 1)
      Atomics.store(words, ring + Ring.Fetched, (before + i + 1) | 0)
    }
    return count
  }
}
