// Keeps the bans: in the store, and in the table that all threads read.

import type { BanTable } from '../../domain/access/ban-table.ts'
import { networkOf } from '../../domain/address-ranges.ts'
import { Family } from '../../domain/announce.ts'
import type { Ban, StoredBan } from '../../domain/ban.ts'
import type { BanAdmin, BanPage } from '../../domain/ports/inbound/ban-admin.ts'
import type { BanStore } from '../../domain/ports/outbound/ban-store.ts'
import type { WallClock } from '../../domain/ports/outbound/wall-clock.ts'
import { nextAfter } from '../page-by-page.ts'
import { type MirrorDependencies, MirroredStore } from './mirrored-store.ts'
import type { TableRoom } from './table-room.ts'

/** Bans put into memory, or removed from it, before other work gets a turn. */
const SLICE_BANS = 1000
/** Expired bans that the store removes at once. */
const EXPIRED_AT_ONCE = 1000

/** Where bans are looked up. */
export interface KnownBans {
  readonly table: BanTable
  readonly room: TableRoom
}

export interface BanKeeperDependencies extends MirrorDependencies {
  readonly clock: WallClock
}

function positionOf({ position }: StoredBan): number {
  return position
}

export class BanKeeper implements BanAdmin {
  readonly isAvailable = true

  readonly #store: BanStore
  readonly #known: KnownBans
  readonly #dependencies: BanKeeperDependencies
  readonly #mirrored: MirroredStore<StoredBan>

  constructor(store: BanStore, known: KnownBans, dependencies: BanKeeperDependencies) {
    this.#store = store
    this.#known = known
    this.#dependencies = dependencies
    const mirror = {
      page: (after: number, limit: number) => store.page(after, limit),
      positionOf,
      begin: () => known.table.beginReload(),
      put: (rows: readonly StoredBan[]) => this.#putAll(rows.filter((ban) => this.#isInForce(ban))),
      endSlice: () => known.table.endReload(),
    }
    this.#mirrored = new MirroredStore(mirror, dependencies)
  }

  put(bans: readonly Ban[]): Promise<readonly StoredBan[]> {
    return this.#mirrored.change(async () => {
      const { table, room } = this.#known
      await this.#forgetExpired()
      // Bans are put only here, and changes run one at a time: the room will still be free when the store has answered.
      const ranges = new Map(bans.map(({ range }) => [range.text, range]))
      room.expect([...ranges.values()].filter((range) => !table.has(range)).length)
      const stored = await this.#mirrored.write(() => this.#store.put(bans))
      await this.#inSlices(stored, (slice) => this.#putAll(slice))
      return stored
    })
  }

  lift(ranges: readonly string[]): Promise<readonly StoredBan[]> {
    return this.#mirrored.change(async () => {
      const lifted = await this.#mirrored.write(() => this.#store.remove(ranges))
      await this.#inSlices(lifted, (slice) => {
        for (const { range } of slice) this.#known.table.remove(range)
      })
      return lifted
    })
  }

  async find(range: string): Promise<StoredBan | undefined> {
    const found = await this.#mirrored.read(() => this.#store.find(range))
    return found !== undefined && this.#isInForce(found) ? found : undefined
  }

  async covering(address: Uint8Array): Promise<readonly StoredBan[]> {
    const family = address.length === 4 ? Family.IPv4 : Family.IPv6
    const networks = this.#known.table.lengths(family).map((length) => networkOf(address, length))
    if (networks.length === 0) return []
    const found = await this.#mirrored.read(() => this.#store.among(networks))
    return found
      .filter((ban) => this.#isInForce(ban))
      .toSorted((one, other) => one.range.prefixBits - other.range.prefixBits)
  }

  async page(after: number, limit: number): Promise<BanPage> {
    const rows = await this.#mirrored.read(() => this.#store.page(after, limit))
    return { bans: rows.filter((ban) => this.#isInForce(ban)), next: nextAfter(rows, limit, positionOf) }
  }

  async count(): Promise<number> {
    return this.#known.table.count
  }

  /** `progress` receives the number of bans read so far. */
  reload(progress?: (bans: number) => void): Promise<number> {
    return this.#mirrored.reload(progress)
  }

  /**
   * Removes the bans that have ended from memory and store; resolves with how many the store had. Rejects as it does.
   */
  async removeExpired(): Promise<number> {
    let total = 0
    for (;;) {
      const removed = await this.#removeExpired()
      total += removed
      if (removed < EXPIRED_AT_ONCE) return total
      await this.#dependencies.pause.rest()
    }
  }

  /** A change of its own each time, so that others get a turn. */
  #removeExpired(): Promise<number> {
    return this.#mirrored.change(async () => {
      await this.#forgetExpired()
      const now = this.#dependencies.clock.wallSeconds()
      return this.#mirrored.write(() => this.#store.removeExpired(now, EXPIRED_AT_ONCE))
    })
  }

  async #forgetExpired(): Promise<void> {
    const now = this.#dependencies.clock.wallSeconds()
    let first: number | undefined = 0
    while (first !== undefined) {
      first = this.#known.table.removeExpired(first, now)
      if (first !== undefined) await this.#dependencies.pause.rest()
    }
  }

  #isInForce({ expiresAtSeconds }: Ban): boolean {
    return expiresAtSeconds === undefined || expiresAtSeconds >= this.#dependencies.clock.wallSeconds()
  }

  #putAll(bans: readonly StoredBan[]): void {
    const { table, room } = this.#known
    for (const { range, expiresAtSeconds } of bans) if (!table.put(range, expiresAtSeconds)) room.expect(1)
  }

  async #inSlices(bans: readonly StoredBan[], work: (slice: readonly StoredBan[]) => void): Promise<void> {
    for (let at = 0; at < bans.length; at += SLICE_BANS) {
      if (at > 0) await this.#dependencies.pause.rest()
      work(bans.slice(at, at + SLICE_BANS))
    }
  }
}
