// The intervals that a thread hands out: the configured ones, or those of the control loop, adopted when they change.

import type { AnnounceIntervals } from '../announce-intervals.ts'
import { ALL_PEERS, PaceWord } from './pace-memory.ts'

/** Clients expect to be allowed an announce every five minutes, and no more often. */
const LEAST_MIN_SECONDS = 300

export class AnnouncePace {
  intervalSeconds: number
  minIntervalSeconds: number
  /** Intervals vary over this many seconds. */
  spreadSeconds = 1
  /** In 256ths: the part of the requested peers that replies have. */
  peerShare: number = ALL_PEERS
  /** In 65536ths: the part of the announces that are not applied. */
  shedShare = 0

  readonly #configured: AnnounceIntervals
  readonly #words: Int32Array
  #revision = 0

  constructor(configured: AnnounceIntervals, memory: SharedArrayBuffer) {
    this.#configured = configured
    this.#words = new Int32Array(memory)
    this.intervalSeconds = configured.intervalSeconds
    this.minIntervalSeconds = configured.minIntervalSeconds
    this.#setSpread()
  }

  /** To be called before an announce is answered: one load, unless the pace has changed. */
  follow(): void {
    const revision = Atomics.load(this.#words, PaceWord.Revision)
    if (revision !== this.#revision) this.#adopt(revision)
  }

  /** A writer may be at work: then another revision follows, and the words are read again. */
  #adopt(revision: number): void {
    this.#revision = revision
    this.intervalSeconds = Atomics.load(this.#words, PaceWord.Interval)
    this.peerShare = Atomics.load(this.#words, PaceWord.PeerShare)
    this.shedShare = Atomics.load(this.#words, PaceWord.ShedShare)
    this.#setMinInterval()
    this.#setSpread()
  }

  /** In the configured proportion, because some clients announce at this pace (protocol rule CL-04). */
  #setMinInterval(): void {
    const { intervalSeconds, minIntervalSeconds } = this.#configured
    const proportional = Math.floor((this.intervalSeconds * minIntervalSeconds) / intervalSeconds)
    const least = Math.min(LEAST_MIN_SECONDS, minIntervalSeconds)
    this.minIntervalSeconds = Math.min(this.intervalSeconds, Math.max(least, proportional))
  }

  #setSpread(): void {
    this.spreadSeconds = Math.max(1, Math.floor(this.intervalSeconds * this.#configured.jitter))
  }
}
