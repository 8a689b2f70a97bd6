// Waits for a database that is started together with the tracker and needs more time.

import { DatabaseOpenError } from '../../adapters/outbound/persistence/database-open-error.ts'

const FIRST_PAUSE_MILLISECONDS = 1000
const MAX_PAUSE_MILLISECONDS = 5000
const TIMEOUT_MILLISECONDS = 60_000

export interface AwaitDatabaseOptions {
  readonly nowMilliseconds: () => number
  /** Rejects if waiting is to end early. */
  readonly pause: (milliseconds: number) => Promise<void>
  /** Called once, when the first attempt fails. */
  readonly away: (reason: DatabaseOpenError) => void
  /** Called if it becomes available. */
  readonly there: () => void
}

/** Rejects like the last attempt. A running attempt is always awaited: it may be rewriting tables. */
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
