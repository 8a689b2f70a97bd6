// One rate for many addresses: the generic cell rate algorithm over a table of fixed size. Each request costs a client
// some time; an entry says when the debt of its client is paid, so that debts age without any clean-up. An entry whose
// debt is paid is as good as none, so the one that owes least gives way: a flood of addresses that appear once
// displaces itself and not those above their rate.
//
// Threads read and write without locks or atomics. A lost update forgets a request. An entry that one thread replaces
// while another charges it may take over a debt, of one burst at most, which ages like any other.

import { ENTRY_WORDS, EntryWord, LINE_WORDS, RATE_LINES } from './rate-memory.ts'

/** Time in ticks wraps every 18 hours; only differences count. */
const TICKS_PER_SECOND_BITS = 16
const TICKS_PER_SECOND = 1 << TICKS_PER_SECOND_BITS
/** No debt is longer, so that its sign is right: 4 hours. */
const MAX_DEBT_TICKS = 14_400 * TICKS_PER_SECOND
/**
 * Threads may read the clock a moment apart, so that a debt looks longer than it can be. One that is longer still is
 * not a debt: its entry is from hours ago.
 */
const SLACK_TICKS = 2 * TICKS_PER_SECOND

/** Requests allowed per second in the long run, and at once after a pause. */
export interface Rate {
  readonly perSecond: number
  readonly burst: number
}

/** Whom a request is charged to; reused. */
export class RateKey {
  first = 0
  second = 0
  mark = 0
  hash = 0
}

/** The time in ticks, from whole seconds: a second's share of requests becomes available at once. */
export function rateTicks(seconds: number): number {
  return (seconds << TICKS_PER_SECOND_BITS) | 0
}

export class RateTable {
  readonly #words: Int32Array
  readonly #costTicks: number
  /** With a whole burst: what an entry may owe, whatever is allowed at the moment. */
  readonly #maxDebtTicks: number
  /** A burst of a second's share, which becomes available at once. */
  readonly #leastDebtTicks: number
  #allowedTicks: number

  /** `words`: a table of the shared memory. A rate above 65,536 per second is that. */
  constructor(words: Int32Array, { perSecond, burst }: Rate) {
    this.#words = words
    // Rounded in favour of the client.
    this.#costTicks = Math.max(1, Math.floor(TICKS_PER_SECOND / perSecond))
    this.#maxDebtTicks = Math.min(burst * this.#costTicks, MAX_DEBT_TICKS)
    this.#leastDebtTicks = Math.min(perSecond * this.#costTicks, this.#maxDebtTicks)
    this.#allowedTicks = this.#maxDebtTicks
  }

  /** Divides the burst, but not the rate; 1: the whole burst is allowed again. */
  divideBurst(divisor: number): void {
    this.#allowedTicks = Math.max(this.#leastDebtTicks, Math.floor(this.#maxDebtTicks / divisor))
  }

  /** Charges a request to `key` at the time `nowTicks`. False if it is above the rate, and not charged. */
  charge(key: RateKey, nowTicks: number): boolean {
    const line = (key.hash & (RATE_LINES - 1)) * LINE_WORDS
    for (let at = line; at < line + LINE_WORDS; at += ENTRY_WORDS) {
      if (this.#isOf(at, key)) return this.#charge(at, this.#debtAt(at, nowTicks), nowTicks)
    }
    const words = this.#words
    const at = this.#leastIn(line, nowTicks)
    words[at + EntryWord.First] = key.first
    words[at + EntryWord.Second] = key.second
    words[at + EntryWord.Mark] = key.mark
    return this.#charge(at, 0, nowTicks)
  }

  /** The entry of a line that owes least, which is one that is empty or paid if there is any. */
  #leastIn(line: number, nowTicks: number): number {
    let place = line
    let least = this.#debtAt(line, nowTicks)
    for (let at = line + ENTRY_WORDS; at < line + LINE_WORDS && least > 0; at += ENTRY_WORDS) {
      const debt = this.#debtAt(at, nowTicks)
      if (debt >= least) continue
      least = debt
      place = at
    }
    return place
  }

  #charge(at: number, debt: number, nowTicks: number): boolean {
    const owed = debt + this.#costTicks
    if (owed > this.#allowedTicks) return false
    this.#words[at + EntryWord.PaidAt] = (nowTicks + owed) | 0
    return true
  }

  #debtAt(at: number, nowTicks: number): number {
    if (this.#words[at + EntryWord.Mark] === 0) return 0
    const debt = (this.#words[at + EntryWord.PaidAt] - nowTicks) | 0
    return debt < 0 || debt > this.#maxDebtTicks + SLACK_TICKS ? 0 : debt
  }

  #isOf(at: number, key: RateKey): boolean {
    const words = this.#words
    return (
      words[at + EntryWord.First] === key.first &&
      words[at + EntryWord.Second] === key.second &&
      words[at + EntryWord.Mark] === key.mark
    )
  }
}
