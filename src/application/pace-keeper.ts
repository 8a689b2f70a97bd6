// Runs the control loop of the announce interval: reads what all threads have counted, and writes the pace that they
// follow.

import { IntervalControl, type IntervalTarget } from '../domain/pacing/interval-control.ts'
import { writePace } from '../domain/pacing/pace-memory.ts'
import { type Counters, TrackerCounter } from '../domain/ports/outbound/counters.ts'
import type { SteadyClock } from '../domain/ports/outbound/steady-clock.ts'
import type { SwarmMemory } from '../domain/swarm/swarm-memory.ts'
import { swarmTotals } from '../domain/swarm/swarm-totals.ts'

export interface PaceKeeperDependencies {
  readonly swarms: SwarmMemory
  readonly counters: Counters
  readonly clock: SteadyClock
  /** Only this keeper writes it. */
  readonly pace: SharedArrayBuffer
}

/** What the loop has decided. */
export interface PaceDecision {
  readonly intervalSeconds: number
  /** The longest interval is not enough: replies have fewer peers. */
  readonly isShedding: boolean
}

export class PaceKeeper {
  readonly #control: IntervalControl
  readonly #dependencies: PaceKeeperDependencies
  readonly #words: Int32Array
  #announces: number
  #seconds: number

  /** To be created when the swarms of a snapshot are loaded, and before listeners open: it sets the first interval. */
  constructor(target: IntervalTarget, dependencies: PaceKeeperDependencies) {
    this.#dependencies = dependencies
    this.#words = new Int32Array(dependencies.pace)
    this.#control = new IntervalControl(target, this.#peers())
    this.#announces = this.#answered()
    this.#seconds = dependencies.clock.steadySeconds()
    writePace(this.#words, this.#control)
  }

  adjust(): PaceDecision {
    // Peers first: each comes from an announce, and the loop takes more peers than announces for loaded swarms.
    const peers = this.#peers()
    const answered = this.#answered()
    const now = this.#dependencies.clock.steadySeconds()
    const step = { elapsedSeconds: now - this.#seconds, announces: answered - this.#announces, peers }
    this.#announces = answered
    this.#seconds = now
    this.#control.step(step)
    writePace(this.#words, this.#control)
    return this.#control
  }

  #peers(): number {
    const { ipv4Peers, ipv6Peers } = swarmTotals(this.#dependencies.swarms)
    return ipv4Peers + ipv6Peers
  }

  /** Announces answered with an interval. */
  #answered(): number {
    const { counters } = this.#dependencies
    return (
      counters.total(TrackerCounter.announces_served) +
      counters.total(TrackerCounter.announces_refused_for_memory) +
      counters.total(TrackerCounter.announces_refused_for_share) +
      counters.total(TrackerCounter.announces_shed)
    )
  }
}
