// A write that the store did not acknowledge may have happened nevertheless. Until that is known, store and memory may
// differ; before anything else is read or changed, memory is reloaded from the store.

import { Refusal } from '../../domain/refusal.ts'

export class UnconfirmedWrites {
  readonly #reload: () => Promise<unknown>
  #hasUnconfirmed = false
  #resolving: Promise<void> | undefined

  /** `reload` makes memory hold what the store holds. */
  constructor(reload: () => Promise<unknown>) {
    this.#reload = reload
  }

  /** Runs a write to the store, and remembers if its outcome is unknown. */
  async note<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof Refusal && error.code === 'store-unavailable') this.#hasUnconfirmed = true
      throw error
    }
  }

  /** Await this before anything else; rejects while the store is still unavailable. */
  async resolve(): Promise<void> {
    if (this.#hasUnconfirmed) this.#resolving ??= this.#reloadAll()
    await this.#resolving
  }

  async #reloadAll(): Promise<void> {
    // A write that fails meanwhile is unconfirmed again.
    this.#hasUnconfirmed = false
    try {
      await this.note(this.#reload)
    } finally {
      this.#resolving = undefined
    }
  }
}
