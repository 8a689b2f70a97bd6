// Schedules the clean-up of swarms: one interval after the last round, in slices with event loop turns in between.

import type { CleanUp, Housekeeping } from '../../../domain/ports/inbound/housekeeping.ts'
import { Repeater } from './repeater.ts'

/** How long slices run before the event loop gets a turn. */
const TURN_MILLISECONDS = 2

export class CleanUpSchedule {
  readonly #housekeeping: Housekeeping
  readonly #rounds: Repeater<CleanUp>
  #turn: NodeJS.Immediate | undefined

  /** `done` is called with each finished round and its duration. */
  constructor(
    housekeeping: Housekeeping,
    intervalSeconds: number,
    done: (cleanUp: CleanUp, milliseconds: number) => void,
  ) {
    this.#housekeeping = housekeeping
    this.#rounds = new Repeater(() => this.#cleanUp(), {
      intervalMilliseconds: intervalSeconds * 1000,
      done: (cleanUp, { milliseconds }) => done(cleanUp, milliseconds),
    })
  }

  /** The first round begins after one interval. */
  start(): void {
    this.#rounds.start()
  }

  /** A running round is left unfinished. */
  stop(): void {
    this.#rounds.stop()
    clearImmediate(this.#turn)
  }

  async #cleanUp(): Promise<CleanUp> {
    for (;;) {
      const pause = performance.now() + TURN_MILLISECONDS
      while (performance.now() < pause) {
        const cleanUp = this.#housekeeping.cleanUpSlice()
        if (cleanUp !== undefined) return cleanUp
      }
      await new Promise<void>((resolve) => {
        this.#turn = setImmediate(resolve)
      })
    }
  }
}
