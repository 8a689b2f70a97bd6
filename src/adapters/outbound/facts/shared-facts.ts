// The writing end of a ring of facts (see fact-memory.ts).

import { INFO_HASH_WORDS } from '../../../domain/info-hash.ts'
import { Counter, type Counters } from '../../../domain/ports/outbound/counters.ts'
import type { FactKind, Facts } from '../../../domain/ports/outbound/facts.ts'
import { PLACE_WORDS, RING_PLACES, RING_WORDS, Ring } from './fact-memory.ts'

export class SharedFacts implements Facts {
  readonly #ring: Int32Array
  readonly #counters: Counters

  /** `thread` is the number of the ring that the caller's thread, and no other, writes to. */
  constructor(memory: SharedArrayBuffer, thread: number, counters: Counters) {
    this.#ring = new Int32Array(memory, thread * RING_WORDS * Int32Array.BYTES_PER_ELEMENT, RING_WORDS)
    this.#counters = counters
  }

  note(kind: FactKind, words: Int32Array, infoHashAt: number): void {
    const ring = this.#ring
    const written = ring[Ring.Written]
    if (((written - Atomics.load(ring, Ring.Fetched)) | 0) >= RING_PLACES) {
      this.#counters.add(Counter.facts_lost, 1)
      return
    }
    const place = Ring.Places + (written & (RING_PLACES - 1)) * PLACE_WORDS
    ring[place] = kind
    for (let i = 0; i < INFO_HASH_WORDS; i++) ring[place + 1 + i] = words[infoHashAt + i]
    Atomics.store(ring, Ring.Written, (written + 1) | 0)
  }
}
