// At start, before the first announce: loads what the store holds into the memory that all threads read, page by page.

import { INFO_HASH_WORDS, infoHashToWords } from '../domain/info-hash.ts'
import type { DownloadStore, StoredDownloadCount } from '../domain/ports/outbound/download-store.ts'
import type { Pause } from '../domain/ports/outbound/pause.ts'
import type { SteadyClock } from '../domain/ports/outbound/steady-clock.ts'
import type { SwarmRegistry } from '../domain/swarm/swarm-registry.ts'
import { nextAfter, PAGE_ROWS, pageByPage } from './page-by-page.ts'

/** A list or the keys. */
export interface ReloadableKeeper {
  count(): Promise<number>
  reload(progress: (rows: number) => void): Promise<number>
}

/** What to restore; undefined for what the tracker does not use. */
export interface Restorables {
  readonly whitelist: ReloadableKeeper | undefined
  readonly blocklist: ReloadableKeeper | undefined
  readonly keys: ReloadableKeeper | undefined
  readonly bans?: ReloadableKeeper | undefined
  readonly downloads: DownloadStore | undefined
}

/** Rows read; undefined for what was not restored. */
export interface Restored {
  readonly whitelist: number | undefined
  readonly blocklist: number | undefined
  readonly keys: number | undefined
  readonly bans?: number | undefined
  readonly downloads: RestoredDownloads | undefined
}

export interface RestoredDownloads {
  readonly torrents: number
  /** Torrents whose counts found no room among the swarms; in the store they are unchanged. */
  readonly withoutRoom: number
}

export interface RestoreProgress {
  readonly what: keyof Restorables
  readonly rows: number
  readonly of: number
}

export interface RestoreDependencies {
  readonly clock: SteadyClock
  readonly pause: Pause
}

export class Restore {
  readonly #registry: SwarmRegistry
  readonly #dependencies: RestoreDependencies
  readonly #progress: (progress: RestoreProgress) => void
  #reportedAt = 0

  /** `progress` is called at most once a second. */
  constructor(
    registry: SwarmRegistry,
    dependencies: RestoreDependencies,
    progress: (progress: RestoreProgress) => void,
  ) {
    this.#registry = registry
    this.#dependencies = dependencies
    this.#progress = progress
    this.#reportedAt = dependencies.clock.steadySeconds()
  }

  /** Call it only once: counts are added to those of the swarms. Rejects as the stores and the tables do. */
  async run({ whitelist, blocklist, keys, bans, downloads }: Restorables): Promise<Restored> {
    return {
      whitelist: whitelist && (await this.#reload('whitelist', whitelist)),
      blocklist: blocklist && (await this.#reload('blocklist', blocklist)),
      keys: keys && (await this.#reload('keys', keys)),
      bans: bans && (await this.#reload('bans', bans)),
      downloads: downloads && (await this.#remember(downloads)),
    }
  }

  async #reload(what: RestoreProgress['what'], from: ReloadableKeeper): Promise<number> {
    const of = await from.count()
    return from.reload((rows) => this.#report({ what, rows, of }))
  }

  async #remember(store: DownloadStore): Promise<RestoredDownloads> {
    const of = await store.count()
    const words = new Int32Array(INFO_HASH_WORDS)
    let torrents = 0
    let withoutRoom = 0
    const readPage = async (after: number): Promise<number | undefined> => {
      const rows = await store.page(after, PAGE_ROWS)
      for (const { infoHash, completed } of rows) {
        infoHashToWords(infoHash, words, 0)
        if (completed > 0 && !this.#registry.remember(words, 0, completed)) withoutRoom++
      }
      torrents += rows.length
      this.#report({ what: 'downloads', rows: torrents, of })
      return nextAfter(rows, PAGE_ROWS, ({ position }: StoredDownloadCount) => position)
    }
    await pageByPage(readPage, this.#dependencies.pause)
    return { torrents, withoutRoom }
  }

  #report(progress: RestoreProgress): void {
    const now = this.#dependencies.clock.steadySeconds()
    if (now <= this.#reportedAt) return
    this.#reportedAt = now
    this.#progress(progress)
  }
}
