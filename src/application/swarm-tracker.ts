// The hot lane's use case: checks that the announce is admitted, applies the peer policy, applies the announce to the
// swarms, and sets the intervals. While there are too many announces, some are only answered (CL-06).

import type { Admission } from '../domain/access/admission.ts'
import type { Credentials } from '../domain/access-key.ts'
import type { AnnounceReply, AnnounceRequest } from '../domain/announce.ts'
import { AnnounceEvent } from '../domain/announce.ts'
import { MAX_INTERVAL_SECONDS } from '../domain/announce-intervals.ts'
import type { AnnouncePace } from '../domain/pacing/announce-pace.ts'
import { ALL_ANNOUNCES, ALL_PEERS } from '../domain/pacing/pace-memory.ts'
import type { PeerPolicy } from '../domain/peer-policy.ts'
import type { Tracker } from '../domain/ports/inbound/tracker.ts'
import { type Counters, TrackerCounter } from '../domain/ports/outbound/counters.ts'
import { FactKind, type Facts } from '../domain/ports/outbound/facts.ts'
import type { SteadyClock } from '../domain/ports/outbound/steady-clock.ts'
import type { WallClock } from '../domain/ports/outbound/wall-clock.ts'
import type { SwarmCounts } from '../domain/scrape.ts'
import type { Random } from '../domain/swarm/random.ts'
import type { SwarmRegistry } from '../domain/swarm/swarm-registry.ts'
import { Verdict } from '../domain/verdict.ts'

export class SwarmTracker implements Tracker {
  readonly #registry: SwarmRegistry
  readonly #admission: Admission
  readonly #policy: PeerPolicy
  readonly #clock: SteadyClock
  readonly #wallClock: WallClock
  readonly #counters: Counters
  readonly #facts: Facts
  readonly #random: Random
  readonly #pace: AnnouncePace
  // What has been counted so far.
  #evictions = 0
  #replaced = 0
  #displaced = 0
  #refusals = 0
  #refused = 0

  constructor(
    registry: SwarmRegistry,
    admission: Admission,
    policy: PeerPolicy,
    pace: AnnouncePace,
    dependencies: TrackerDependencies,
  ) {
    this.#registry = registry
    this.#admission = admission
    this.#policy = policy
    this.#clock = dependencies.clock
    this.#wallClock = dependencies.wallClock
    this.#counters = dependencies.counters
    this.#facts = dependencies.facts
    this.#random = dependencies.random
    this.#pace = pace
  }

  announce(request: AnnounceRequest, reply: AnnounceReply): Verdict {
    let verdict = this.#admit(request)
    if (verdict === Verdict.Served) {
      const pace = this.#pace
      pace.follow()
      reply.warning = this.#policy.warning
      reply.minIntervalSeconds = pace.minIntervalSeconds
      reply.intervalSeconds = pace.intervalSeconds + this.#random.below(pace.spreadSeconds)
      verdict = this.#isShed(request) ? this.#shed(reply) : this.#apply(request, reply)
    }
    // Whatever the verdict: the next announce in this record must not use what was found for this one.
    request.clearPrefetched()
    return verdict
  }

  prefetch(requests: readonly AnnounceRequest[], count: number): void {
    this.#admission.prefetch(requests, count)
    this.#registry.prefetch(requests, count)
  }

  scrape(words: Int32Array, infoHashAt: number, credentials: Credentials, counts: SwarmCounts): void {
    if (this.#admission.admitsScrape(words, infoHashAt, credentials, this.#date())) {
      this.#registry.scrape(words, infoHashAt, counts)
    } else clearCounts(counts)
  }

