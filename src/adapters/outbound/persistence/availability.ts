// Whether the database can be used, as its operations find out: each kind of fault is told once as long as the outage lasts.

import { codeOf } from './database-faults.ts'
import type { DatabaseOptions, OutageWatch } from './database-options.ts'
import { driverReason } from './driver-reason.ts'

/** What is asked of the database, the more the higher: one that is full can be read, one that answers may hold what cannot be. */
const DEMANDS = { ping: 0, read: 1, write: 2 } as const
export type Way = keyof typeof DEMANDS

export class Availability {
  readonly #options: DatabaseOptions
  readonly #watch: OutageWatch
  readonly #toldCodes = new Set<string>()
  /** The most demanding way that failed since the outage began. */
  #demand = 0
  #isClosed = false

  constructor(options: DatabaseOptions, watch: OutageWatch) {
    this.#options = options
    this.#watch = watch
  }

  failed(way: Way, error: unknown): void {
    if (this.#isClosed) return
    this.#watch.refused()
    this.#demand = Math.max(this.#demand, DEMANDS[way])
    const code = codeOf(error)
    if (this.#toldCodes.has(code)) return
    this.#toldCodes.add(code)
    this.#watch.unavailable({ code, reason: driverReason(error, this.#options) })
  }

  succeeded(way: Way): void {
    if (this.#toldCodes.size === 0 || DEMANDS[way] < this.#demand) return
    this.#toldCodes.clear()
    this.#demand = 0
    this.#watch.available()
  }

  /** From now on refusals are meant. */
  close(): void {
    this.#isClosed = true
  }
}
