// Time as somebody who asks the tracker for things: calls for a clean-up every so often and lets others run between its slices.

import type { CleanUp, Housekeeping } from '../../../domain/ports/inbound/housekeeping.ts'

/** Slices are done for this long before the event loop gets a turn. */
const TURN_MILLISECONDS = 2

export class Timetable {
  readonly #housekeeping: Housekeeping
  readonly #intervalMilliseconds: number
  readonly #done: (cleanUp: CleanUp, milliseconds: number) => void
  #timer: NodeJS.Timeout | undefined
  #turn: NodeJS.Immediate | undefined

  /** `done` is told of each finished round and how long it took. */
  constructor(
    housekeeping: Housekeeping,
    intervalSeconds: number,
    done: (cleanUp: CleanUp, milliseconds: number) => void,
  ) {
    this.#housekeeping = housekeeping
    this.#intervalMilliseconds = intervalSeconds * 1000
    this.#done = done
  }

  /** The first round begins after one interval. */
  start(): void {
    this.#timer = setTimeout(() => this.#cleanUp(performance.now()), this.#intervalMilliseconds)
  }

  stop(): void {
    clearTimeout(this.#timer)
    clearImmediate(this.#turn)
  }

  #cleanUp(began: number): void {
    const pause = performance.now() + TURN_MILLISECONDS
    while (performance.now() < pause) {
      const cleanUp = this.#housekeeping.cleanUpSlice()
      if (cleanUp === undefined) continue
      this.#done(cleanUp, performance.now() - began)
      this.start()
      return
    }
    this.#turn = setImmediate(() => this.#cleanUp(began))
  }
}
