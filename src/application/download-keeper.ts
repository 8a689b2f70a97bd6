// Completed downloads on their way from the threads to the store. They are summed by torrent and written behind in
// numbered batches, so that each is stored once even when the store's acknowledgement is lost.

import { type InfoHash, infoHashFromWords } from '../domain/info-hash.ts'
import type { DownloadKeeping } from '../domain/ports/inbound/download-keeping.ts'
import type { DownloadCount, DownloadStore } from '../domain/ports/outbound/download-store.ts'
import type { DownloadTaker, FactCollector } from './fact-collector.ts'

/** Torrents in a batch: one transaction, short enough for any database. */
const MAX_IN_BATCH = 500
/**
 * Maximum number of torrents waiting in memory, at most a hundred megabytes. Any client can complete downloads of
 * invented torrents.
 */
const MAX_WAITING_TORRENTS = 500_000

/** What the store contained at start. */
export interface StoredDownloads {
  readonly lastBatch: number
  readonly total: number
}

/** A batch keeps its number and contents until the store has acknowledged it. */
interface Batch {
  readonly number: number
  readonly increments: readonly DownloadCount[]
}

export class DownloadKeeper implements DownloadKeeping, DownloadTaker {
  readonly #facts: FactCollector
  readonly #store: DownloadStore
  readonly #maxWaiting: number
  /** Not in a batch yet. While the store is unavailable this grows with the number of torrents, not of downloads. */
  readonly #gathered = new Map<InfoHash, number>()
  #batch: Batch | undefined
  #lastBatch: number
  #total: number
  #flush: Promise<number> | undefined

  constructor(facts: FactCollector, store: DownloadStore, stored: StoredDownloads, maxWaiting = MAX_WAITING_TORRENTS) {
    this.#facts = facts
    this.#maxWaiting = maxWaiting
    this.#store = store
    this.#lastBatch = stored.lastBatch
    this.#total = stored.total
    facts.setDownloadTaker(this)
  }

  collect(): void {
    this.#facts.collect()
  }

  flush(): Promise<number> {
    this.#flush ??= this.#write().finally(() => {
      this.#flush = undefined
    })
    return this.#flush
  }

  get waiting(): number {
    return this.#gathered.size + (this.#batch?.increments.length ?? 0)
  }

  /** Completed downloads of all runs, including what is still to be written. */
  total(): number {
    this.collect()
    return this.#total
  }

  get room(): number {
    return this.#maxWaiting - this.#gathered.size
  }

  take(words: Int32Array, infoHashAt: number): void {
    const infoHash = infoHashFromWords(words, infoHashAt)
    this.#gathered.set(infoHash, (this.#gathered.get(infoHash) ?? 0) + 1)
    this.#total++
  }

  /** Writes what is waiting now; what arrives meanwhile waits for the next flush, so that this ends. */
  async #write(): Promise<number> {
    this.collect()
    const due = this.waiting
    let written = 0
    while (written < due) {
      this.#batch ??= this.#takeBatch()
      const { number, increments } = this.#batch
      await this.#store.add(number, increments)
      this.#batch = undefined
      this.#lastBatch = number
      written += increments.length
    }
    return written
  }

  #takeBatch(): Batch {
    const increments: DownloadCount[] = []
    for (const [infoHash, completed] of this.#gathered) {
      increments.push({ infoHash, completed })
      this.#gathered.delete(infoHash)
      if (increments.length === MAX_IN_BATCH) break
    }
    return { number: this.#lastBatch + 1, increments }
  }
}
