// The hot lane's use case: places a peer by policy, lets the swarms do their work, and says when to come back.

import type { Credentials } from '../domain/access-key.ts'
import type { AnnounceReply, AnnounceRequest } from '../domain/announce.ts'
import { AnnounceEvent } from '../domain/announce.ts'
import { type AnnounceIntervals, LONGEST_INTERVAL_SECONDS } from '../domain/announce-intervals.ts'
import type { PeerPolicy } from '../domain/peer-policy.ts'
import type { Tracker } from '../domain/ports/inbound/tracker.ts'
import type { Clock } from '../domain/ports/outbound/clock.ts'
import { Counter, type Counters } from '../domain/ports/outbound/counters.ts'
import type { SwarmCounts } from '../domain/scrape.ts'
import type { Dice } from '../domain/swarm/dice.ts'
import type { SwarmRegistry } from '../domain/swarm/swarm-registry.ts'
import { Verdict } from '../domain/verdict.ts'

export class SwarmTracker implements Tracker {
  readonly #registry: SwarmRegistry
  readonly #policy: PeerPolicy
  readonly #clock: Clock
  readonly #counters: Counters
  readonly #dice: Dice
  readonly #interval: number
  readonly #minInterval: number
  /** Intervals are spread over this many seconds. */
  readonly #spread: number
  #evictions = 0

  constructor(registry: SwarmRegistry, policy: PeerPolicy, intervals: AnnounceIntervals, outside: TrackerOutside) {
    this.#registry = registry
    this.#policy = policy
    this.#clock = outside.clock
    this.#counters = outside.counters
    this.#dice = outside.dice
    this.#interval = intervals.intervalSeconds
    this.#minInterval = intervals.minIntervalSeconds
    this.#spread = Math.max(1, Math.floor(intervals.intervalSeconds * intervals.jitter))
  }

  announce(request: AnnounceRequest, reply: AnnounceReply): Verdict {
    if (request.port === 0 && request.event !== AnnounceEvent.Stopped) {
      return refuse(request, Verdict.InvalidPort)
    }
    if (!this.#policy.place(request)) return refuse(request, Verdict.UnusableAddress)
    request.nowSeconds = this.#clock.nowSeconds()
    const verdict = this.#registry.announce(request, reply)
    reply.warning = this.#policy.warning
    reply.minIntervalSeconds = this.#minInterval
    reply.intervalSeconds = this.#interval + this.#dice.below(this.#spread)
    if (verdict === Verdict.Full) {
      const longest = Math.max(reply.intervalSeconds, LONGEST_INTERVAL_SECONDS)
      reply.intervalSeconds = Math.min(2 * reply.intervalSeconds, longest)
      this.#counters.add(Counter.announces_refused_for_memory, 1)
    } else this.#counters.add(Counter.announces_served, 1)
    if (this.#registry.evictions !== this.#evictions) this.#countEvictions()
    return verdict
  }

  lookAhead(requests: readonly AnnounceRequest[], count: number): void {
    this.#registry.lookAhead(requests, count)
  }

  #countEvictions(): void {
    this.#counters.add(Counter.swarms_evicted, this.#registry.evictions - this.#evictions)
    this.#evictions = this.#registry.evictions
  }

  scrape(words: Int32Array, infoHashAt: number, _credentials: Credentials, counts: SwarmCounts): void {
    this.#registry.scrape(words, infoHashAt, counts)
  }
}

/** What was found by looking ahead must not be taken for the next announce in the same record. */
function refuse(request: AnnounceRequest, verdict: Verdict): Verdict {
  request.slot = 0
  return verdict
}

/** What a tracker needs from outside. */
export interface TrackerOutside {
  readonly clock: Clock
  readonly counters: Counters
  readonly dice: Dice
}
