// Watches what all threads count for signs of an attack: turns the mode on and off that the threads follow, and raises
// an alert at both moments.

import { type AttackBounds, type AttackChange, AttackDetector, type AttackSignal } from '../domain/attack-detector.ts'
import type { AttackMode } from '../domain/attack-mode.ts'
import type { AlertChannel } from '../domain/ports/outbound/alert-channel.ts'
import { type Counters, TrackerCounter } from '../domain/ports/outbound/counters.ts'
import type { SteadyClock } from '../domain/ports/outbound/steady-clock.ts'
import type { WallClock } from '../domain/ports/outbound/wall-clock.ts'

/** A signal, and the counters whose sums it is compared by. */
export interface WatchedSignal extends AttackSignal {
  readonly bad: readonly number[]
  readonly served: readonly number[]
}

export interface AttackWatchDependencies {
  readonly counters: Counters
  readonly clock: SteadyClock
  readonly wallClock: WallClock
  readonly mode: AttackMode
  /** Undefined: there is none. */
  readonly alerts: AlertChannel | undefined
}

interface Totals {
  readonly bad: number
  readonly served: number
}

export class AttackWatch {
  readonly #signals: readonly WatchedSignal[]
  readonly #detector: AttackDetector
  readonly #dependencies: AttackWatchDependencies
  #totals: readonly Totals[]
  #seconds: number

  constructor(signals: readonly WatchedSignal[], bounds: AttackBounds, dependencies: AttackWatchDependencies) {
    this.#signals = signals
    this.#detector = new AttackDetector(signals, bounds)
    this.#dependencies = dependencies
    this.#totals = this.#read()
    this.#seconds = dependencies.clock.steadySeconds()
  }

  /** To be called about once a second. Returns what has changed, for the log. */
  look(): AttackChange | undefined {
    const now = this.#dependencies.clock.steadySeconds()
    const elapsed = now - this.#seconds
    // Whole seconds: two calls may be in the same one, and then the next call counts for both.
    if (elapsed <= 0) return undefined
    const totals = this.#read()
    const counts = totals.map(({ bad, served }, i) => ({
      bad: bad - this.#totals[i].bad,
      served: served - this.#totals[i].served,
    }))
    this.#totals = totals
    this.#seconds = now
    const change = this.#detector.step(elapsed, counts)
    if (change !== undefined) this.#apply(change)
    return change
  }

  #read(): readonly Totals[] {
    const { counters } = this.#dependencies
    const sum = (indices: readonly number[]): number =>
      indices.reduce((total, index) => total + counters.total(index), 0)
    return this.#signals.map(({ bad, served }) => ({ bad: sum(bad), served: sum(served) }))
  }

  #apply(change: AttackChange): void {
    const { counters, wallClock, mode, alerts } = this.#dependencies
    const hasBegun = change.kind === 'began'
    mode.set(hasBegun)
    if (hasBegun) counters.add(TrackerCounter.attacks, 1)
    alerts?.raise({
      event: hasBegun ? 'attack_began' : 'attack_ended',
      atSeconds: Math.floor(wallClock.wallSeconds()),
      ...(change.kind === 'ended' && { durationSeconds: change.seconds }),
      rates: Object.fromEntries(change.rates.map(({ name, perSecond }) => [name, Math.round(perSecond)])),
    })
  }
}
