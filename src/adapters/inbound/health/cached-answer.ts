// An answer that is costly to find, found at most every so often however many ask: who asks meanwhile gets the last
// one, or waits for the one that is being found.

export class Recent<T> {
  readonly #find: () => Promise<T>
  readonly #lifetimeMs: number
  readonly #now: () => number
  #answer: Promise<T> | undefined
  /** Infinite while the answer is being found. */
  #until = 0

  constructor(find: () => Promise<T>, lifetimeMs: number, now: () => number = () => performance.now()) {
    this.#find = find
    this.#lifetimeMs = lifetimeMs
    this.#now = now
  }

  get(): Promise<T> {
    if (this.#answer !== undefined && this.#now() < this.#until) return this.#answer
    this.#until = Number.POSITIVE_INFINITY
    this.#answer = this.#find().finally(() => {
      this.#until = this.#now() + this.#lifetimeMs
    })
    return this.#answer
  }
}
