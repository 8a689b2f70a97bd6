// No caller waits for a store beyond the deadline. Work that has begun continues without its caller, so that memory
// follows the store in any case.

import type { Timer } from '../../domain/ports/outbound/timer.ts'
import { Refusal } from '../../domain/refusal.ts'

export const DEADLINE_MILLISECONDS = 10_000

export interface Deadline {
  /** True once the caller has been refused; work that has not begun must not begin then. */
  readonly hasPassed: boolean
  /** Restarts the deadline, when the work has made progress. */
  readonly extend: () => void
}

/** Rejects with a `Refusal` 'store-unavailable' when `work` takes longer. */
export function withinDeadline<T>(timer: Timer, work: (deadline: Deadline) => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const deadline = { hasPassed: false, extend }
    let cancel = start()
    function start(): () => void {
      return timer.start(DEADLINE_MILLISECONDS, () => {
        deadline.hasPassed = true
        reject(lateRefusal())
      })
    }
    function extend(): void {
      if (deadline.hasPassed) return
      cancel()
      cancel = start()
    }
    // After the deadline both do nothing.
    work(deadline)
      .then(resolve, reject)
      .finally(() => cancel())
  })
}

export function lateRefusal(): Refusal {
  return new Refusal('store-unavailable', 'the database has not answered in time')
}
