// Time as somebody who fetches news: has facts passed on ten times a second.

import type { FactCollecting } from '../../../domain/ports/inbound/fact-collecting.ts'

const COLLECT_MILLISECONDS = 100

export class FactSchedule {
  readonly #collecting: FactCollecting
  #timer: NodeJS.Timeout | undefined

  constructor(collecting: FactCollecting) {
    this.#collecting = collecting
  }

  start(): void {
    this.#timer = setInterval(() => this.#collecting.collect(), COLLECT_MILLISECONDS)
  }

  /** To be called when nothing happens any more: has the rest passed on. */
  stop(): void {
    clearInterval(this.#timer)
    this.#collecting.collect()
  }
}
