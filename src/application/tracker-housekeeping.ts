// Cleans up the swarms: who has not announced for longer than the peer timeout is gone.

import type { CleanUp, Housekeeping } from '../domain/ports/inbound/housekeeping.ts'
import type { Clock } from '../domain/ports/outbound/clock.ts'
import { type Counters, TrackerCounter } from '../domain/ports/outbound/counters.ts'
import type { Sweeper } from '../domain/swarm/sweeper.ts'

/** What an operator decides about clean-ups. */
export interface CleanUpPolicy {
  readonly peerTimeoutSeconds: number
  /** Torrents without peers go even when their completed downloads are forgotten with them. */
  readonly dropsEmptyTorrents: boolean
}

export class TrackerHousekeeping implements Housekeeping {
  readonly #sweeper: Sweeper
  readonly #policy: CleanUpPolicy
  readonly #clock: Clock
  readonly #counters: Counters
  #peersBefore = 0
  #torrentsBefore = 0

  constructor(sweeper: Sweeper, policy: CleanUpPolicy, clock: Clock, counters: Counters) {
    this.#sweeper = sweeper
    this.#policy = policy
    this.#clock = clock
    this.#counters = counters
  }

  cleanUpSlice(): CleanUp | undefined {
    const cutoff = this.#clock.nowSeconds() - this.#policy.peerTimeoutSeconds
    if (!this.#sweeper.slice(cutoff, this.#policy.dropsEmptyTorrents)) return undefined
    const peersRemoved = this.#sweeper.peersRemoved - this.#peersBefore
    const torrentsRemoved = this.#sweeper.torrentsRemoved - this.#torrentsBefore
    this.#peersBefore += peersRemoved
    this.#torrentsBefore += torrentsRemoved
    this.#counters.add(TrackerCounter.peers_expired, peersRemoved)
    return { peersRemoved, torrentsRemoved }
  }
}
