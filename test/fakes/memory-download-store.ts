import type { InfoHash } from '../../src/domain/info-hash.ts'
import type {
  DownloadCount,
  DownloadStore,
  StoredDownloadCount,
} from '../../src/domain/ports/outbound/download-store.ts'
import { SwitchableStore } from './switchable-store.ts'

/** Counts in a map. */
export class MemoryDownloadStore extends SwitchableStore implements DownloadStore {
  readonly #counts = new Map<InfoHash, StoredDownloadCount>()
  #lastBatch = 0
  #total = 0

  async add(batch: number, increments: readonly DownloadCount[]): Promise<void> {
    this.requireAvailable()
    if (batch <= this.#lastBatch) return
    for (const { infoHash, completed } of increments) {
      const { position, completed: old } = this.#counts.get(infoHash) ?? {
        position: this.#counts.size + 1,
        completed: 0,
      }
      this.#counts.set(infoHash, { infoHash, position, completed: old + completed })
      this.#total += completed
    }
    this.#lastBatch = batch
  }

  async lastBatch(): Promise<number> {
    this.requireAvailable()
    return this.#lastBatch
  }

  async page(after: number, limit: number): Promise<readonly StoredDownloadCount[]> {
    this.requireAvailable()
    return [...this.#counts.values()].filter(({ position }) => position > after).slice(0, limit)
  }

  async count(): Promise<number> {
    this.requireAvailable()
    return this.#counts.size
  }

  async total(): Promise<number> {
    this.requireAvailable()
    return this.#total
  }
}
