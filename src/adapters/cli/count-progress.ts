// The progress of long work: a count on standard error that is overwritten. On a terminal only.

import type { CliEnvironment } from './cli-environment.ts'

/** How often progress is shown. */
const PROGRESS_EVERY_MS = 200

export class CountProgress {
  readonly #environment: CliEnvironment
  readonly #noun: string
  readonly #done: string
  #writtenAt: number | undefined
  #isOver = false

  /** What is counted, and what has been done with it. */
  constructor(environment: CliEnvironment, noun = 'line', done = 'sent') {
    this.#environment = environment
    this.#noun = noun
    this.#done = done
  }

  show(count: number): void {
    const { isErrTerminal, err } = this.#environment
    const now = performance.now()
    if (!isErrTerminal || this.#isOver) return
    if (this.#writtenAt !== undefined && now - this.#writtenAt < PROGRESS_EVERY_MS) return
    this.#writtenAt = now
    err(`\r${count.toLocaleString('en')} ${this.#noun}${count === 1 ? '' : 's'} ${this.#done}`)
  }

  /** Removes the line; nothing is shown from now on. */
  end(): void {
    if (this.#writtenAt !== undefined && !this.#isOver) this.#environment.err('\r\u001b[K')
    this.#isOver = true
  }
}
