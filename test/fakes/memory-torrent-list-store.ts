import type { InfoHash } from '../../src/domain/info-hash.ts'
import type {
  ListEntry,
  StoredListEntry,
  TorrentListStore,
} from '../../src/domain/ports/outbound/torrent-list-store.ts'
import { SwitchableStore } from './switchable-store.ts'

/** A list in a map. */
export class MemoryTorrentListStore extends SwitchableStore implements TorrentListStore {
  readonly #entries = new Map<InfoHash, StoredListEntry>()
  readonly #keeps: { readonly reasons: boolean; readonly nowSeconds: () => number }
  #last = 0

  /** Without reasons it acts as a whitelist. */
  constructor(keeps = { reasons: true, nowSeconds: () => 0 }) {
    super()
    this.#keeps = keeps
  }

  async add(entries: readonly ListEntry[]): Promise<readonly InfoHash[]> {
    this.requireAvailable()
    const added: InfoHash[] = []
    for (const { infoHash, reason } of entries) {
      const old = this.#entries.get(infoHash)
      if (old === undefined) added.push(infoHash)
      const entry = old ?? { infoHash, position: ++this.#last, ...this.#time() }
      this.#entries.set(infoHash, this.#keeps.reasons && reason !== undefined ? { ...entry, reason } : entry)
    }
    return added
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

  #time(): Pick<StoredListEntry, 'addedAtSeconds'> {
    return this.#keeps.reasons ? { addedAtSeconds: this.#keeps.nowSeconds() } : {}
  }
}
