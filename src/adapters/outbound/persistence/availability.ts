// Whether the database can be used, as its operations find out: each kind of fault is told once as long as the outage
// lasts.

import { codeOf } from './database-faults.ts'
import type { DatabaseOptions, OutageWatch } from './database-options.ts'
import { driverReason } from './driver-reason.ts'

/**
 * What is asked of the database, the more the higher: one that is full can be read, one that answers may hold what
 * cannot be.
 */
const DEMANDS = { ping: 0, read: 1, write: 2 } as const
export type OperationKind = keyof typeof DEMANDS

export class Availability {
  readonly #options: DatabaseOptions
  readonly #listener: OutageWatch
  readonly #toldCodes = new Set<string>()
  /** The most demanding way that failed since the outage began. */
  #demand = 0
  #isClosed = false

  constructor(options: DatabaseOptions, listener: OutageWatch) {
    this.#options = options
    this.#listener = listener
  }

  failed(operation: OperationKind, error: unknown): void {
    if (this.#isClosed) return
    this.#listener.operationFailed()
    this.#demand = Math.max(this.#demand, DEMANDS[operation])
    const code = codeOf(error)
    if (this.#toldCodes.has(code)) return
    this.#toldCodes.add(code)
    this.#listener.unavailable({ code, reason: driverReason(error, this.#options) })
  }

  succeeded(operation: OperationKind): void {
    if (this.#toldCodes.size === 0 || DEMANDS[operation] < this.#demand) return
    this.#toldCodes.clear()
    this.#demand = 0
    this.#listener.available()
  }

  /** From now on refusals are meant. */
  close(): void {
    this.#isClosed = true
  }
}
