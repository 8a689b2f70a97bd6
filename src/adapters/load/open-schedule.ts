// The open loop: when each request is due, whatever has become of those before it. Latency is measured from this
// moment, so that a tracker that stalls is charged with every request that it has kept waiting (no coordinated
// omission).

import { LoadPhase } from './load-memory.ts'

export class OpenSchedule {
  readonly #microsecondsEach: number
  /** Infinity: nothing is due yet. */
  #startedAt = Number.POSITIVE_INFINITY
  #endedAt = Number.POSITIVE_INFINITY
  #taken = 0

  /** `perSecond`: requests of this thread. */
  constructor(perSecond: number) {
    this.#microsecondsEach = 1_000_000 / perSecond
  }

  /**
   * Requests are due from the first phase on that loads; a thread need not see each. Those that were due before the
   * drain can still be taken in it. Times are in microseconds of any steady clock.
   */
  enter(phase: LoadPhase, now: number): void {
    if (phase >= LoadPhase.Load && this.#startedAt > now) this.#startedAt = now
    if (phase === LoadPhase.Drain) this.#endedAt = now
  }

  /** How many requests are due at `now` and have not been taken. */
  backlog(now: number): number {
    if (this.#startedAt > now) return 0
    const elapsed = Math.min(now, this.#endedAt) - this.#startedAt
    return Math.floor(elapsed / this.#microsecondsEach) + 1 - this.#taken
  }

  /** Takes the next request; returns when it was due. */
  take(): number {
    return this.#startedAt + this.#taken++ * this.#microsecondsEach
  }

  /** Takes all that are due at `until`; returns how many of them are due at `from` or later. */
  giveUp(from: number, until: number): number {
    const backlog = this.backlog(until)
    if (backlog <= 0) return 0
    const before = Math.ceil((from - this.#startedAt) / this.#microsecondsEach)
    const first = Math.max(this.#taken, before)
    this.#taken += backlog
    return Math.max(0, this.#taken - first)
  }

  /** How long until the next request is due; negative: it is late. */
  untilNext(now: number): number {
    return this.#startedAt + this.#taken * this.#microsecondsEach - now
  }
}
