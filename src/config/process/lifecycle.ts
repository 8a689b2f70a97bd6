// Stops what was started, in reverse order, all within one deadline.

import { errorMessage } from '../../domain/error-message.ts'

/** A part that ends its work at the deadline itself needs a moment to report that. */
const GRACE_MILLISECONDS = 1000

/** `deadlineMs` is what is left of the deadline. */
export type Stop = (deadlineMs: number) => Promise<void> | void

interface Part {
  readonly name: string
  readonly stop: Stop
}

/** A part that did not stop as it should. */
export interface StopFailure {
  readonly name: string
  /** What it failed with; undefined if it was still busy at the deadline. */
  readonly reason: string | undefined
}

export class Lifecycle {
  readonly #started: Part[] = []

  /** To be called as soon as a part runs; `name` is for the report of what did not stop. */
  add(name: string, stop: Stop): void {
    this.#started.push({ name, stop })
  }

  /** Stops everything; returns the parts that failed or were still busy at the deadline. */
  async stop(deadlineMs: number): Promise<readonly StopFailure[]> {
    const end = performance.now() + deadlineMs
    const failures: StopFailure[] = []
    for (const part of this.#started.splice(0).reverse()) {
      const failure = await stopPart(part, Math.max(0, end - performance.now()))
      if (failure !== undefined) failures.push(failure)
    }
    return failures
  }
}

async function stopPart({ name, stop }: Part, milliseconds: number): Promise<StopFailure | undefined> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<StopFailure>((resolve) => {
    timer = setTimeout(() => resolve({ name, reason: undefined }), milliseconds + GRACE_MILLISECONDS)
  })
  const stopped = (async () => await stop(milliseconds))().then(
    () => undefined,
    (error: unknown) => ({ name, reason: errorMessage(error) }),
  )
  const failure = await Promise.race([stopped, tooLate])
  clearTimeout(timer)
  return failure
}
