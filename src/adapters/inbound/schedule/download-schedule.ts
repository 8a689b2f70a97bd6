// Schedules writing the counts of completed downloads to the store: at an interval, after 1, 2, 4 ... 60 seconds while
// the store is unavailable, and at shutdown.

import type { DownloadKeeping } from '../../../domain/ports/inbound/download-keeping.ts'
import { Repeater } from './repeater.ts'

const FIRST_RETRY_MILLISECONDS = 1000
const MAX_RETRY_MILLISECONDS = 60_000
/** Granted even after the deadline: earlier shutdown steps may have spent the time waiting for a slow client. */
const MIN_STOP_MILLISECONDS = 800

/** Called once when an outage begins and once when it ends, not for each attempt. */
export interface StoreWatch {
  /** Counts are kept until the store is back. */
  unavailable(reason: unknown): void
  /** `torrents` counts were written. */
  available(torrents: number): void
}

export class DownloadSchedule {
  readonly #keeping: DownloadKeeping
  readonly #writes: Repeater<number>

  /** `flushSeconds` is the longest delay of a count while the store is available. */
  constructor(keeping: DownloadKeeping, flushSeconds: number, watch: StoreWatch) {
    this.#keeping = keeping
    this.#writes = new Repeater(() => keeping.flush(), {
      intervalMilliseconds: flushSeconds * 1000,
      backOff: { firstMilliseconds: FIRST_RETRY_MILLISECONDS, maxMilliseconds: MAX_RETRY_MILLISECONDS },
      done: (torrents, { failuresBefore }) => {
        if (failuresBefore > 0) watch.available(torrents)
      },
      failed: (reason, { failuresBefore }) => {
        if (failuresBefore === 0) watch.unavailable(reason)
      },
    })
  }

  start(): void {
    this.#writes.start()
  }

  /**
   * To be called when announces have ended: writes all counts, and retries until the deadline if the store is
   * unavailable. Resolves with the number of torrents whose counts could not be written. An available store gets a
   * moment even after the deadline.
   */
  async stop(deadlineMs: number): Promise<number> {
    this.#writes.stop()
    this.#keeping.collect()
    let timer: NodeJS.Timeout | undefined
    let isTooLate = false
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(
        () => {
          isTooLate = true
          resolve()
        },
        Math.max(deadlineMs, MIN_STOP_MILLISECONDS),
      )
    })
    while (this.#keeping.waiting > 0 && !isTooLate) {
      const isWritten = await Promise.race([this.#writes.run(), deadline])
      if (isWritten === false) await delay(FIRST_RETRY_MILLISECONDS, deadline)
      // There may be more than there was room for before.
      this.#keeping.collect()
    }
    clearTimeout(timer)
    return this.#keeping.waiting
  }
}

/** Resolves after the given time, or earlier with `other`. */
async function delay(milliseconds: number, other: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const elapsed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  await Promise.race([elapsed, other])
  clearTimeout(timer)
}
