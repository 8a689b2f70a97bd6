// The progress of a load on standard error: one line that is overwritten on a terminal, else a line for each phase.

import type { LoadProgress } from '../../load/run-load.ts'
import type { CliEnvironment } from '../cli-environment.ts'
import { writeRate } from '../quantities.ts'

const EVERY_MS = 500

export class LoadProgressLine {
  readonly #environment: Pick<CliEnvironment, 'err' | 'isErrTerminal'>
  #writtenAt = Number.NEGATIVE_INFINITY
  #phase: string | undefined
  /** Replies a second, smoothed. */
  #rate = 0

  constructor(environment: Pick<CliEnvironment, 'err' | 'isErrTerminal'>) {
    this.#environment = environment
  }

  show({ phase, share, repliesPerSecond }: LoadProgress): void {
    const { err, isErrTerminal } = this.#environment
    const now = performance.now()
    this.#rate = phase === this.#phase ? 0.8 * this.#rate + 0.2 * repliesPerSecond : repliesPerSecond
    const isNew = phase !== this.#phase
    this.#phase = phase
    if (!isErrTerminal) {
      if (isNew) err(`load: ${phase}\n`)
      return
    }
    if (!isNew && now - this.#writtenAt < EVERY_MS) return
    this.#writtenAt = now
    err(`\r\u001b[K${phase}: ${Math.floor(100 * share)} %, ${writeRate(this.#rate)}`)
  }

  end(): void {
    if (this.#environment.isErrTerminal && this.#phase !== undefined) this.#environment.err('\r\u001b[K')
  }
}
