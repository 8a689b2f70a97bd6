// Changes that have to happen in one order in two places, the store and memory: each begins when the one before has
// ended.

export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve()

  /** Runs `task` after all that were given before, whatever became of those. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task)
    this.#last = result.catch(() => undefined)
    return result
  }
}
