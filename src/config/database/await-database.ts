// A database that is started together with the tracker may need a moment: the tracker waits for it.

import { DatabaseOpenError } from '../../adapters/outbound/persistence/database-open-error.ts'

const FIRST_PAUSE_MILLISECONDS = 1000
const MAX_PAUSE_MILLISECONDS = 5000
const TIMEOUT_MILLISECONDS = 60_000

export interface AwaitDatabaseOptions {
  readonly nowMilliseconds: () => number
  /** Rejects when there is something better to do than to wait. */
  readonly pause: (milliseconds: number) => Promise<void>
  /** Called once, at the first attempt that fails. */
  readonly away: (reason: DatabaseOpenError) => void
  /** Called when it is there after all. */
  readonly there: () => void
}

/** Rejects like the last attempt. One that is under way is never left alone: it may be rewriting tables. */
export async function awaitDatabase<T>(open: () => Promise<T>, options: AwaitDatabaseOptions): Promise<T> {
  const end = options.nowMilliseconds() + TIMEOUT_MILLISECONDS
  let pauseMilliseconds = 0
  for (;;) {
    try {
      const database = await open()
      if (pauseMilliseconds > 0) options.there()
      return database
    } catch (error) {
      if (!(error instanceof DatabaseOpenError && error.isTransient)) throw error
      if (pauseMilliseconds === 0) options.away(error)
      pauseMilliseconds = Math.min(2 * pauseMilliseconds || FIRST_PAUSE_MILLISECONDS, MAX_PAUSE_MILLISECONDS)
      if (options.nowMilliseconds() + pauseMilliseconds > end) throw error
    }
    await options.pause(pauseMilliseconds)
  }
}
