// Caches the answer of a costly check for a while, and shares a check in progress: any number of callers cause at most
// one check per lifetime.

export class CachedAnswer<T> {
  readonly #find: () => Promise<T>
  readonly #lifetimeMs: number
  readonly #now: () => number
  #answer: Promise<T> | undefined
  /** Infinite while a check is running. */
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
