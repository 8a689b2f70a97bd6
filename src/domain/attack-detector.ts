// Decides from rates whether the tracker is under attack. Each kind of bad traffic is a signal. Its bound is an
// absolute rate, so that a few stray datagrams on a quiet tracker are no attack, and a multiple of what is served
// meanwhile, so that the leftovers of heavy traffic are none. An attack begins after some seconds above a bound, and is
// over after a minute with all signals below half of their bounds.

export interface AttackSignal {
  readonly name: string
  /** How much of `minPerSecond` is enough: less than 1 where each event costs more than a datagram. */
  readonly weight: number
  /** Ignored for this long after the start. */
  readonly graceSeconds: number
}

export interface AttackBounds {
  /** A lower rate of bad traffic is never an attack. */
  readonly minPerSecond: number
  /** Nor is one that is less than this multiple of what is served. */
  readonly ratio: number
}

/** What was counted for one signal since the last step. */
export interface SignalCounts {
  readonly bad: number
  readonly served: number
}

export interface SignalRate {
  readonly name: string
  readonly perSecond: number
  readonly boundPerSecond: number
}

/** `rates`: the signals above their bounds; at the end the highest rates of those that ever were. */
export type AttackChange =
  | { readonly kind: 'began'; readonly rates: readonly SignalRate[] }
  | { readonly kind: 'ended'; readonly seconds: number; readonly rates: readonly SignalRate[] }

/** A burst is shorter: a client's torrents all at once, or what was queued while a thread was busy. */
const ONSET_SECONDS = 5
const CALM_SECONDS = 60
/** Of the bound. */
const CALM_SHARE = 1 / 2
/** A longer step (a suspended machine) counts as this much, so that one step alone never decides. */
const MAX_STEP_SECONDS = 2

export class AttackDetector {
  readonly #signals: readonly AttackSignal[]
  readonly #bounds: AttackBounds
  /** By signal. */
  readonly #secondsAbove: number[]
  #peaks: readonly SignalRate[] = []
  #upSeconds = 0
  #isOn = false
  #seconds = 0
  #calmSeconds = 0

  constructor(signals: readonly AttackSignal[], bounds: AttackBounds) {
    this.#signals = signals
    this.#bounds = bounds
    this.#secondsAbove = signals.map(() => 0)
  }

  /** To be called about once a second. `elapsedSeconds` is more than 0; counts are in the order of the signals. */
  step(elapsedSeconds: number, counts: readonly SignalCounts[]): AttackChange | undefined {
    const seconds = Math.min(elapsedSeconds, MAX_STEP_SECONDS)
    this.#upSeconds += seconds
    const rates = this.#signals.map((signal, i) => this.#rateOf(signal, counts[i], elapsedSeconds))
    return this.#isOn ? this.#awaitCalm(rates, seconds) : this.#awaitOnset(rates, seconds)
  }

  #rateOf({ name, weight, graceSeconds }: AttackSignal, { bad, served }: SignalCounts, elapsed: number): SignalRate {
    const { minPerSecond, ratio } = this.#bounds
    return {
      name,
      perSecond: this.#upSeconds <= graceSeconds ? 0 : bad / elapsed,
      boundPerSecond: Math.max(minPerSecond * weight, (served / elapsed) * ratio),
    }
  }

  #awaitOnset(rates: readonly SignalRate[], seconds: number): AttackChange | undefined {
    for (const [i, rate] of rates.entries()) {
      this.#secondsAbove[i] = isAbove(rate) ? this.#secondsAbove[i] + seconds : 0
    }
    const lasting = rates.filter((_, i) => this.#secondsAbove[i] >= ONSET_SECONDS)
    if (lasting.length === 0) return undefined
    this.#isOn = true
    this.#seconds = 0
    this.#calmSeconds = 0
    this.#peaks = rates.filter(isAbove)
    return { kind: 'began', rates: lasting }
  }

  #awaitCalm(rates: readonly SignalRate[], seconds: number): AttackChange | undefined {
    this.#seconds += seconds
    this.#peaks = rates.map((rate) => this.#peakWith(rate)).filter((peak) => peak !== undefined)
    const isCalm = rates.every(({ perSecond, boundPerSecond }) => perSecond < boundPerSecond * CALM_SHARE)
    this.#calmSeconds = isCalm ? this.#calmSeconds + seconds : 0
    if (this.#calmSeconds < CALM_SECONDS) return undefined
    this.#isOn = false
    this.#secondsAbove.fill(0)
    return { kind: 'ended', seconds: this.#seconds, rates: this.#peaks }
  }

  /** The highest rate so far of the same signal; undefined if it has never been above its bound. */
  #peakWith(rate: SignalRate): SignalRate | undefined {
    const peak = this.#peaks.find(({ name }) => name === rate.name)
    const isPeak = isAbove(rate) && rate.perSecond > (peak?.perSecond ?? 0)
    return isPeak ? rate : peak
  }
}

function isAbove({ perSecond, boundPerSecond }: SignalRate): boolean {
  return perSecond > boundPerSecond
}
