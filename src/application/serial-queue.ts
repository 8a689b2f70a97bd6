// Runs tasks one at a time: each begins when the previous one has ended.

export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve()

  /** Runs `task` after all earlier ones, whether or not they succeeded. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task)
    this.#last = result.catch(() => undefined)
    return result
  }
}
