import type { Timer } from '../../src/domain/ports/outbound/timer.ts'

/** Time that passes when it is told to. */
export class ManualTimer implements Timer {
  #now = 0
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>()

  start(milliseconds: number, callback: () => void): () => void {
    const timer = { at: this.#now + milliseconds, callback }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** Timers that have neither fired nor been cancelled. */
  get pending(): number {
    return this.#timers.size
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds
    for (const timer of this.#timers) {
      if (timer.at > this.#now) continue
      this.#timers.delete(timer)
      timer.callback()
    }
  }
}
