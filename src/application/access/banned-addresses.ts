// Answers the listeners whether an address is banned now. The clock is read for bans that end only.

import type { BanTable } from '../../domain/access/ban-table.ts'
import type { Family } from '../../domain/announce.ts'
import type { Bans } from '../../domain/ports/inbound/bans.ts'
import type { WallClock } from '../../domain/ports/outbound/wall-clock.ts'

export class BannedAddresses implements Bans {
  readonly #table: BanTable
  readonly #clock: WallClock

  constructor(table: BanTable, clock: WallClock) {
    this.#table = table
    this.#clock = clock
  }

  isBanned(family: Family, words: Int32Array, at: number): boolean {
    if (!this.#table.hasAny(family)) return false
    const until = this.#table.bannedUntil(family, words, at)
    return until !== 0 && (until === Number.POSITIVE_INFINITY || until >= this.#clock.wallSeconds())
  }
}
