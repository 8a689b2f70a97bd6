// Cleans up the swarms: removes peers that have not announced for longer than the peer timeout.

import type { CleanUp, Housekeeping } from '../domain/ports/inbound/housekeeping.ts'
import { type Counters, TrackerCounter } from '../domain/ports/outbound/counters.ts'
import type { SteadyClock } from '../domain/ports/outbound/steady-clock.ts'
import type { Sweeper } from '../domain/swarm/sweeper.ts'

/** The operator's settings for clean-ups. */
export interface CleanUpPolicy {
  readonly peerTimeoutSeconds: number
  /** Torrents without peers are removed even though their completed downloads are lost. */
  readonly dropsEmptyTorrents: boolean
}

export class TrackerHousekeeping implements Housekeeping {
  readonly #sweeper: Sweeper
  readonly #policy: CleanUpPolicy
  readonly #clock: SteadyClock
  readonly #counters: Counters
  #peersBefore = 0
  #torrentsBefore = 0

  constructor(sweeper: Sweeper, policy: CleanUpPolicy, clock: SteadyClock, counters: Counters) {
    this.#sweeper = sweeper
    this.#policy = policy
    this.#clock = clock
    this.#counters = counters
  }

  cleanUpSlice(): CleanUp | undefined {
    const cutoff = this.#clock.steadySeconds() - this.#policy.peerTimeoutSeconds
    if (!this.#sweeper.slice(cutoff, this.#policy.dropsEmptyTorrents)) return undefined
    const peersRemoved = this.#sweeper.peersRemoved - this.#peersBefore
    const torrentsRemoved = this.#sweeper.torrentsRemoved - this.#torrentsBefore
    this.#peersBefore += peersRemoved
    this.#torrentsBefore += torrentsRemoved
    this.#counters.add(TrackerCounter.peers_expired, peersRemoved)
    return { peersRemoved, torrentsRemoved }
  }
}
