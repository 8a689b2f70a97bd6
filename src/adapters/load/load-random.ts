// Random numbers for loads: small, fast, and the same for the same seed. Not for secrets.

/** Chris Doty-Humphrey's sfc32. */
export class LoadRandom {
  #a: number
  #b: number
  #c: number
  #count = 1

  constructor(seed: number) {
    this.#a = scramble(seed)
    this.#b = scramble(seed + 1)
    this.#c = scramble(seed + 2)
    for (let i = 0; i < 12; i++) this.word()
  }

  /** 32 bits. */
  word(): number {
    const word = (((this.#a + this.#b) | 0) + this.#count) | 0
    this.#count = (this.#count + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + word) | 0
    return word
  }

  /** From 0 up to, but not including, `limit`. */
  below(limit: number): number {
    return ((this.word() >>> 1) * (limit / 0x8000_0000)) | 0
  }

  /** From 0 up to, but not including, 1. */
  share(): number {
    return (this.word() >>> 1) / 0x8000_0000
  }
}

/** Spreads a number over 32 bits, so that different numbers stay different. */
export function scramble(number: number): number {
  let word = number | 0
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35)
  return word ^ (word >>> 16)
}
