// A database that is started together with the tracker may need a moment: the tracker waits for it.

import { CannotOpen } from '../../adapters/outbound/persistence/cannot-open.ts'

const FIRST_PAUSE_MILLISECONDS = 1000
const LONGEST_PAUSE_MILLISECONDS = 5000
const PATIENCE_MILLISECONDS = 60_000

export interface Waiting {
  readonly nowMilliseconds: () => number
  /** Rejects when there is something better to do than to wait. */
  readonly pause: (milliseconds: number) => Promise<void>
  /** Called once, at the first attempt that fails. */
  readonly away: (reason: CannotOpen) => void
  /** Called when it is there after all. */
  readonly there: () => void
}

/** Rejects like the last attempt. One that is under way is never left alone: it may be rewriting tables. */
export async function awaitDatabase<T>(open: () => Promise<T>, waiting: Waiting): Promise<T> {
  const end = waiting.nowMilliseconds() + PATIENCE_MILLISECONDS
  let pauseMilliseconds = 0
  for (;;) {
    try {
      const database = await open()
      if (pauseMilliseconds > 0) waiting.there()
      return database
    } catch (error) {
      if (!(error instanceof CannotOpen && error.isAway)) throw error
      if (pauseMilliseconds === 0) waiting.away(error)
      pauseMilliseconds = Math.min(2 * pauseMilliseconds || FIRST_PAUSE_MILLISECONDS, LONGEST_PAUSE_MILLISECONDS)
      if (waiting.nowMilliseconds() + pauseMilliseconds > end) throw error
    }
    await waiting.pause(pauseMilliseconds)
  }
}
