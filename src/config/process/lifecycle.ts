// Stops what was started, in reverse order, all within one deadline.

/** A part that ends its work at the deadline itself needs a moment to report that. */
const GRACE_MILLISECONDS = 1000

/** `deadlineMs` is what is left of the deadline. */
export type Stop = (deadlineMs: number) => Promise<void> | void

export class Lifecycle {
  readonly #started: { readonly name: string; readonly stop: Stop }[] = []

  /** To be called as soon as a part runs; `name` is for the report of what did not stop. */
  add(name: string, stop: Stop): void {
    this.#started.push({ name, stop })
  }

  /** Stops everything; returns the names of parts that failed or were still busy at the deadline. */
  async stop(deadlineMs: number): Promise<readonly string[]> {
    const end = performance.now() + deadlineMs
    const unfinished: string[] = []
    for (const { name, stop } of this.#started.splice(0).reverse()) {
      const left = Math.max(0, end - performance.now())
      if (!(await finishes(stop, left))) unfinished.push(name)
    }
    return unfinished
  }
}

async function finishes(stop: Stop, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds + GRACE_MILLISECONDS)
  })
  const stopped = (async () => await stop(milliseconds))().then(
    () => true,
    () => false,
  )
  const isDone = await Promise.race([stopped, tooLate])
  clearTimeout(timer)
  return isDone
}
