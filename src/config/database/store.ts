// The part of the tracker that exists only with a database: administration, restoring what is stored, and writing
// download counts in the background.

import { DownloadSchedule } from '../../adapters/inbound/schedule/download-schedule.ts'
import { Repeater } from '../../adapters/inbound/schedule/repeater.ts'
import { errorMessage } from '../../domain/error-message.ts'
import { pluralize } from '../../domain/pluralize.ts'
import { DownloadKeeping } from '../../domain/ports/inbound/download-keeping.ts'
import { Counters } from '../../domain/ports/outbound/counters.ts'
import { DownloadStore } from '../../domain/ports/outbound/download-store.ts'
import { KeyStore } from '../../domain/ports/outbound/key-store.ts'
import { Measurements } from '../../domain/ports/outbound/measurements.ts'
import { WhitelistStore } from '../../domain/ports/outbound/torrent-list-store.ts'
import { WallClock } from '../../domain/ports/outbound/wall-clock.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Lifecycle } from '../process/lifecycle.ts'
import type { Logger } from '../process/logger.ts'
import type { AccessSettings, DatabaseSettings, Settings } from '../settings/settings.ts'
import { bindAdministration, bindDownloads } from '../wiring/bind-administration.ts'
import type { Bindings } from '../wiring/bindings.ts'
import { BansPart, Expiry } from '../wiring/parts.ts'
import { openStore, type StoreDependencies } from './open-store.ts'
import { reloadLists, restoreState } from './restore-state.ts'

const LOOK_MILLISECONDS = 60_000

/** The part of the start's dependencies that concerns the database. */
type StoreStartDependencies = Pick<StoreDependencies, 'logger' | 'unlessStopped'> & { readonly lifecycle: Lifecycle }

export class Store {
  readonly #settings: Settings
  readonly #bindings: Bindings
  readonly #logger: Logger
  #schedule: DownloadSchedule | undefined

  constructor(settings: Settings, bindings: Bindings, logger: Logger) {
    this.#settings = settings
    this.#bindings = bindings
    this.#logger = logger
  }

  /**
   * Opens the database and migrates it; to be called before anything listens. What is added to `lifecycle` here stops
   * after what is added later. Rejects with a message for the operator if the database cannot be used, or like
   * `unlessStopped` while it waits for an unavailable one. The returned function pings the database.
   */
  async open(
    database: DatabaseSettings,
    { lifecycle, logger, unlessStopped }: StoreStartDependencies,
  ): Promise<() => Promise<void>> {
    const { get } = this.#bindings
    const dependencies = {
      clock: get(WallClock),
      counters: get(Counters),
      measurements: get(Measurements),
      logger,
      unlessStopped,
    }
    const store = await openStore(database, dependencies)
    lifecycle.add('the database', () => store.close())
    lifecycle.add('the download counts', (deadlineMs) => this.#writeTheRest(deadlineMs))
    bindAdministration(this.#bindings, store, this.#settings)
    return () => store.ping()
  }

  /** The access that keys and whitelist in the database are for. */
  async impliedAccess(): Promise<Pick<AccessSettings, 'isListed' | 'isPrivate'>> {
    const { get } = this.#bindings
    const listed = await get(WhitelistStore).page(0, 1)
    const keys = await get(KeyStore).page(0, 1)
    return { isListed: listed.length > 0, isPrivate: keys.length > 0 }
  }

  /** Loads what the database holds into memory. Does not write to it, and fails if it fails. */
  async restore(): Promise<void> {
    await restoreState(this.#bindings, this.#settings, this.#logger)
  }

  /** After a take-over: lists and keys may have changed since they were read. */
  async refresh(): Promise<void> {
    await reloadLists(this.#bindings, this.#settings)
  }

  /** Publishes expired keys as events, if keys expire. */
  watchKeys(lifecycle: Lifecycle): void {
    if (!this.#settings.access.checkKeysExpiration) return
    const expiry = this.#bindings.get(Expiry)
    const looks = new Repeater(() => expiry.look(), {
      intervalMilliseconds: LOOK_MILLISECONDS,
      failed: (error) => {
        this.#logger.log('error', 'EVENTS', `internal error: expired keys: ${errorMessage(error)}`)
      },
    })
    looks.start()
    lifecycle.add('the check for expired keys', () => looks.stop())
  }

  /** Removes expired bans from memory and database. */
  dropExpiredBans(lifecycle: Lifecycle): void {
    const bans = this.#bindings.get(BansPart)
    const drops = new Repeater(() => bans.removeExpired(), {
      intervalMilliseconds: LOOK_MILLISECONDS,
      failed: (error) => {
        // An unavailable database has been reported, and the next round comes in a minute.
        if (error instanceof Refusal) return
        this.#logger.log('error', 'DATABASE', `internal error: expired bans: ${errorMessage(error)}`)
      },
    })
    drops.start()
    lifecycle.add('the removal of expired bans', () => drops.stop())
  }

  /** To be called once no other process writes counts to the database. */
  async keepDownloads(): Promise<void> {
    const { peers } = this.#settings
    if (!peers.keepCompletedCounts) return
    const { get } = this.#bindings
    const store = get(DownloadStore)
    bindDownloads(this.#bindings, { lastBatch: await store.lastBatch(), total: await store.total() })
    this.#schedule = new DownloadSchedule(get(DownloadKeeping), peers.completedWriteIntervalSeconds, {
      unavailable: (reason) => {
        this.#logger.log(
          'error',
          'DATABASE',
          `download counts cannot be written and are held in memory: ${errorMessage(reason)}`,
        )
      },
      available: (torrents) =>
        this.#logger.log(
          'info',
          'DATABASE',
          `the database is available again: download counts of ${pluralize(torrents, 'torrent')} written`,
        ),
    })
    this.#schedule.start()
  }

  /** Rejects if some counts are lost with the process. */
  async #writeTheRest(deadlineMs: number): Promise<void> {
    const unwritten = (await this.#schedule?.stop(deadlineMs)) ?? 0
    if (unwritten === 0) return
    throw new Error(`download counts of ${pluralize(unwritten, 'torrent')} may not have been written`)
  }
}
