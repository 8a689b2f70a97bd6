import type { InfoHash } from '../../src/domain/info-hash.ts'
import type {
  AddOptions,
  ListEntry,
  StoredListEntry,
  TorrentListStore,
} from '../../src/domain/ports/outbound/torrent-list-store.ts'
import { SwitchableStore } from './switchable-store.ts'

/** A list in a map. */
export class MemoryTorrentListStore extends SwitchableStore implements TorrentListStore {
  readonly #entries = new Map<InfoHash, StoredListEntry>()
  readonly #nowSeconds: () => number
  #last = 0

  constructor(nowSeconds: () => number = () => 0) {
    super()
    this.#nowSeconds = nowSeconds
  }

  async add(entries: readonly ListEntry[], { replacesReasons }: AddOptions = {}): Promise<readonly InfoHash[]> {
    this.requireAvailable()
    const added = new Set<InfoHash>()
    for (const { infoHash, reason } of entries) {
      const old = this.#entries.get(infoHash)
      if (old === undefined) added.add(infoHash)
      const entry = old ?? { infoHash, position: ++this.#last, addedAtSeconds: this.#nowSeconds() }
      const isChanged = reason !== undefined && (added.has(infoHash) || replacesReasons === true)
      this.#entries.set(infoHash, isChanged ? { ...entry, reason } : entry)
    }
    return [...added]
  }

  async remove(infoHashes: readonly InfoHash[]): Promise<readonly InfoHash[]> {
    this.requireAvailable()
    return infoHashes.filter((infoHash) => this.#entries.delete(infoHash))
  }

  async find(infoHash: InfoHash): Promise<StoredListEntry | undefined> {
    this.requireAvailable()
    return this.#entries.get(infoHash)
  }

  async page(after: number, limit: number): Promise<readonly StoredListEntry[]> {
    this.requireAvailable()
    return [...this.#entries.values()].filter(({ position }) => position > after).slice(0, limit)
  }

  async count(): Promise<number> {
    this.requireAvailable()
    return this.#entries.size
  }
}
