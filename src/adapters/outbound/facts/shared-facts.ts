// The writing end of a ring of facts (see fact-memory.ts).

import { INFO_HASH_WORDS } from '../../../domain/info-hash.ts'
import { type Counters, TrackerCounter } from '../../../domain/ports/outbound/counters.ts'
import { FactKind, type Facts } from '../../../domain/ports/outbound/facts.ts'
import { PLACE_WORDS, RING_PLACES, RING_WORDS, Ring, SHARED_PLACES } from './fact-memory.ts'

export class SharedFacts implements Facts {
  readonly #ring: Int32Array
  readonly #counters: Counters

  /** `thread` is the number of the ring; only the caller's thread may write to it. */
  constructor(memory: SharedArrayBuffer, thread: number, counters: Counters) {
    this.#ring = new Int32Array(memory, thread * RING_WORDS * Int32Array.BYTES_PER_ELEMENT, RING_WORDS)
    this.#counters = counters
  }

  note(kind: FactKind, words: Int32Array, infoHashAt: number): void {
    const ring = this.#ring
    if ((Atomics.load(ring, Ring.Wanted) & (1 << kind)) === 0) return
    const written = ring[Ring.Written]
    const waiting = (written - Atomics.load(ring, Ring.Fetched)) | 0
    const isDownload = kind === FactKind.TorrentCompleted
    if (waiting >= (isDownload ? RING_PLACES : SHARED_PLACES)) {
      this.#counters.add(isDownload ? TrackerCounter.facts_lost : TrackerCounter.events_dropped, 1)
      return
    }
    const place = Ring.Places + (written & (RING_PLACES - 1)) * PLACE_WORDS
    ring[place] = kind
    for (let i = 0; i < INFO_HASH_WORDS; i++) ring[place + 1 + i] = words[infoHashAt + i]
    Atomics.store(ring, Ring.Written, (written + 1) | 0)
  }
}
