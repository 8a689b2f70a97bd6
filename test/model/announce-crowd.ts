// A crowd of clients as counts per second of when they announce next, and the control loop that sets their interval:
// the real loop and its shared memory, in simulated time. A client is not an object, so that hours of
// a million clients take a second.

import { AnnouncePace } from '../../src/domain/pacing/announce-pace.ts'
import { IntervalControl, type IntervalTarget } from '../../src/domain/pacing/interval-control.ts'
import { createPaceMemory, writePace } from '../../src/domain/pacing/pace-memory.ts'

export class AnnounceCrowd {
  readonly control: IntervalControl
  /** Announces in each second, and the base interval at its end. */
  readonly announces: Int32Array
  readonly intervals: Int32Array
  /** Clients that the tracker knows. */
  peers: number
  now = 0

  readonly #words: Int32Array
  readonly #pace: AnnouncePace
  #random: number
  readonly #arriving: Int32Array
  readonly #obeying: Int32Array
  /** Clients that announce at a period of their own, by that period. */
  readonly #ignoring = new Map<number, Int32Array>()

  constructor(target: IntervalTarget, seconds: number, knownPeers = 0, seed = 1) {
    const memory = createPaceMemory()
    const configured = { intervalSeconds: target.minSeconds, minIntervalSeconds: target.minSeconds / 2 }
    this.#words = new Int32Array(memory)
    this.#pace = new AnnouncePace({ ...configured, jitter: target.jitter }, memory)
    this.#random = seed
    this.#arriving = new Int32Array(seconds)
    this.#obeying = new Int32Array(seconds)
    this.announces = new Int32Array(seconds)
    this.intervals = new Int32Array(seconds)
    this.peers = knownPeers
    this.control = new IntervalControl(target, knownPeers)
    writePace(this.#words, this.control)
  }

  /** `clients` that keep to the interval announce first at a random second of a span; new ones are not known yet. */
  add(clients: number, from: number, span: number, areNew = true): void {
    for (let n = 0; n < clients; n++) {
      const at = from + this.#below(span)
      this.#obeying[at]++
      if (areNew) this.#arriving[at]++
    }
  }

  /** The same for clients that announce every `period` seconds, whatever they are told. */
  addIgnoring(clients: number, from: number, span: number, period: number, areNew = true): void {
    const due = this.#ignoring.get(period) ?? new Int32Array(this.announces.length)
    this.#ignoring.set(period, due)
    for (let n = 0; n < clients; n++) {
      const at = from + this.#below(span)
      due[at]++
      if (areNew) this.#arriving[at]++
    }
  }

  /** From now on a part of the clients that keep to the interval is gone. */
  removeShare(share: number): void {
    for (let at = this.now; at < this.#obeying.length; at++)
      this.#obeying[at] = Math.round(this.#obeying[at] * (1 - share))
    this.peers = Math.round(this.peers * (1 - share))
  }

  /** Every announce until `until` fails, and its client tries again within a minute of that time. */
  failUntil(until: number): void {
    let failed = 0
    for (let at = this.now; at < until; at++) {
      failed += this.#obeying[at]
      this.#obeying[at] = 0
    }
    for (let n = 0; n < failed; n++) this.#obeying[until + this.#below(60)]++
  }

  run(until: number): void {
    for (; this.now < until; this.now++) {
      const announces = this.#answerAll(this.now)
      this.peers += this.#arriving[this.now]
      this.control.step({ elapsedSeconds: 1, announces, peers: this.peers })
      writePace(this.#words, this.control)
      this.announces[this.now] = announces
      this.intervals[this.now] = this.control.intervalSeconds
    }
  }

  /** The mean rates of the windows of `length` seconds from `from` to `until`. */
  rates(from: number, until: number, length: number): number[] {
    const rates: number[] = []
    for (let at = from; at + length <= until; at += length) {
      let sum = 0
      for (let second = at; second < at + length; second++) sum += this.announces[second]
      rates.push(sum / length)
    }
    return rates
  }

  /** A whole number from 0 to `limit` - 1, as the tracker draws it, without `Math`, which is slow within tests. */
  #below(limit: number): number {
    let x = this.#random
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#random = x
    return ((x >>> 16) * limit) >>> 16
  }

  #answerAll(now: number): number {
    const pace = this.#pace
    pace.follow()
    const obeying = this.#obeying[now]
    for (let n = 0; n < obeying; n++) {
      const next = now + pace.intervalSeconds + this.#below(pace.spreadSeconds)
      if (next < this.#obeying.length) this.#obeying[next]++
    }
    let announces = obeying
    for (const [period, due] of this.#ignoring) {
      announces += due[now]
      if (now + period < due.length) due[now + period] += due[now]
    }
    return announces
  }
}
