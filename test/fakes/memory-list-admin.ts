import type { InfoHash } from '../../src/domain/info-hash.ts'
import type { ListPage, TorrentListAdmin } from '../../src/domain/ports/inbound/torrent-list-admin.ts'
import type { AddOptions, ListEntry, StoredListEntry } from '../../src/domain/ports/outbound/torrent-list-store.ts'
import { FakeTrouble } from './fake-trouble.ts'

/** A list of torrents in a Map. */
export class MemoryListAdmin implements TorrentListAdmin {
  readonly trouble = new FakeTrouble()
  readonly #entries = new Map<InfoHash, StoredListEntry>()
  #position = 0
  /** Maximum number of entries. */
  capacity = Number.POSITIVE_INFINITY
  /** Seconds since 1970. */
  nowSeconds: number | undefined = 1_700_000_000

  get isAvailable(): boolean {
    return this.trouble.isAvailable
  }

  async add(entries: readonly ListEntry[], { replacesReasons }: AddOptions = {}): Promise<readonly InfoHash[]> {
    await this.trouble.await()
    const fresh = new Set(entries.map(({ infoHash }) => infoHash).filter((hash) => !this.#entries.has(hash)))
    if (this.#entries.size + fresh.size > this.capacity) throw this.trouble.full()
    for (const { infoHash, reason } of entries) {
      const known = this.#entries.get(infoHash)
      this.#entries.set(infoHash, {
        infoHash,
        reason:
          known === undefined || replacesReasons || fresh.has(infoHash) ? (reason ?? known?.reason) : known.reason,
        position: known?.position ?? ++this.#position,
        addedAtSeconds: known?.addedAtSeconds ?? this.nowSeconds,
      })
    }
    return [...fresh]
  }

  async remove(infoHashes: readonly InfoHash[]): Promise<readonly InfoHash[]> {
    await this.trouble.await()
    return infoHashes.filter((infoHash) => this.#entries.delete(infoHash))
  }

  async find(infoHash: InfoHash): Promise<StoredListEntry | undefined> {
    await this.trouble.await()
    return this.#entries.get(infoHash)
  }

  async page(after: number, limit: number): Promise<ListPage> {
    await this.trouble.await()
    const entries = [...this.#entries.values()].filter(({ position }) => position > after).slice(0, limit)
    return { entries, next: entries.length < limit ? undefined : entries.at(-1)?.position }
  }

  async count(): Promise<number> {
    await this.trouble.await()
    return this.#entries.size
  }

  reload(): Promise<number> {
    return this.count()
  }
}
