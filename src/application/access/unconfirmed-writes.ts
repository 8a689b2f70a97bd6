// A write that the store did not acknowledge may have been done all the same. Until it is known, store and memory may
// differ; before anything else is asked or changed, memory is made to hold what the store holds.

import { Refusal } from '../../domain/refusal.ts'

export class UnconfirmedWrites {
  readonly #reload: () => Promise<unknown>
  #areThere = false
  #resolving: Promise<void> | undefined

  /** `reload` makes memory hold what the store holds. */
  constructor(reload: () => Promise<unknown>) {
    this.#reload = reload
  }

  /** Does something that writes to the store, and remembers if it is unknown whether it was done. */
  async note<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof Refusal && error.code === 'store-unavailable') this.#areThere = true
      throw error
    }
  }

  /** To be awaited before anything else is done; rejects while the store is still away. */
  async resolve(): Promise<void> {
    if (this.#areThere) this.#resolving ??= this.#reloadAll()
    await this.#resolving
  }

  async #reloadAll(): Promise<void> {
    // A write that fails meanwhile is unconfirmed anew.
    this.#areThere = false
    try {
      await this.note(this.#reload)
    } finally {
      this.#resolving = undefined
    }
  }
}