  #admit(request: AnnounceRequest): Verdict {
    if (request.port === 0 && request.event !== AnnounceEvent.Stopped) return Verdict.InvalidPort
    request.nowSeconds = this.#clock.steadySeconds()
    const admitted = this.#admission.judgeAnnounce(request, this.#date())
    if (admitted !== Verdict.Served) return this.#rejectUnadmitted(admitted)
    return this.#policy.place(request) ? Verdict.Served : Verdict.UnusableAddress
  }

  #apply(request: AnnounceRequest, reply: AnnounceReply): Verdict {
    const peerShare = this.#pace.peerShare
    if (peerShare !== ALL_PEERS) request.numwant = (request.numwant * peerShare + ALL_PEERS - 1) >> 8
    const verdict = this.#registry.announce(request, reply)
    if (verdict === Verdict.Full) this.#putOff(reply)
    else this.#counters.add(TrackerCounter.announces_served, 1)
    if (this.#registry.evictions !== this.#evictions) this.#countEvictions()
    if (this.#registry.swarm.replaced !== this.#replaced) this.#countReplaced()
    if (this.#registry.swarm.displaced !== this.#displaced) this.#countDisplaced()
    if (this.#registry.swarm.refused !== this.#refused) this.#countRefused()
    if (reply.hasCompleted) this.#noteDownload(request)
    return verdict
  }

  /** What changes counts, or ends announces, is always applied. */
  #isShed(request: AnnounceRequest): boolean {
    const shedShare = this.#pace.shedShare
    if (shedShare === 0 || request.event === AnnounceEvent.Stopped || request.event === AnnounceEvent.Completed) {
      return false
    }
    return this.#random.below(ALL_ANNOUNCES) < shedShare
  }

  /** The client gets a valid reply without peers, and no swarm is touched (CL-06). */
  #shed(reply: AnnounceReply): Verdict {
    reply.seeders = 0
    reply.leechers = 0
    reply.completed = 0
    reply.hasCompleted = false
    reply.ipv4.count = 0
    reply.ipv6.count = 0
    this.#counters.add(TrackerCounter.announces_shed, 1)
    return Verdict.Full
  }

  /** The client comes back later, when memory may be free again, or its source may hold more. */
  #putOff(reply: AnnounceReply): void {
    const interval = reply.intervalSeconds
    const longest = MAX_INTERVAL_SECONDS - this.#random.below(this.#pace.spreadSeconds)
    reply.intervalSeconds = Math.max(interval, Math.min(2 * interval, longest))
    const { refusals } = this.#registry
    const isForShare = refusals !== this.#refusals
    this.#refusals = refusals
    this.#counters.add(
      isForShare ? TrackerCounter.announces_refused_for_share : TrackerCounter.announces_refused_for_memory,
      1,
    )
  }

  /** Read only where keys expire: most trackers do not need it. */
  #date(): number {
    return this.#admission.usesDate ? this.#wallClock.wallSeconds() : 0
  }

  #rejectUnadmitted(verdict: Verdict): Verdict {
    const isKeyless = verdict === Verdict.KeyRequired
    this.#counters.add(
      isKeyless ? TrackerCounter.announces_refused_without_key : TrackerCounter.announces_refused_unregistered,
      1,
    )
    return verdict
  }

  #noteDownload(request: AnnounceRequest): void {
    this.#facts.note(FactKind.TorrentCompleted, request.words, request.infoHashAt)
    this.#counters.add(TrackerCounter.downloads_completed, 1)
  }

  #countEvictions(): void {
    this.#counters.add(TrackerCounter.swarms_evicted, this.#registry.evictions - this.#evictions)
    this.#evictions = this.#registry.evictions
  }

  #countReplaced(): void {
    const { replaced } = this.#registry.swarm
    this.#counters.add(TrackerCounter.peers_replaced, replaced - this.#replaced)
    this.#replaced = replaced
  }

  #countDisplaced(): void {
    const { displaced } = this.#registry.swarm
    this.#counters.add(TrackerCounter.peers_displaced, displaced - this.#displaced)
    this.#displaced = displaced
  }

  #countRefused(): void {
    const { refused } = this.#registry.swarm
    this.#counters.add(TrackerCounter.peers_refused, refused - this.#refused)
    this.#refused = refused
  }
}

function clearCounts(counts: SwarmCounts): void {
  counts.seeders = 0
  counts.completed = 0
  counts.leechers = 0
  counts.downloaders = 0
}

/** What a tracker needs besides swarms and access. */
export interface TrackerDependencies {
  readonly clock: SteadyClock
  readonly wallClock: WallClock
  readonly counters: Counters
  readonly facts: Facts
  readonly random: Random
}
