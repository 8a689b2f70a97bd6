// Keeps a list of torrents, whitelist or blocklist: in the store, and as marks in the memory that all threads read.

import { Mark, type TorrentMarks } from '../../domain/access/torrent-marks.ts'
import { INFO_HASH_WORDS, type InfoHash, infoHashToWords } from '../../domain/info-hash.ts'
import type { ListPage, TorrentListAdmin } from '../../domain/ports/inbound/torrent-list-admin.ts'
import type {
  AddOptions,
  ListEntry,
  StoredListEntry,
  TorrentListStore,
} from '../../domain/ports/outbound/torrent-list-store.ts'
import { type MirrorDependencies, MirroredStore } from './mirrored-store.ts'
import type { TableRoom } from './table-room.ts'

/** Entries of a bulk change marked before other work gets a turn: about two milliseconds of work. */
const SLICE_ENTRIES = 1000
const EITHER_MARK = Mark.Listed | Mark.Blocked

/** Where a list's entries are looked up; the room is shared by both lists. */
export interface MarkedList {
  readonly marks: TorrentMarks
  readonly mark: Mark
  readonly room: TableRoom
}

function positionOf({ position }: StoredListEntry): number {
  return position
}

export class TorrentListKeeper implements TorrentListAdmin {
  readonly isAvailable = true

  readonly #store: TorrentListStore
  readonly #list: MarkedList
  readonly #dependencies: MirrorDependencies
  readonly #mirrored: MirroredStore<StoredListEntry>
  readonly #words = new Int32Array(INFO_HASH_WORDS)

  constructor(store: TorrentListStore, list: MarkedList, dependencies: MirrorDependencies) {
    const { marks, mark, room } = list
    this.#store = store
    this.#list = list
    this.#dependencies = dependencies
    const mirror = {
      page: (after: number, limit: number) => store.page(after, limit),
      positionOf,
      begin: () => marks.beginReload(mark),
      put: (rows: readonly StoredListEntry[]) => {
        // Entries of the other list take no more room, and cannot be removed before they are marked: nothing else runs
        // in between.
        room.expect(this.#unmarked(rows, EITHER_MARK).size)
        this.#mark(rows)
      },
      endSlice: () => marks.endReload(mark),
    }
    this.#mirrored = new MirroredStore(mirror, dependencies)
  }

  add(entries: readonly ListEntry[], options?: AddOptions): Promise<readonly InfoHash[]> {
    return this.#mirrored.change(async () => {
      const unmarked = new Set<InfoHash>()
      await this.#inSlices(entries, (slice) => {
        for (const infoHash of this.#unmarked(slice)) unmarked.add(infoHash)
      })
      const { room } = this.#list
      let reserved = unmarked.size
      room.reserve(reserved)
      try {
        const added = await this.#mirrored.write(() => this.#store.add(entries, options))
        await this.#inSlices(entries, (slice) => {
          const taken = this.#unmarked(slice).size
          this.#mark(slice)
          room.release(taken)
          reserved -= taken
        })
        return added
      } finally {
        room.release(reserved)
      }
    })
  }

  remove(infoHashes: readonly InfoHash[]): Promise<readonly InfoHash[]> {
    return this.#mirrored.change(async () => {
      const removed = await this.#mirrored.write(() => this.#store.remove(infoHashes))
      await this.#inSlices(infoHashes, (slice) => this.#unmark(slice))
      return removed
    })
  }

  find(infoHash: InfoHash): Promise<StoredListEntry | undefined> {
    return this.#mirrored.read(() => this.#store.find(infoHash))
  }

  async page(after: number, limit: number): Promise<ListPage> {
    const { rows, next } = await this.#mirrored.page(after, limit)
    return { entries: rows, next }
  }

  count(): Promise<number> {
    return this.#mirrored.read(() => this.#store.count())
  }

  /** `progress` receives the number of entries read so far. */
  reload(progress?: (entries: number) => void): Promise<number> {
    return this.#mirrored.reload(progress)
  }

  /** The entries that do not have the mark yet. */
  #unmarked(entries: readonly ListEntry[], mark: number = this.#list.mark): ReadonlySet<InfoHash> {
    const { marks } = this.#list
    const unmarked = new Set<InfoHash>()
    for (const { infoHash } of entries) {
      infoHashToWords(infoHash, this.#words, 0)
      if ((marks.marksOf(this.#words, 0) & mark) === 0) unmarked.add(infoHash)
    }
    return unmarked
  }

  /** Marks all, including those already marked: a reload has to see them. */
  #mark(entries: readonly ListEntry[]): void {
    const { marks, mark } = this.#list
    for (const { infoHash } of entries) {
      infoHashToWords(infoHash, this.#words, 0)
      if (!marks.mark(this.#words, 0, mark)) throw new Error('the table of torrents is full despite the reserved room')
    }
  }

  #unmark(infoHashes: readonly InfoHash[]): void {
    for (const infoHash of infoHashes) {
      infoHashToWords(infoHash, this.#words, 0)
      this.#list.marks.unmark(this.#words, 0, this.#list.mark)
    }
  }

  async #inSlices<T>(all: readonly T[], work: (slice: readonly T[]) => void): Promise<void> {
    for (let at = 0; at < all.length; at += SLICE_ENTRIES) {
      if (at > 0) await this.#dependencies.pause.rest()
      work(all.slice(at, at + SLICE_ENTRIES))
    }
  }
}
