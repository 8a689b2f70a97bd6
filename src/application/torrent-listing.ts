// Lists torrents in ascending order of hashes, any number of them, without holding more than a window of them. Each
// scan finds the next rows, as many as the budget allows; readers take them in pieces, and none delays another.

import type { Cancellation } from '../domain/cancellation.ts'
import type { TorrentRow } from '../domain/ports/inbound/torrent-queries.ts'
import { findListStart } from './list-start.ts'
import { RowBudget } from './row-budget.ts'
import { RowCollector } from './row-collector.ts'
import { RowWindow } from './row-window.ts'
import type { TorrentScans } from './torrent-scans.ts'

/** Rows handed out at once: about a millisecond of work. */
const PIECE_ROWS = 250

export class TorrentListing {
  readonly #scans: TorrentScans
  readonly #budget: RowBudget
  /** One for all lists: only the scan whose turn it is uses it. */
  readonly #collector: RowCollector

  constructor(scans: TorrentScans, budget = new RowBudget()) {
    this.#scans = scans
    this.#budget = budget
    this.#collector = new RowCollector(budget.maxGranted)
  }

  async *list(offset: number, limit: number, signal: Cancellation): AsyncGenerator<readonly TorrentRow[]> {
    if (limit === 0) return
    const start = await this.#scans.inTurn(() => findListStart(this.#scans, offset, signal))
    if (start === undefined) return
    const rows = start.skip + limit
    const granted = this.#budget.take(Math.min(rows, this.#scans.torrents + 1))
    try {
      const window = new RowWindow(granted)
      let after = start.after
      let skip = start.skip
      for (let left = rows; left > 0; ) {
        const wanted = Math.min(left, granted)
        const found = await this.#fill(window, after, wanted, signal)
        left = found < wanted ? 0 : left - found
        for (; skip > 0 && !window.isEmpty; skip--) window.take(1)
        while (!window.isEmpty) yield window.take(PIECE_ROWS)
        after = window.last
      }
    } finally {
      this.#budget.release(granted)
    }
  }

  /**
   * Fills the window with the first `limit` rows after the one with those sort keys; resolves with the number found, 0
   * when cancelled.
   */
  #fill(window: RowWindow, after: Int32Array | undefined, limit: number, signal: Cancellation): Promise<number> {
    const collector = this.#collector
    return this.#scans.inTurn(async () => {
      collector.begin(after, limit)
      const isComplete = await this.#scans.scan(collector.consider, signal, () => collector.discardSurplus())
      return isComplete ? window.fill(collector.found()) : 0
    })
  }
}
