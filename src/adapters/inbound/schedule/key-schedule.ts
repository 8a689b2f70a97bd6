// Time as somebody who looks after keys: asks once a minute which have expired.

import type { KeyWatching } from '../../../domain/ports/inbound/key-watching.ts'

const LOOK_MILLISECONDS = 60_000

export class KeySchedule {
  readonly #watching: KeyWatching
  readonly #failed: (error: unknown) => void
  #timer: NodeJS.Timeout | undefined
  #isStopped = false

  constructor(watching: KeyWatching, failed: (error: unknown) => void) {
    this.#watching = watching
    this.#failed = failed
  }

  /** The first look is due after a minute, the others a minute after the one before is over. */
  start(): void {
    this.#timer = setTimeout(async () => {
      await this.#watching.look().catch(this.#failed)
      if (!this.#isStopped) this.start()
    }, LOOK_MILLISECONDS)
  }

  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#timer)
  }
}
