// Time as somebody who carries completed downloads to the store: has them written every so often; while the store is away it tries
// again after 1, 2, 4 ... 60 seconds.

import type { DownloadKeeping } from '../../../domain/ports/inbound/download-keeping.ts'

const FIRST_RETRY_MILLISECONDS = 1000
const LONGEST_RETRY_MILLISECONDS = 60_000
/** However late it is: those who stop before may have used up the time, waiting for a stranger who is slow. */
const LEAST_STOP_MILLISECONDS = 800

/** Told once when it begins and once when it is over, not at each try. */
export interface StoreWatch {
  /** Counts are kept until the store is back. */
  away(reason: unknown): void
  /** `torrents` counts were written. */
  back(torrents: number): void
}

export class DownloadSchedule {
  readonly #keeping: DownloadKeeping
  readonly #flushMilliseconds: number
  readonly #watch: StoreWatch
  #flushing: NodeJS.Timeout | undefined
  #retryMilliseconds = 0
  #isStopped = false

  /** `flushSeconds` is how late a count may reach the store, as long as the store is there. */
  constructor(keeping: DownloadKeeping, flushSeconds: number, watch: StoreWatch) {
    this.#keeping = keeping
    this.#flushMilliseconds = flushSeconds * 1000
    this.#watch = watch
  }

  start(): void {
    this.#flushLater(this.#flushMilliseconds)
  }

  /**
   * To be called when nobody announces any more: writes what there is, and tries until the deadline if the store is away. Resolves
   * with the number of torrents whose counts could not be written. A store that is there has a moment even after the deadline.
   */
  async stop(deadlineMs: number): Promise<number> {
    this.#isStopped = true
    clearTimeout(this.#flushing)
    this.#keeping.collect()
    let isTooLate = false
    const deadline = new Promise<void>((resolve) => {
      this.#flushing = setTimeout(
        () => {
          isTooLate = true
          resolve()
        },
        Math.max(deadlineMs, LEAST_STOP_MILLISECONDS),
      )
    })
    while (this.#keeping.waiting > 0 && !isTooLate) {
      const isWritten = await Promise.race([this.#flush(), deadline])
      if (isWritten === false) await pass(FIRST_RETRY_MILLISECONDS, deadline)
      // There may be more than found room before.
      this.#keeping.collect()
    }
    clearTimeout(this.#flushing)
    return this.#keeping.waiting
  }

  #flushLater(milliseconds: number): void {
    if (this.#isStopped) return
    this.#flushing = setTimeout(async () => {
      const isWritten = await this.#flush()
      this.#flushLater(isWritten ? this.#flushMilliseconds : this.#retryMilliseconds)
    }, milliseconds)
  }

  /** False when the store is away. */
  async #flush(): Promise<boolean> {
    try {
      const torrents = await this.#keeping.flush()
      if (this.#retryMilliseconds !== 0) this.#watch.back(torrents)
      this.#retryMilliseconds = 0
      return true
    } catch (reason) {
      if (this.#retryMilliseconds === 0) this.#watch.away(reason)
      this.#retryMilliseconds = Math.min(
        Math.max(2 * this.#retryMilliseconds, FIRST_RETRY_MILLISECONDS),
        LONGEST_RETRY_MILLISECONDS,
      )
      return false
    }
  }
}

/** Resolves after so many milliseconds, or sooner with `other`. */
async function pass(milliseconds: number, other: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const passed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  await Promise.race([passed, other])
  clearTimeout(timer)
}
