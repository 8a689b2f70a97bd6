// The connections that ask nothing at the moment, in the order in which they became idle. A ring: each is in it once at
// most, so that it never overflows.

export class IdleConnections {
  readonly #ring: Int32Array
  #first = 0
  #count: number

  /** All of `count` connections are idle. */
  constructor(count: number) {
    this.#ring = Int32Array.from({ length: count }, (_, connection) => connection)
    this.#count = count
  }

  get count(): number {
    return this.#count
  }

  /** Only if there is one. */
  take(): number {
    const connection = this.#ring[this.#first]
    this.#first = (this.#first + 1) % this.#ring.length
    this.#count--
    return connection
  }

  put(connection: number): void {
    this.#ring[(this.#first + this.#count++) % this.#ring.length] = connection
  }
}
