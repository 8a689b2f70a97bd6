// Addresses whose cache lines a prefetch wants, read all at once. A processor waits for many lines at the same time
// only while little else is done between the reads, so addresses are computed first, and read in a loop of their own.

/** A request has room for this many lines at each step; a prefetch leaves out what is more. */
const MAX_LINES_PER_REQUEST = 64

export class PrefetchQueue {
  /** Keeps what was read from being optimised away. */
  sink = 0
  readonly #words: Int32Array
  readonly #addresses: Int32Array
  #count = 0

  constructor(words: Int32Array, maxRequests: number) {
    this.#words = words
    this.#addresses = new Int32Array(maxRequests * MAX_LINES_PER_REQUEST)
  }

  /** Adds the line of the word at `address`, which must be inside the memory; without room it is left out. */
  add(address: number): void {
    if (this.#count < this.#addresses.length) this.#addresses[this.#count++] = address
  }

  /** Reads all lines added since the last call. */
  read(): void {
    const words = this.#words
    const addresses = this.#addresses
    const count = this.#count
    let sink = 0
    for (let i = 0; i < count; i++) sink ^= words[addresses[i]]
    this.sink ^= sink
    this.#count = 0
  }
}
