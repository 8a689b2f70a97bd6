// Random numbers for choosing peers and spreading intervals: xorshift (Marsaglia), seeded from outside. Fair, but not
// meant to be unpredictable.

export class Random {
  #state: number

  /** `seed` is any 32-bit integer; 0 is replaced, because xorshift would stay at 0. */
  constructor(seed: number) {
    this.#state = seed === 0 ? 0x9e3779b9 | 0 : seed | 0
  }

  /** 32 bits; over all calls every value but 0. */
  bits(): number {
    let x = this.#state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#state = x
    return x
  }

  /** A whole number from 0 to `limit` - 1; `limit` is 1 to 65536. */
  below(limit: number): number {
    return Math.imul(this.bits() >>> 16, limit) >>> 16
  }
}
