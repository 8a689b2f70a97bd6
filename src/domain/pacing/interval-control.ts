// The control loop of the announce interval (protocol rules CL-06 to CL-08): it hands out moments of return at the
// target rate. Every announce takes the next of them, 1/target of a second after the one before, and the mean interval
// is how far the next free moment is from now. Clients that do as they are told then return at the target rate, however
// they arrived; those that do not are counted when they come, which leaves fewer moments to the others.

export interface IntervalTarget {
  readonly announcesPerSecond: number
  /** Bounds of the base interval, without jitter. */
  readonly minSeconds: number
  readonly maxSeconds: number
  /** Fraction of the base that replies add at random. */
  readonly jitter: number
}

/** What happened since the last step. */
export interface IntervalStep {
  readonly elapsedSeconds: number
  /** Announces answered with an interval, by all threads. */
  readonly announces: number
  readonly peers: number
}

/** The first clients of an empty tracker get no peers, so they return soon: at first after this many seconds. */
const RAMP_SECONDS = 300
/** A longer pause between steps (a suspended machine) counts as this much, so that the interval never jumps down. */
const MAX_STEP_SECONDS = 60
/** The rate is averaged over this time before requests are shed. */
const RATE_SECONDS = 60
/** The interval may be this many times what the known peers would need if all kept to it, on top of the shortest. */
const MAX_STRETCH = 10
/** How far above the target the rate may be before replies have fewer peers, and before some have none. */
const FEWER_PEERS_ABOVE = 1.1
const NO_PEERS_ABOVE = 2

export class IntervalControl {
  readonly #target: IntervalTarget
  /** Of an interval with jitter to its base. */
  readonly #meanFactor: number
  #seconds: number
  #rampSeconds = RAMP_SECONDS
  #announces = 0
  #isLoaded = false
  #rate = 0
  #isShedding = false

  /** `peers` are those of the swarms at the start, loaded from a snapshot. */
  constructor(target: IntervalTarget, peers: number) {
    this.#target = target
    this.#meanFactor = 1 + target.jitter / 2
    this.#seconds = RAMP_SECONDS
    this.#endRampIfLoaded(peers)
    this.#seconds = this.#clamp(this.#seconds, peers)
  }

  step({ elapsedSeconds, announces, peers }: IntervalStep): void {
    const { announcesPerSecond } = this.#target
    const elapsed = Math.min(Math.max(0, elapsedSeconds), MAX_STEP_SECONDS)
    this.#rampSeconds += elapsed
    this.#announces += announces
    this.#endRampIfLoaded(peers)
    this.#seconds = this.#clamp(this.#seconds + (announces / announcesPerSecond - elapsed) / this.#meanFactor, peers)
    this.#rate += (announces - this.#rate * elapsed) / RATE_SECONDS
    this.#isShedding = this.#excess() > (this.#isShedding ? 1 : FEWER_PEERS_ABOVE)
  }

  /** The base interval, in whole seconds. */
  get intervalSeconds(): number {
    return Math.round(this.#seconds)
  }

  /** The longest interval is not enough. */
  get isShedding(): boolean {
    return this.#isShedding
  }

  /** The part of the requested peers that replies have. */
  get peerShare(): number {
    return this.#isShedding ? 1 / this.#excess() : 1
  }

  /** The part of the announces that are answered without being applied. */
  get shedShare(): number {
    const excess = this.#excess()
    return excess > NO_PEERS_ABOVE ? 1 - NO_PEERS_ABOVE / excess : 0
  }

  /** More peers than announces have been loaded: by a snapshot at the start, or by a process that took over. */
  #endRampIfLoaded(peers: number): void {
    if (this.#isLoaded || peers <= this.#announces) return
    this.#isLoaded = true
    this.#rampSeconds = this.#target.minSeconds
    this.#seconds = Math.max(this.#seconds, this.#neededSeconds(peers))
  }

  /** The rate in multiples of the target; 0 while a longer interval can still lower it. */
  #excess(): number {
    return this.#seconds < this.#target.maxSeconds ? 0 : this.#rate / this.#target.announcesPerSecond
  }

  /** The base interval with which `peers` clients that keep to it announce at the target rate. */
  #neededSeconds(peers: number): number {
    return peers / (this.#target.announcesPerSecond * this.#meanFactor)
  }

  /**
   * Between the shortest interval, which grows with the age of a tracker that was empty, and the longest. A few clients
   * that announce without pause must not give a long interval to all the others, which cannot lower the rate: hence the
   * bound by the number of peers.
   */
  #clamp(seconds: number, peers: number): number {
    const { minSeconds, maxSeconds } = this.#target
    const shortest = Math.min(minSeconds, this.#rampSeconds)
    const longest = Math.min(maxSeconds, shortest + MAX_STRETCH * this.#neededSeconds(peers))
    return Math.min(Math.max(shortest, seconds), longest)
  }
}
